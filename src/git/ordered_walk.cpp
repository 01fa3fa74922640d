// Steps down by openat(2) with O_NOFOLLOW; the names of one folder at each level are in memory.
#include "git/ordered_walk.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr std::size_t kDeepest = 256;

class Walker {
 public:
  explicit Walker(const std::function<Onward(const Met&)>& each) : each_(each) {}

  bool stopped() const { return stopped_; }

  Status begin(int top, const std::string& path) {
    path_.clear();
    Fd folder(::openat(top, ".", kFolder));
    const auto names = split(path, '/');
    for (std::size_t i = 0; folder && i + 1 < names.size(); ++i)
      folder = Fd(::openat(folder.get(), std::string(names[i]).c_str(), kFolder));
    if (!folder && errno == ENOENT) return {};
    if (!folder) return errno_failure(errno, "cannot open the folder of " + one_line(path));
    path_ = path;
    return meet(folder.get(), std::string(names.back()));
  }

 private:
  Status meet(int folder, const std::string& name) {
    struct stat info {};

    if (::fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) return {};
      return errno_failure(errno, "cannot look at " + one_line(path_));
    }
    const Onward onward = each_({folder, name, path_, info});
    stopped_ = onward == Onward::Stop;
    if (onward != Onward::In || !S_ISDIR(info.st_mode)) return {};
    if (depth_ == kDeepest) return fail(Fault::Full, "{} is too deep", one_line(path_, 100));
    Fd inner(::openat(folder, name.c_str(), kFolder));
    if (!inner) return errno_failure(errno, "cannot open " + one_line(path_));
    ++depth_;
    Status walked = into(std::move(inner));
    --depth_;
    return walked;
  }

  Status into(Fd folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(folder.get()), ::closedir);
    if (!open) return errno_failure(errno, "cannot read " + one_line(path_));
    const int here = folder.release();
    std::vector<std::string> names;
    while (const dirent* found = ::readdir(open.get())) {
      const std::string_view name = found->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    std::ranges::sort(names);
    const std::size_t length = path_.size();
    for (const std::string& name : names) {
      path_ += '/';
      path_ += name;
      if (Status met = meet(here, name); !met) return met;
      if (stopped_) return {};
      path_.resize(length);
    }
    return {};
  }

  const std::function<Onward(const Met&)>& each_;
  std::string path_;
  std::size_t depth_ = 0;
  bool stopped_ = false;
};

}  // namespace

bool comes_before(std::string_view one, std::string_view other) {
  // No name has a slash in it, and what is in a folder comes before the folder's next neighbour.
  static constexpr auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c); };
  return std::ranges::lexicographical_compare(one, other, {}, rank, rank);
}

Status walk_in_order(const fs::path& top, std::vector<std::string> paths,
                     const std::function<Onward(const Met&)>& each) {
  const Fd folder(::open(top.c_str(), kFolder));
  if (!folder) return errno_failure(errno, "cannot open " + one_line(top.native()));
  std::ranges::sort(paths, comes_before);
  Walker walker(each);
  for (const std::string& path : paths) {
    if (Status walked = walker.begin(folder.get(), path); !walked) return walked;
    if (walker.stopped()) break;
  }
  return {};
}

}  // namespace orch::git
