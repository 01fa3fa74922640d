// Names, fills and removes temporary indexes and folders.
#include "git/scratch_index.hpp"

#include "orch/base/process.hpp"
#include "orch/base/text.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "orch-index.";

/// "orch-index.<pid>.<address>": two that live at once have different addresses.
fs::path name_for(const fs::path& git_dir, const ScratchIndex* owner) {
  return git_dir / fmt::format("{}{}.{}", kPrefix, ::getpid(), fmt::ptr(owner));
}

void remove_with_lock(const fs::path& file) {
  std::error_code ignored;
  fs::remove_all(file, ignored);
  fs::remove(file.native() + ".lock", ignored);
}

bool is_left_over(const std::string& name) {
  if (!name.starts_with(kPrefix)) return false;
  pid_t pid = 0;
  const char* const begin = name.data() + kPrefix.size();
  const auto [end, error] = std::from_chars(begin, name.data() + name.size(), pid);
  return error == std::errc{} && !identify(pid);
}

}  // namespace

ScratchIndex::ScratchIndex(const fs::path& git_dir) : file_(name_for(git_dir, this)) {
  remove_with_lock(file_);
}

ScratchIndex::~ScratchIndex() {
  remove_with_lock(file_);
}

Status ScratchIndex::copy_from(const fs::path& index) {
  std::error_code error;
  if (!fs::exists(index, error)) return {};
  // The time goes along: git distrusts an entry only if its file is not older than the index.
  const auto time = fs::last_write_time(index, error);
  if (!error) fs::copy_file(index, file_, error);
  if (!error) fs::last_write_time(file_, time, error);
  if (error) return errno_failure(error.value(), "cannot copy " + one_line(index.native()));
  return {};
}

ScratchFolder::ScratchFolder(const fs::path& git_dir) {
  std::error_code error;
  for (const fs::path& place : {git_dir, fs::temp_directory_path(error)}) {
    std::string name = place / fmt::format("{}{}.XXXXXX", kPrefix, ::getpid());
    if (place.empty() || ::mkdtemp(name.data()) == nullptr) continue;
    path_ = name;
    return;
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

void ScratchIndex::sweep(const fs::path& git_dir) {
  std::error_code error;
  std::vector<fs::path> left_over;
  for (fs::directory_iterator entry(git_dir, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_left_over(entry->path().filename())) left_over.push_back(entry->path());
  }
  for (const fs::path& file : left_over)
    remove_with_lock(file);
}

}  // namespace orch::git
