// From files that the tests of agents have written: bounded, and only names are taken.
#include "app/junit.hpp"

#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include <pugixml.hpp>

namespace orch::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;
constexpr std::size_t kMostFiles = 2000;
constexpr std::size_t kMostTests = 200;
constexpr std::size_t kLongestName = 120;
constexpr std::size_t kMostNamed = 3;

struct FailedTests : pugi::xml_tree_walker {
  std::vector<std::string> names;

  bool for_each(pugi::xml_node& node) override {
    const bool failed = std::string_view(node.name()) == "testcase" &&
                        (node.child("failure") || node.child("error"));
    if (failed) {
      const std::string_view group = node.attribute("classname").value();
      const std::string_view name = node.attribute("name").value();
      names.push_back(
          one_line(fmt::format("{}{}{}", group, group.empty() ? "" : ".", name), kLongestName));
    }
    return names.size() < kMostTests;
  }
};

/// Files, by their names.
std::vector<fs::path> files_at(const fs::path& place) {
  std::error_code error;
  if (!fs::is_directory(place, error)) return {place};
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(place, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".xml") files.push_back(entry->path());
    if (files.size() == kMostFiles) break;
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<std::string> failed_tests(std::string_view xml) {
  pugi::xml_document document;
  // Neither entities of its own nor anything outside of the text is looked up.
  (void)document.load_buffer(xml.data(), xml.size());  // of a broken one, as far as it goes
  FailedTests failed;
  document.traverse(failed);
  return std::move(failed.names);
}

std::vector<std::string> failed_tests_in(const fs::path& place, fs::file_time_type since) {
  std::vector<std::string> all;
  for (const fs::path& file : files_at(place)) {
    std::error_code error;
    const fs::file_time_type written = fs::last_write_time(file, error);
    if (error || written < since) continue;
    const Result<UntrustedFolder> folder = UntrustedFolder::open(file.parent_path());
    if (!folder) continue;
    const Result<std::string> text = folder->read(file.filename().string(), kLargestFile);
    if (!text) continue;
    for (std::string& name : failed_tests(*text)) {
      if (all.size() < kMostTests) all.push_back(std::move(name));
    }
  }
  return all;
}

std::string failed_text(const std::vector<std::string>& tests) {
  const std::size_t named = std::min(tests.size(), kMostNamed);
  std::string text =
      join({tests.begin(), tests.begin() + static_cast<std::ptrdiff_t>(named)}, ", ");
  if (tests.size() > named) text += fmt::format(" and {} more", tests.size() - named);
  return text + " failed";
}

}  // namespace orch::app
