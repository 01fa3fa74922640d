// Makes the throw-away place of a trial, and takes it away.
#include "app/trial_place.hpp"

#include "app/our_processes.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/process.hpp"
#include "orch/base/random.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/once.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace orch::app {
namespace {

constexpr std::string_view kPrefix = "trial-";
constexpr std::string_view kServerPrefix = "tmux-orch-trial-";
constexpr std::string_view kReason = "tmux-orch agents test";
constexpr std::string_view kLock = "lock";
constexpr std::string_view kServer = "server";
constexpr std::size_t kLongestPath = 4096;
constexpr Span kShimEnds = std::chrono::seconds(10);
constexpr Span kLook = std::chrono::milliseconds(50);

/// A socket's path may not be long, as that of a repository is allowed to be.
Result<fs::path> make_server_folder() {
  const char* chosen = std::getenv("TMPDIR");
  const fs::path parent = chosen != nullptr && *chosen == '/' ? chosen : "/tmp";
  std::string pattern = (parent / fmt::format("{}XXXXXX", kServerPrefix)).string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return errno_failure(errno, "cannot make a folder in " + one_line(parent.native()));
  return fs::path(pattern);
}

/// The folder that the file names, if it is one that a trial has made: the file lies where an agent
/// can write.
fs::path server_folder_in(const fs::path& folder) {
  const Result<std::string> named = read_file(folder / kServer, kLongestPath);
  if (!named) return {};
  const fs::path place(*named);
  return place.is_absolute() && place.filename().string().starts_with(kServerPrefix) ? place
                                                                                     : fs::path();
}

}  // namespace

TrialPlace::TrialPlace(loop::Loop& loop, loop::Children& children, git::Repository& git,
                       Paths repository)
    : loop_(loop), children_(children), git_(git), repository_(std::move(repository)) {}

loop::Job<Status> TrialPlace::make(CommitId head) {
  std::error_code ec;
  made_home_ = !fs::exists(repository_.home(), ec);
  if (Status made = repository_.make(); !made) co_return made;
  if (Status gone = co_await remove_old(); !gone) co_return gone;
  folder_ = repository_.home() / (std::string(kPrefix) + random_hex().substr(0, 8));
  if (Status made = make_folders_of_it(); !made) co_return made;
  git::TestCheckoutRequest request;
  request.path = worktree();
  request.commit = std::move(head);
  request.reason = kReason;
  const Result<std::string> tree = co_await git_.check_out_for_tests(std::move(request));
  if (!tree) co_return passed_on(tree);
  co_return Status();
}

Status TrialPlace::make_folders_of_it() {
  if (Status made = make_folders(folder_, 0700); !made) return made;
  Result<Fd> lock = lock_file(folder_ / kLock);
  if (!lock) return passed_on(lock);
  lock_ = std::move(*lock);
  const Result<fs::path> server = make_server_folder();
  if (!server) return passed_on(server);
  server_ = *server;
  if (Status kept = write_file(folder_ / kServer, server_.string(), 0600); !kept) return kept;
  return paths().make();
}

loop::Job<Status> TrialPlace::remove_old() {
  std::error_code ec;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(repository_.home(), ec)) {
    const bool is_trial = entry.path().filename().string().starts_with(kPrefix);
    if (is_trial && !is_locked(entry.path() / kLock)) found.push_back(entry.path());
  }
  for (const fs::path& folder : found) {
    if (Status gone = co_await take_away(folder); !gone) co_return gone;
  }
  co_return Status();
}

loop::Job<Status> TrialPlace::end_server(fs::path folder) {
  const fs::path server = server_folder_in(folder);
  std::error_code ec;
  if (server.empty() || !fs::exists(server, ec)) co_return Status();
  const tmuxctl::Address address = tmuxctl::Address::at((server / "socket").string());
  (void)co_await tmuxctl::kill_server(children_, address);  // it may be gone already
  co_return co_await loop::remove_tree(loop_, server);
}

loop::Job<Status> TrialPlace::take_away(fs::path folder) {
  const std::vector<LivingShim> shims = shims_below(folder);
  for (const LivingShim& shim : shims)
    signal_process(shim.process, SIGTERM);
  const std::int64_t deadline = loop::Loop::boottime_ms() + kShimEnds.count();
  for (const LivingShim& shim : shims) {
    while (is_alive(shim.process) && loop::Loop::boottime_ms() < deadline)
      co_await loop::pause(loop_, kLook);
  }
  if (Status ended = co_await end_server(folder); !ended) co_return ended;
  const fs::path path = worktree_of(folder);
  const Result<git::WorktreeStatus> work = co_await git_.status_of(path);
  if (work && !work->head.empty()) {
    git::RemoveRequest request;
    request.path = path;
    request.reason = kReason;
    // What the agent has made there was for nothing, and is meant to go.
    request.safe = {work->head};
    request.trash.folder = folder / "trash";
    const Result<git::Removed> removed = co_await git_.remove_worktree(std::move(request));
    if (!removed) co_return passed_on(removed);
  }
  co_return co_await loop::remove_tree(loop_, folder);
}

loop::Job<Status> TrialPlace::remove() {
  if (folder_.empty()) co_return Status();
  Status gone = co_await take_away(folder_);
  lock_.reset();
  if (!gone) co_return gone;
  std::error_code ec;
  // Nothing else of ours may have come meanwhile.
  if (made_home_ && fs::remove(repository_.home() / ".gitignore", ec))
    fs::remove(repository_.home(), ec);
  if (ec) (void)repository_.make();
  folder_.clear();
  co_return Status();
}

}  // namespace orch::app
