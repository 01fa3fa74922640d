// Looks at each file before git does, which only says that it failed.
#include "git/readable.hpp"

#include "git/odd_files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <unistd.h>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

Failure no_content(std::string_view doing, const fs::path& path) {
  return hinted(fail(Fault::Refused, "cannot {}: {} is no plain file, and git cannot keep it",
                     doing, one_line(path.native())),
                fmt::format("`{}`", removal_of(path)));
}

Failure not_readable(std::string_view doing, const fs::path& path, bool is_own) {
  return hinted(
      fail(Fault::Refused, "cannot {}: {} cannot be read", doing, one_line(path.native())),
      fmt::format("`{}chmod {}+r {}`", is_own ? "" : "sudo ", is_own ? "u" : "a",
                  shell_word(one_line(path.native()))));
}

}  // namespace

Readable::~Readable() {
  for (const auto& [path, mode] : before_)
    below_.front().put_back(path, mode);
}

Status Readable::open(const fs::path& work_tree, const std::vector<std::string>& paths,
                      std::string_view doing) {
  auto below = Below::open(work_tree);
  if (!below) return passed_on(below);
  below_.push_back(std::move(*below));
  for (const std::string& path : paths) {
    const auto info = below_.front().look(path);
    if (!info || S_ISLNK(info->st_mode) || S_ISDIR(info->st_mode)) continue;
    if (!S_ISREG(info->st_mode)) return no_content(doing, work_tree / path);
    const auto opened = below_.front().make_readable(path);
    if (!opened) return not_readable(doing, work_tree / path, info->st_uid == ::geteuid());
    if (*opened) before_.emplace_back(path, **opened);
  }
  return {};
}

}  // namespace orch::git
