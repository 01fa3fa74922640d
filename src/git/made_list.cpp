// Writes and compares lists: a path and its facts by turns, each ended by a zero byte.
#include "git/made_list.hpp"

#include "git/git_errors.hpp"
#include "git/ordered_walk.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostEntries = 1'000'000;
constexpr std::size_t kMostMore = 10'000;
constexpr std::size_t kMostSearched = 50'000;
/// Programs write the path that they are for at the beginning of a file: a script's first line,
/// pyvenv.cfg, CMakeCache.txt.
constexpr std::size_t kSearchedBytes = 64u << 10;

/// Owner of a stream.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// The size and the times of a folder are those of its entries, which are listed themselves.
std::string facts_of(const struct stat& info) {
  const std::string facts =
      fmt::format("{:o} {} {} {}", info.st_mode, info.st_uid, info.st_gid, info.st_ino);
  if (S_ISDIR(info.st_mode)) return facts;
  return fmt::format("{} {} {}.{:09} {}.{:09}", facts, info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
}

/// Where a link leads, or how a file begins.
class Beginnings {
 public:
  std::string_view of(const Met& met) {
    const auto size = S_ISLNK(met.info.st_mode) ? read_link(met) : read_file(met);
    return {bytes_.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

 private:
  ssize_t read_link(const Met& met) {
    return ::readlinkat(met.folder, met.name.c_str(), bytes_.data(), bytes_.size());
  }

  ssize_t read_file(const Met& met) {
    if (!S_ISREG(met.info.st_mode) || ++files_ > kMostSearched) return 0;
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const Fd file(::openat(met.folder, met.name.c_str(), flags));
    return file ? ::read(file.get(), bytes_.data(), bytes_.size()) : 0;
  }

  std::string bytes_ = std::string(kSearchedBytes, '\0');
  std::size_t files_ = 0;
};

/// Reads what write_made_list() wrote, one entry at a time.
class Listed {
 public:
  explicit Listed(const fs::path& list) : file_(std::fopen(list.c_str(), "re"), std::fclose) {
    next();
  }

  ~Listed() { std::free(buffer_); }

  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

  bool readable() const { return file_ != nullptr; }

  bool over() const { return over_; }

  const std::string& path() const { return path_; }

  const std::string& facts() const { return facts_; }

  void next() { over_ = !read(path_) || !read(facts_); }

 private:
  bool read(std::string& text) {
    const ssize_t size = file_ ? ::getdelim(&buffer_, &room_, '\0', file_.get()) : -1;
    if (size < 1) return false;
    text.assign(buffer_, static_cast<std::size_t>(size) - 1);
    return true;
  }

  File file_;
  char* buffer_ = nullptr;
  std::size_t room_ = 0;
  std::string path_;
  std::string facts_;
  bool over_ = false;
};

}  // namespace

Result<MadeListing> write_made_list(const fs::path& list, const fs::path& worktree,
                                    std::vector<std::string> roots,
                                    const std::vector<std::string>& texts) {
  File out(std::fopen(list.c_str(), "we"), std::fclose);
  if (!out) return errno_failure(errno, "cannot write " + one_line(list.native()));
  MadeListing listing;
  Beginnings beginnings;
  const auto add = [&](const Met& met) {
    if (++listing.entries > kMostEntries) return Onward::Stop;
    const std::string facts = facts_of(met.info);
    std::fwrite(met.path.c_str(), 1, met.path.size() + 1, out.get());
    std::fwrite(facts.c_str(), 1, facts.size() + 1, out.get());
    if (S_ISREG(met.info.st_mode) && met.info.st_nlink != 1 && listing.shared.empty())
      listing.shared = met.path;
    if (!listing.names_text.empty()) return Onward::In;
    const std::string_view beginning = beginnings.of(met);
    const bool named = std::ranges::any_of(texts, [beginning](const std::string& text) {
      return beginning.find(text) != std::string_view::npos;
    });
    if (named) listing.names_text = met.path;
    return Onward::In;
  };
  if (const Status walked = walk_in_order(worktree, std::move(roots), add); !walked)
    listing.incomplete = walked.error().what;
  if (listing.entries > kMostEntries)
    listing.incomplete = fmt::format("there are more than {}", kMostEntries);
  const bool failed = std::ferror(out.get()) != 0;
  if (std::fclose(out.release()) != 0 || failed)
    return errno_failure(errno, "cannot write " + one_line(list.native()));
  return listing;
}

MadeChanges compare_made_list(const fs::path& list, const fs::path& worktree,
                              std::vector<std::string> roots) {
  Listed listed(list);
  MadeChanges changes;
  if (!listed.readable()) return changes;
  changes.intact = true;
  const auto look = [&](const Met& met) {
    const bool gone = !listed.over() && comes_before(listed.path(), met.path);
    const bool known = !listed.over() && listed.path() == met.path;
    if (gone || (known && listed.facts() != facts_of(met.info))) changes.intact = false;
    if (!gone && !known) changes.more.push_back(met.path);
    if (changes.more.size() > kMostMore) changes.intact = false;
    if (!changes.intact) return Onward::Stop;
    if (known) listed.next();
    return known ? Onward::In : Onward::Past;
  };
  const Status walked = walk_in_order(worktree, std::move(roots), look);
  if (!walked || !listed.over()) changes.intact = false;
  return changes;
}

}  // namespace orch::git
