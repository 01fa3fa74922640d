// Finds the files of a folder and reads them within limits.
#include "tasks/source/source.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

namespace orch::tasks {

namespace {

namespace fs = std::filesystem;

Failure cannot(std::string_view verb, const fs::path& path, const std::error_code& code) {
  return errno_failure(code.value(), fmt::format("cannot {} {}", verb, path.native()));
}

bool is_task_name(const std::string& name) {
  return name.front() != '.' && name.front() != '_' && lower(name).ends_with(".md");
}

/// Names of the Markdown files in a folder; which of them can be read shows later.
Result<std::vector<std::string>> markdown_names(const fs::path& folder, const LoadLimits& limits) {
  std::vector<std::string> names;
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    const std::string name = entry->path().filename().native();
    std::error_code ignored;
    if (!is_task_name(name) || entry->is_directory(ignored)) continue;
    names.push_back(name);
    if (names.size() <= limits.files) continue;
    return hinted(
        fail(Fault::Refused, "there are more than {} files in {}", limits.files, folder.native()),
        "name the folder that holds the tasks and nothing else");
  }
  if (code) return cannot("read the folder", folder, code);
  std::ranges::sort(names, natural_less);
  return names;
}

/// The file in it that holds all tasks, if a tool has put one there.
std::optional<fs::path> whole_file_in(const fs::path& folder) {
  for (const char* name : {"tasks.md", "tasks.json", "issues.jsonl"}) {
    std::error_code ignored;
    if (fs::is_regular_file(folder / name, ignored)) return folder / name;
  }
  return {};
}

Result<Loaded> load_file(const fs::path& path, const LoadLimits& limits) {
  Result<std::string> text = read_file(path, limits.bytes);
  if (!text) return passed_on(text);
  return Loaded{.path = path, .text = std::move(*text)};
}

Result<Loaded> load_folder(const fs::path& path, const std::vector<std::string>& names,
                           const LoadLimits& limits) {
  Loaded loaded{.path = path, .is_folder = true};
  std::size_t left = limits.bytes;
  for (const std::string& name : names) {
    Result<std::string> text = read_file(path / name, left);
    std::error_code ignored;
    if (!text && text.error().fault == Fault::Refused &&
        fs::is_regular_file(path / name, ignored)) {
      return fail(Fault::Refused, "the files in {} are larger than {} bytes together",
                  path.native(), limits.bytes);
    }
    if (!text) return passed_on(text);
    left -= text->size();
    loaded.files.push_back({name, std::move(*text)});
  }
  return loaded;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The number at the start without its zeros, taken off.
std::string_view take_number(std::string_view& text) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view number = text.substr(0, length);
  text.remove_prefix(length);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

}  // namespace

Result<Loaded> load_source(const fs::path& path, const LoadLimits& limits) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found)
    return fail(Fault::NotFound, "there is no file or folder {}", path.native());
  if (code) return cannot("read", path, code);
  if (status.type() != fs::file_type::directory) return load_file(path, limits);
  for (const fs::path& folder : std::array{path, path / "tasks"}) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) continue;
    if (const auto file = whole_file_in(folder)) return load_file(*file, limits);
    const Result<std::vector<std::string>> names = markdown_names(folder, limits);
    if (!names) return passed_on(names);
    if (!names->empty()) return load_folder(folder, *names, limits);
  }
  return hinted(fail(Fault::NotFound, "there are no task files in the folder {}", path.native()),
                "a folder holds one task in each file, *.md");
}

Loaded folder_of(const fs::path& path, std::vector<NamedText> files) {
  std::erase_if(files, [](const NamedText& file) { return !is_task_name(file.name); });
  std::ranges::sort(files, natural_less, &NamedText::name);
  return {.path = path, .is_folder = true, .text = {}, .files = std::move(files)};
}

std::uint64_t fingerprint_of(const Loaded& loaded) {
  std::uint64_t print = fnv1a(loaded.text);
  for (const NamedText& file : loaded.files)
    print = print * 31 + (fnv1a(file.name) ^ (fnv1a(file.text) << 1));
  return print;
}

bool natural_less(std::string_view first, std::string_view second) {
  std::string_view a = first;
  std::string_view b = second;
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view x = take_number(a);
      const std::string_view y = take_number(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() != b.empty()) return a.empty();
  return first < second;  // 07 and 7 are the same number
}

}  // namespace orch::tasks
