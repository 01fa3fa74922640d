// Finds the files that patterns name, and sums up their bytes.
#include "git/set_up_print.hpp"

#include "git/below.hpp"
#include "git/ordered_walk.hpp"
#include "git/parse.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 20'000;

/// The paths in a folder that one pattern names, a part of it at a time.
class Matches {
 public:
  Matches(Below& folder, std::string_view pattern) : folder_(folder), parts_(split(pattern, '/')) {
    find("", 0);
  }

  std::vector<std::string> take() && { return std::move(found_); }

 private:
  void find(const std::string& around, std::size_t at) {
    if (found_.size() > kMostFiles) return;
    const std::string part(parts_[at]);
    if (part.find_first_of("*?[") == std::string::npos) return go_on(around, part, at);
    for (const Below::Entry& entry : folder_.list(around)) {
      const bool matches = ::fnmatch(part.c_str(), entry.name.c_str(), 0) == 0;
      if (matches && entry.name != ".git") go_on(around, entry.name, at);
    }
  }

  void go_on(const std::string& around, const std::string& name, std::size_t at) {
    const std::string path = around.empty() ? name : around + '/' + name;
    if (!folder_.look(path)) return;
    if (at + 1 < parts_.size()) return find(path, at + 1);
    found_.push_back(path);
  }

  Below& folder_;
  std::vector<std::string_view> parts_;
  std::vector<std::string> found_;
};

std::uint64_t print_of_content(const Met& met, std::uint64_t print) {
  std::array<char, 64u << 10> bytes{};
  if (S_ISLNK(met.info.st_mode)) {
    const ssize_t size = ::readlinkat(met.folder, met.name.c_str(), bytes.data(), bytes.size());
    return fnv1a({bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))}, print);
  }
  if (!S_ISREG(met.info.st_mode)) return print;
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const Fd file(::openat(met.folder, met.name.c_str(), flags));
  ssize_t size = 0;
  while (file && (size = ::read(file.get(), bytes.data(), bytes.size())) > 0)
    print = fnv1a({bytes.data(), static_cast<std::size_t>(size)}, print);
  return print;
}

/// Adds to the print what lies at the paths, less what does not count.
Status add_files(const fs::path& folder, std::vector<std::string> paths,
                 const std::function<bool(const std::string&)>& counts, std::uint64_t& print) {
  std::size_t files = 0;
  const auto add = [&](const Met& met) {
    if (!counts(met.path)) return Onward::Past;
    if (++files > kMostFiles) return Onward::Stop;
    const bool runs = (met.info.st_mode & S_IXUSR) != 0;
    print = fnv1a(fmt::format("{} {} {}", met.path, met.info.st_mode & S_IFMT, runs), print);
    print = fnv1a({"\0", 1}, print_of_content(met, print));
    return Onward::In;
  };
  Status walked = walk_in_order(folder, std::move(paths), add);
  if (walked && files > kMostFiles)
    return fail(Fault::Full, "worktree_setup.fingerprint names more than {} files", kMostFiles);
  return walked;
}

Result<SetUpPrint> print_of(const SetUpPrintRequest& request) {
  SetUpPrint result;
  std::uint64_t print = fnv1a(request.settings);
  for (const std::string& given : request.patterns) {
    std::string pattern = fs::path(given).lexically_normal();
    if (pattern.ends_with('/')) pattern.pop_back();
    bool found = false;
    for (const bool is_brought : {false, true}) {
      const fs::path& folder = is_brought ? request.source : request.worktree;
      auto below = Below::open(folder);
      if (!below) return passed_on(below);
      std::vector<std::string> paths = Matches(*below, pattern).take();
      const auto counts = [&](const std::string& path) {
        return is_within(path, request.brought) == is_brought;
      };
      std::erase_if(paths, [&counts](const std::string& path) { return !counts(path); });
      found = found || !paths.empty();
      if (Status added = add_files(folder, std::move(paths), counts, print); !added)
        return passed_on(added);
    }
    if (!found) result.missing.push_back(given);
  }
  result.print = hex(print);
  return result;
}

}  // namespace

Job<SetUpPrint> print_set_up(GitContext& git, SetUpPrintRequest request) {
  std::function<Result<SetUpPrint>()> work = [request = std::move(request)] {
    return print_of(request);
  };
  co_return co_await loop::off_loop<Result<SetUpPrint>>(git.loop, std::move(work));
}

}  // namespace orch::git
