// Tells work from files that git calls modified though nobody touched them since their checkout.
//
// Not every content comes back from git as it went in: CRLF where the attributes say `text`, a
// large file that a filter should have replaced by a pointer, a filter that changes its own
// output. Git calls such a file modified from the checkout on. What counts here is whether it is
// what a checkout writes: the file is written once more, elsewhere, and compared. That holds at
// any moment, whatever was rewritten, touched or killed in between.
#include "git/untouched.hpp"

#include "git/scratch_index.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kWriteTime = std::chrono::minutes(10);
constexpr std::size_t kPiece = 1u << 20;
constexpr std::size_t kPiecesPerTurn = 16;

/// A plain file; never waits for a FIFO, follows no link.
struct Opened {
  Fd fd;
  off_t size = 0;
  bool executable = false;
};

std::optional<Opened> open_plain(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW));

  struct stat status {};

  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return Opened{std::move(fd), status.st_size, (status.st_mode & S_IXUSR) != 0};
}

/// Fewer bytes than asked for only at the end; nothing when it cannot be read.
std::optional<std::string> next_piece(int fd) {
  std::string piece(kPiece, '\0');
  std::size_t filled = 0;
  while (filled < kPiece) {
    const ssize_t got = ::read(fd, piece.data() + filled, kPiece - filled);
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    filled += static_cast<std::size_t>(got);
  }
  piece.resize(filled);
  return piece;
}

/// The same bytes and the same mode; a large file is read in several turns of the loop.
loop::Job<bool> are_same(loop::Loop& loop, fs::path one, fs::path other) {
  const auto first = open_plain(one);
  const auto second = open_plain(other);
  if (!first || !second) co_return false;
  if (first->size != second->size || first->executable != second->executable) co_return false;
  for (std::size_t count = 1;; ++count) {
    const auto piece = next_piece(first->fd.get());
    if (!piece || piece != next_piece(second->fd.get())) co_return false;
    if (piece->size() < kPiece) co_return true;
    // A pause has no answer worth reading.
    if (count % kPiecesPerTurn == 0) (void)co_await loop::pause(loop, Span(0));
  }
}

/// Is the index of one of them not as in HEAD? Then the file is the user's, however it came there.
Job<bool> is_staged(GitContext& git, Place place, std::vector<std::string> paths) {
  Call ask = git.call({"diff-index", "--cached", "--name-only", "--no-renames", "-z", "HEAD", "--"},
                      "see what is staged");
  ask.place = std::move(place);
  const auto listed = co_await git.runner.output(std::move(ask));
  if (!listed) co_return passed_on(listed);
  const std::set<std::string> wanted(paths.begin(), paths.end());
  const std::vector<std::string_view> staged = split(*listed, '\0');
  co_return std::ranges::any_of(
      staged, [&wanted](std::string_view path) { return wanted.contains(std::string(path)); });
}

}  // namespace

Job<std::set<std::string>> as_checked_out(GitContext& git, Call like,
                                          std::vector<std::string> paths) {
  std::set<std::string> untouched;
  const ScratchFolder scratch(git.git_dir);
  if (paths.empty() || scratch.path().empty()) co_return untouched;
  Call write = git.call({"checkout-index", "--quiet", "--force", "-z", "--stdin",
                         "--prefix=" + scratch.path().native() + '/'},
                        "compare files with what git has");
  write.place = like.place;
  write.env = like.env;
  write.timeout = kWriteTime;
  for (const std::string& path : paths)
    write.input += path + '\0';
  // Its exit status does not matter: what it could not write is not the same.
  const auto written = co_await git.runner.run(std::move(write));
  if (!written) co_return passed_on(written);
  for (const std::string& path : paths) {
    const bool same =
        co_await are_same(git.loop, like.place.work_tree / path, scratch.path() / path);
    if (same) untouched.insert(path);
  }
  co_return untouched;
}

Job<std::optional<loop::Finished>> merge_past_untouched(GitContext& git, Call merge,
                                                        std::vector<std::string> named) {
  const auto untouched = co_await as_checked_out(git, merge, named);
  if (!untouched) co_return passed_on(untouched);
  if (named.empty() || untouched->size() != named.size()) co_return std::nullopt;
  const auto staged = co_await is_staged(git, merge.place, named);
  if (!staged) co_return passed_on(staged);
  if (*staged) co_return std::nullopt;
  Call restore = git.call({"checkout-index", "--quiet", "-z", "--stdin"},
                          "restore files of " + one_line(merge.place.work_tree.native()));
  restore.place = merge.place;
  std::error_code error;
  for (const std::string& file : named) {
    fs::remove(merge.place.work_tree / file, error);
    restore.input += file + '\0';
  }
  auto merged = co_await git.runner.run(std::move(merge));
  // What is there already it leaves, so its exit status does not matter.
  const auto restored = co_await git.runner.run(std::move(restore));
  if (!restored) co_return passed_on(restored);
  if (!merged) co_return passed_on(merged);
  co_return std::move(*merged);
}

}  // namespace orch::git
