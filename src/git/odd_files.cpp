// Asks find(1), whose entries know their kind without a look at each file.
#include "git/odd_files.hpp"

#include "git/layout.hpp"
#include "git/parse.hpp"
#include "orch/base/files.hpp"
#include "orch/base/process.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kFindTime = std::chrono::minutes(1);
constexpr std::size_t kSmall = 64u << 10;
constexpr std::size_t kMostRepositories = 1000;

/// Prints for each the letter of its kind, that of its target if it is a link, and its path.
loop::Command find_in(const fs::path& folder, const std::vector<std::string>& tests) {
  loop::Command find;
  find.cwd = folder;
  find.argv = {"find", ".", "-regextype", "posix-extended"};
  find.argv.insert(find.argv.end(), tests.begin(), tests.end());
  find.argv.insert(find.argv.end(), {"-printf", "%Y%P\\0"});
  find.timeout = kFindTime;
  return find;
}

/// FIFOs and devices, also where a link points to one. A socket cannot be opened, so nobody waits
/// for one; and /dev/null ends at once.
const std::vector<std::string> kOdd = {"-type", "p,b,c,l", "-xtype",   "p,b,c",
                                       "!",     "-lname",  "/dev/null"};

/// Such files, and what says where there are other git folders. Git follows no link that is called
/// .gitignore or .gitattributes.
std::vector<std::string> in_work_tree() {
  std::vector<std::string> tests = {"(",
                                    "-type",
                                    "p,b,c",
                                    "-regex",
                                    ".*/[.]git(ignore|attributes|modules)",
                                    "-o",
                                    "-name",
                                    ".git",
                                    "-type",
                                    "f,d,l",
                                    "-o",
                                    "-regex",
                                    ".*/([.]gitmodules|[.]git/.*)"};
  tests.insert(tests.end(), kOdd.begin(), kOdd.end());
  tests.emplace_back(")");
  return tests;
}

struct Found {
  std::vector<OddFile> odd;
  std::vector<fs::path> dot_gits;  ///< not in a folder called .git
};

Found parse_found(const fs::path& folder, std::string_view text) {
  Found found;
  for (const std::string& entry : parse_names(text)) {
    if (entry.size() < 2) continue;
    const char kind = entry[0];
    const fs::path path = folder / entry.substr(1);
    if (kind == 'p' || kind == 'b' || kind == 'c') {
      found.odd.push_back({path, kind == 'p'});
    } else {
      found.dot_gits.push_back(path);
    }
  }
  return found;
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  return path == folder || path.native().starts_with(folder.native() + '/');
}

bool lies_below_one(const fs::path& path, const std::vector<fs::path>& folders) {
  return std::ranges::any_of(folders,
                             [&path](const fs::path& folder) { return lies_below(path, folder); });
}

fs::path resolved(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(path, ignored);
}

/// The folders that a git folder names for its refs and its objects.
void add_what_it_names(const fs::path& git_dir, std::vector<fs::path>& folders) {
  const Result<std::string> common = read_file(git_dir / "commondir", kSmall);
  if (common) folders.push_back(resolved(git_dir / trim(*common)));
  const fs::path objects = git_dir / "objects";
  const Result<std::string> others = read_file(objects / "info/alternates", kSmall);
  if (!others) return;
  for (const std::string_view line : split_lines(*others))
    if (!line.empty()) folders.push_back(resolved(objects / line));
}

/// Git folders of repositories inside, and worktrees of the repository whose `git_dirs` these are.
struct Inside {
  std::vector<fs::path> git_dirs;
  std::vector<fs::path> worktrees;
};

Inside repositories_inside(const Reads& reads, const std::vector<fs::path>& dot_gits) {
  Inside inside;
  for (const fs::path& dot_git : dot_gits) {
    const fs::path folder = dot_git.parent_path();
    if (inside.git_dirs.size() >= kMostRepositories) break;
    if (folder == reads.work_tree) continue;
    const fs::path git_dir = git_dir_at(folder);
    if (git_dir.empty()) continue;
    if (lies_below_one(git_dir, reads.git_dirs)) {
      inside.worktrees.push_back(folder);
      continue;
    }
    inside.git_dirs.push_back(git_dir);
    add_what_it_names(git_dir, inside.git_dirs);
  }
  return inside;
}

struct Watch {
  bool looks = false;
  std::optional<Error> found;
};

/// A git that was late, and the look for what it waits for.
struct Late {
  std::shared_ptr<Watch> watch;
  ProcessId process;
  std::optional<std::uint64_t> before;
  std::function<void()> end;
  std::string doing;
};

/// Nobody waits for it: it may end after the git, and after who started it.
void look(loop::Children& children, Reads reads, Late late) {
  late.watch->looks = true;
  using Answer = Result<std::vector<OddFile>>;
  loop::spawn<Answer>(find_odd_files(children, std::move(reads)), [late](const Answer& found) {
    late.watch->looks = false;
    if (!found || late.watch->found) return;
    const bool stands_still = late.before && asleep_at(late.process) == late.before;
    const auto odd = std::ranges::find_if(
        *found, [&](const OddFile& file) { return stands_still || !file.waits; });
    if (odd == found->end()) return;
    late.watch->found = odd_file(late.doing, odd->path).value();
    late.end();
  });
}

}  // namespace

loop::Job<Result<std::vector<OddFile>>> find_odd_files(loop::Children& children, Reads reads) {
  std::vector<OddFile> odd;
  std::set<fs::path> seen;
  for (fs::path& folder : reads.git_dirs)
    folder = resolved(folder);
  std::vector<fs::path> git_dirs = reads.git_dirs;
  std::error_code error;
  if (fs::is_directory(reads.work_tree, error)) {
    loop::Command find = find_in(reads.work_tree, in_work_tree());
    const auto listed = co_await children.run(std::move(find));
    if (!listed) co_return passed_on(listed);
    // Some folder may refuse to be looked into: what was found counts.
    Found found = parse_found(reads.work_tree, listed->out);
    const Inside inside = repositories_inside(reads, found.dot_gits);
    git_dirs.insert(git_dirs.end(), inside.git_dirs.begin(), inside.git_dirs.end());
    for (OddFile& file : found.odd) {
      if (!lies_below_one(file.path, inside.worktrees) && seen.insert(file.path).second)
        odd.push_back(std::move(file));
    }
  }
  for (const fs::path& folder : git_dirs) {
    if (!seen.insert(folder).second || !fs::is_directory(folder, error)) continue;
    loop::Command find = find_in(folder, kOdd);
    const auto listed = co_await children.run(std::move(find));
    if (!listed) co_return passed_on(listed);
    for (OddFile& file : parse_found(folder, listed->out).odd) {
      if (seen.insert(file.path).second) odd.push_back(std::move(file));
    }
  }
  co_return odd;
}

loop::Job<Result<loop::Finished>> run_watched(loop::Children& children, loop::Command command,
                                              Reads reads, std::string doing) {
  const auto watch = std::make_shared<Watch>();
  command.on_late = [&children, watch, reads, doing](const ProcessId& process,
                                                     const std::function<void()>& end) {
    if (watch->looks || watch->found) return;
    look(children, reads, Late{watch, process, asleep_at(process), end, doing});
  };
  auto finished = co_await children.run(std::move(command));
  // One that ended by itself after all has done what it was to do.
  if (watch->found && (!finished || finished->signal != 0)) co_return Failure(*watch->found);
  co_return finished;
}

Failure odd_file(std::string_view doing, const fs::path& path) {
  return hinted(
      fail(Fault::Refused, "cannot {}: {} is no plain file, and git waits for it for ever", doing,
           one_line(path.native())),
      fmt::format("`{}`", removal_of(path)));
}

std::string removal_of(const fs::path& path) {
  if (one_line(path.native()) == path.native()) return "rm " + shell_word(path.native());
  // A name that cannot be shown as it is: the file goes by its number.
  fs::path folder = path.parent_path();
  while (one_line(folder.native()) != folder.native())
    folder = folder.parent_path();

  struct stat info {};

  ::lstat(path.c_str(), &info);
  return fmt::format("find {} -xdev -inum {} -delete", shell_word(folder.native()), info.st_ino);
}

}  // namespace orch::git
