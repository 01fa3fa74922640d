// From a path that somebody said to bytes that are read once.
#include "app/usage_file.hpp"

#include "orch/base/untrusted.hpp"

#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostAtOnce = 8 << 20;
constexpr std::size_t kBlock = 256u << 10;

/// From the folder to the file; empty: it is not below. The program may have the real path of a
/// folder that a link leads to.
fs::path inner_path(const fs::path& folder, const fs::path& path) {
  std::error_code ec;
  for (const fs::path& root : {folder, fs::canonical(folder, ec)}) {
    if (root.empty()) continue;
    fs::path inner = path.lexically_relative(root);
    const auto leads_out = [](const fs::path& part) { return part == ".." || part == "."; };
    if (!inner.empty() && std::ranges::none_of(inner, leads_out)) return inner;
  }
  return {};
}

/// Looks for files that fit, at so many places.
class Search {
 public:
  explicit Search(const fs::path& pattern) : parts_(pattern.begin(), pattern.end()) {}

  void look_in(const UntrustedFolder& folder, const fs::path& way, std::size_t depth) {
    if (depth >= parts_.size() || looks_ >= kMostLooks) return;
    ++looks_;
    for (const std::string& name : folder.names(kMostNames)) {
      if (::fnmatch(parts_[depth].c_str(), name.c_str(), FNM_PERIOD) != 0) continue;
      if (depth + 1 == parts_.size()) {
        found_.push_back(way / name);
      } else if (const Result<UntrustedFolder> next = folder.folder(name)) {
        look_in(*next, way / name, depth + 1);
      }
    }
  }

  /// Empty: there is none, or which of several it is cannot be told.
  fs::path only() const { return found_.size() == 1 ? found_.front() : fs::path(); }

 private:
  static constexpr std::size_t kMostNames = 2000;
  static constexpr int kMostLooks = 2000;

  std::vector<fs::path> parts_;
  std::vector<fs::path> found_;
  int looks_ = 0;
};

fs::path find_below(const fs::path& folder, const fs::path& pattern) {
  std::error_code ec;
  const Result<UntrustedFolder> root = UntrustedFolder::open(fs::canonical(folder, ec));
  if (!root) return {};
  Search search(pattern);
  search.look_in(*root, folder, 0);
  return search.only();
}

Result<Fd> open_below(const fs::path& folder, const fs::path& path) {
  const fs::path inner = inner_path(folder, path);
  if (inner.empty())
    return fail(Fault::Refused, "{} is not below {}", path.native(), folder.native());
  std::error_code ec;
  Result<UntrustedFolder> at = UntrustedFolder::open(fs::canonical(folder, ec));
  for (const fs::path& part : inner.parent_path()) {
    if (!at) return passed_on(at);
    Result<UntrustedFolder> next = at->folder(part.native());
    at = std::move(next);
  }
  if (!at) return passed_on(at);
  return at->file(inner.filename().native());
}

}  // namespace

UsageFile::UsageFile(UsageFormat format, fs::path folder, fs::path path)
    : format_(format), folder_(std::move(folder)), path_(std::move(path)), log_(format) {}

UsageFile UsageFile::to_be_found(UsageFormat format, fs::path folder, fs::path pattern) {
  UsageFile file(format, std::move(folder), {});
  file.pattern_ = std::move(pattern);
  return file;
}

void UsageFile::look() {
  has_more_ = false;
  if (path_.empty()) path_ = find_below(folder_, pattern_);
  if (path_.empty()) return;
  const Result<Fd> fd = open_below(folder_, path_);

  struct stat status {};

  if (!fd || ::fstat(fd->get(), &status) != 0 || status.st_uid != ::geteuid()) return;
  const bool is_same = status.st_dev == device_ && status.st_ino == inode_;
  if (!is_same || status.st_size < offset_) {
    log_ = UsageLog(format_);
    offset_ = 0;
    device_ = status.st_dev;
    inode_ = status.st_ino;
  }
  const std::int64_t end = std::min<std::int64_t>(status.st_size, offset_ + kMostAtOnce);
  if (end > offset_) read_up_to(end, fd->get());
  has_more_ = offset_ < status.st_size && offset_ == end;
}

void UsageFile::read_up_to(std::int64_t end, int fd) {
  std::string block(kBlock, '\0');
  while (offset_ < end) {
    const auto wanted = std::min<std::int64_t>(end - offset_, static_cast<std::int64_t>(kBlock));
    const ssize_t got = ::pread(fd, block.data(), static_cast<std::size_t>(wanted), offset_);
    if (got <= 0) return;
    log_.read(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
    offset_ += got;
  }
}

}  // namespace orch::app
