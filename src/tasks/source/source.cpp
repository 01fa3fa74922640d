// Finds the files of a folder and reads them within limits.
#include "tasks/source/source.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tasks/source/folder_files.hpp"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <unordered_map>

namespace orch::tasks {

namespace {

namespace fs = std::filesystem;

Failure cannot(std::string_view verb, const fs::path& path, const std::error_code& code) {
  return errno_failure(code.value(), fmt::format("cannot {} {}", verb, path.native()));
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

/// Calls `take` with each entry of the folder until it says false.
template <class Take>
Status each_entry(const fs::path& folder, Take take) {
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    if (!take(*entry)) return {};
  }
  if (code) return cannot("read the folder", folder, code);
  return {};
}

/// Names of the files in a folder that may be tasks, and in its folders those of tasks that are
/// folders; which of them can be read shows later.
Result<std::vector<std::string>> names_in(const fs::path& folder, const LoadLimits& limits) {
  std::vector<std::string> names;
  std::vector<std::string> folders;
  const Status read = each_entry(folder, [&](const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().native();
    if (is_folder(entry)) {
      folders.push_back(name);
    } else if (may_be_task_file(name)) {
      names.push_back(name);
    }
    return names.size() <= limits.files && folders.size() <= limits.files;
  });
  if (!read) return passed_on(read);
  for (const std::string& inner : folders) {
    for (const char* file : {"task.json", "prd.md"}) {
      const std::string name = fmt::format("{}/{}", inner, file);
      std::error_code ignored;
      if (may_be_task_file(name) && fs::is_regular_file(folder / name, ignored))
        names.push_back(name);
    }
  }
  names = task_files_of(std::move(names));
  if (names.size() <= limits.files && folders.size() <= limits.files) return names;
  return hinted(
      fail(Fault::Refused, "there are more than {} files in {}", limits.files, folder.native()),
      "name the folder that holds the tasks and nothing else");
}

/// The file in it that holds all tasks, if a tool has put one there.
std::optional<fs::path> whole_file_in(const fs::path& folder) {
  for (const char* name : {"tasks.md", "tasks.json", "issues.jsonl", "prd.json",
                           "feature_list.json", "sprint-status.yaml", "plan.md"}) {
    std::error_code ignored;
    if (fs::is_regular_file(folder / name, ignored)) return folder / name;
  }
  return {};
}

/// The folders below one that tools put their tasks in, itself first.
std::vector<fs::path> places_in(const fs::path& folder) {
  std::vector<fs::path> places{folder, folder / "tasks", folder / "backlog" / "tasks",
                               folder / ".beans", folder / ".trellis" / "tasks"};
  std::vector<fs::path> epics;
  std::error_code ignored;
  const fs::path all = folder / ".claude" / "epics";
  if (fs::is_directory(all, ignored)) {
    const Status read = each_entry(all, [&epics](const fs::directory_entry& entry) {
      if (is_folder(entry)) epics.push_back(entry.path());
      return epics.size() < 2;
    });
    if (read && epics.size() == 1) places.push_back(epics.front());
  }
  return places;
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

}  // namespace

Result<Loaded> load_source(const fs::path& path, const LoadLimits& limits) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found)
    return fail(Fault::NotFound, "there is no file or folder {}", path.native());
  if (code) return cannot("read", path, code);
  if (status.type() != fs::file_type::directory) return load_file(path, limits);
  for (const fs::path& folder : places_in(path)) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) continue;
    if (const auto file = whole_file_in(folder)) return load_file(*file, limits);
    const Result<std::vector<std::string>> names = names_in(folder, limits);
    if (!names) return passed_on(names);
    if (!names->empty()) return load_folder(folder, *names, limits);
  }
  return hinted(fail(Fault::NotFound, "there are no task files in the folder {}", path.native()),
                "a folder holds one task in each file, *.md or *.yaml");
}

Loaded folder_of(const fs::path& path, std::vector<NamedText> files) {
  std::vector<std::string> names;
  for (const NamedText& file : files)
    names.push_back(file.name);
  Loaded loaded{.path = path, .is_folder = true, .text = {}, .files = {}};
  std::unordered_map<std::string_view, NamedText*> by_name;
  for (NamedText& file : files)
    by_name.emplace(file.name, &file);
  for (const std::string& name : task_files_of(std::move(names)))
    loaded.files.push_back({name, std::move(by_name.at(name)->text)});
  return loaded;
}

std::uint64_t fingerprint_of(const Loaded& loaded) {
  std::uint64_t print = fnv1a(loaded.text);
  for (const NamedText& file : loaded.files)
    print = print * 31 + (fnv1a(file.name) ^ (fnv1a(file.text) << 1));
  return print;
}

}  // namespace orch::tasks
