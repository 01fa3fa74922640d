// Names, fills and removes temporary indexes and folders.
#include "git/scratch_index.hpp"

#include "git/odd_files.hpp"
#include "git/scratch.hpp"
#include "orch/base/text.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

void remove_with_lock(const fs::path& file) {
  std::error_code ignored;
  fs::remove_all(file, ignored);
  fs::remove(file.native() + ".lock", ignored);
}

}  // namespace

ScratchIndex::ScratchIndex(const fs::path& git_dir)
    : file_(scratch_name(git_dir, kScratchIndex, this)) {
  remove_with_lock(file_);
}

ScratchIndex::~ScratchIndex() {
  remove_with_lock(file_);
}

Status ScratchIndex::copy_from(const fs::path& index) {
  std::error_code error;
  if (!fs::exists(index, error)) return {};
  if (!fs::is_regular_file(index, error)) return odd_file("read an index", index);
  // The time goes along: git distrusts an entry only if its file is not older than the index.
  const auto time = fs::last_write_time(index, error);
  if (!error) fs::copy_file(index, file_, error);
  if (!error) fs::last_write_time(file_, time, error);
  if (error) return errno_failure(error.value(), "cannot copy " + one_line(index.native()));
  return {};
}

bool ScratchIndex::install(const fs::path& index) const {
  const std::string lock = index.native() + ".lock";
  // A link fails where a git holds the lock.
  if (::link(file_.c_str(), lock.c_str()) != 0) return false;
  if (::rename(lock.c_str(), index.c_str()) == 0) return true;
  ::unlink(lock.c_str());
  return false;
}

ScratchFolder::ScratchFolder(const fs::path& git_dir) {
  std::error_code error;
  for (const fs::path& place : {git_dir, fs::temp_directory_path(error)}) {
    std::string name = place / fmt::format("{}{}.XXXXXX", kScratchIndex, ::getpid());
    if (place.empty() || ::mkdtemp(name.data()) == nullptr) continue;
    path_ = name;
    return;
  }
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace orch::git
