// Builds the command line and environment of each git, runs it, waits for locks.
#include "git/runner.hpp"

#include "git/checkout.hpp"
#include "git/git_errors.hpp"
#include "git/locks.hpp"
#include "git/parse.hpp"
#include "git/sparse.hpp"
#include "orch/base/environment.hpp"
#include "orch/base/text.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace orch::git {

namespace fs = std::filesystem;
using loop::Command;
using loop::Finished;

namespace {

constexpr Span kFirstWait = std::chrono::milliseconds(50);
constexpr Span kLongestWait = std::chrono::seconds(2);
constexpr std::int64_t kGiveUpMs = 14'000;
constexpr std::int64_t kHalfMadeMs = 3'000;

/// For one command each, never written into anybody's configuration.
constexpr std::array kSettings{
    "core.hooksPath=/dev/null",     "gc.auto=0",
    "maintenance.auto=false",       "core.filesRefLockTimeout=10000",
    "core.packedRefsTimeout=10000", "core.fsync=committed,loose-object,reference",
    "core.quotePath=false",         "core.fsmonitor=false",
    "core.safecrlf=false",          "merge.autoStash=false",
    "submodule.recurse=false",      "status.relativePaths=false",
    "advice.addEmbeddedRepo=false", "advice.detachedHead=false",
    "core.alternateRefsCommand=:",
};

Command git_command(const std::vector<std::string>& args, bool sparse = false) {
  Command command;
  command.argv.emplace_back("git");
  for (const char* setting : kSettings)
    command.argv.insert(command.argv.end(), {"-c", setting});
  if (sparse) command.argv.insert(command.argv.end(), {"-c", "core.sparseCheckout=true"});
  command.argv.insert(command.argv.end(), args.begin(), args.end());
  command.env = {{"LC_ALL", "C"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_OPTIONAL_LOCKS", "0"}};
  // What a hook, an alias or a rebase that started us may have set would lead git elsewhere.
  command.unset = git_state_here();
  return command;
}

/// Where the configuration is one that an agent may have written: an object that is missing would
/// be fetched by the programs which that names.
void fetch_nothing(Command& command) {
  command.env.emplace_back("GIT_ALLOW_PROTOCOL", "none");
  command.env.emplace_back("GIT_NO_LAZY_FETCH", "1");
}

/// Nothing when it ended by itself, whatever its status, and all of its output is there.
std::optional<Error> not_ended(const Finished& finished, std::string_view doing) {
  if (finished.timed_out)
    return Error{Fault::TimedOut, fmt::format("cannot {}: git took too long", doing), {}};
  if (finished.signal != 0)
    return Error{Fault::Io,
                 fmt::format("cannot {}: git was ended by signal {}", doing, finished.signal),
                 {}};
  if (finished.code < 0)
    return Error{Fault::Io, fmt::format("cannot {}: nobody knows how git ended", doing), {}};
  if (finished.cut)
    return Error{Fault::Refused, fmt::format("cannot {}: git printed too much", doing), {}};
  return std::nullopt;
}

bool owns(const Call& call, const fs::path& lock) {
  return std::any_of(call.owned.begin(), call.owned.end(), [&lock](const fs::path& owned) {
    return lock == owned || lock.native().starts_with(owned.native() + '/');
  });
}

Failure lock_held(const Call& call, const fs::path& lock) {
  return hinted(
      fail(Fault::Busy, "cannot {}: another git holds {}", call.doing, one_line(lock.native())),
      "if no git is running there, a killed one left that file: remove it");
}

/// No git made it.
Failure no_lock(const Call& call, const fs::path& lock) {
  return hinted(fail(Fault::Refused, "cannot {}: {} is no plain file, and no lock of git's",
                     call.doing, one_line(lock.native())),
                fmt::format("`{}`", removal_of(lock)));
}

/// Another git was just making a worktree: one that looks at all of them does not wait for that.
bool met_half_made_worktree(std::string_view git_error) {
  return git_error.find("failed to read ") != std::string_view::npos &&
         git_error.find("/worktrees/") != std::string_view::npos &&
         git_error.find("/commondir") != std::string_view::npos;
}

/// Git often says only that it could not write: then the disk is asked.
bool is_full(const fs::path& folder) {
  constexpr std::uintmax_t kTooLittle = 64 << 10;

  struct statvfs disk {};

  if (::statvfs(folder.c_str(), &disk) != 0) return false;
  return disk.f_bavail * disk.f_frsize < kTooLittle;
}

bool lacks_space(const Call& call, std::string_view git_error) {
  for (const char* text : {"No space left on device", "Disk quota exceeded"}) {
    if (git_error.find(text) != std::string_view::npos) return true;
  }
  return is_full(call.place.git_dir) || is_full(call.place.work_tree);
}

}  // namespace

Reads Runner::reads_of(const Place& place) const {
  Reads reads{place.work_tree, {place.git_dir}};
  const fs::path around = place.git_dir.parent_path();
  if (around.filename() == "worktrees") reads.git_dirs.push_back(around.parent_path());
  // After the one that it has links into.
  if (!common_dir_.empty()) reads.git_dirs.push_back(common_dir_);
  return reads;
}

loop::Job<Result<bool>> Runner::check_readable(Place place, std::string doing) {
  Reads reads = reads_of(place);
  const auto odd = co_await find_odd_files(children_, std::move(reads));
  if (!odd) co_return because(odd, fmt::format("cannot {}", doing));
  if (!odd->empty()) co_return odd_file(doing, odd->front().path);
  co_return true;
}

Command Runner::command_of(const Call& call) const {
  Command command = git_command(call.args, is_sparse(call.place.git_dir));
  std::error_code missing;
  // Rescue and removal also work where the folder of a worktree is gone.
  const bool has_folder = fs::is_directory(call.place.work_tree, missing);
  command.cwd = has_folder ? call.place.work_tree : call.place.git_dir;
  command.env.emplace_back("GIT_DIR", call.place.git_dir);
  command.env.emplace_back("GIT_WORK_TREE", call.place.work_tree);
  if (!common_dir_.empty() && !call.live) command.env.emplace_back("GIT_COMMON_DIR", common_dir_);
  if (call.live || is_offline_) fetch_nothing(command);
  command.env.insert(command.env.end(), call.env.begin(), call.env.end());
  command.input = call.input;
  command.timeout = call.timeout;
  command.keep = call.keep;
  command.stoppable = call.stoppable;
  return command;
}

Command Runner::for_terminal(const Call& call) const {
  Command command = command_of(call);
  std::erase_if(command.env, [](const auto& variable) { return variable.first == "LC_ALL"; });
  return command;
}

Failure failed(const Call& call, const Finished& finished) {
  const std::string reason = reason_of(finished.err);
  if (lacks_space(call, finished.err)) {
    return fail(Fault::Full, "cannot {}: the disk is full: {}", call.doing, reason);
  }
  const Failure failure = fail(Fault::Io, "cannot {}: {}", call.doing, reason);
  if (reason.find("filter") == std::string::npos) return failure;
  return hinted(failure,
                "is the filter's program installed and in PATH? "
                "`git config --get-regexp '^filter[.]'` shows how it is called");
}

loop::Job<Result<Finished>> Runner::run(Call call) {
  const std::int64_t begun = loop::Loop::boottime_ms();
  for (Span wait = kFirstWait;; wait = std::min(wait * 2, kLongestWait)) {
    Command command = command_of(call);
    Reads reads = reads_of(call.place);
    Result<Finished> finished =
        co_await run_watched(children_, std::move(command), std::move(reads), call.doing);
    if (!finished && finished.error().fault == Fault::Refused) co_return passed_on(finished);
    if (!finished) co_return because(finished, fmt::format("cannot {}", call.doing));
    if (auto error = not_ended(*finished, call.doing)) co_return Failure(*std::move(error));
    const bool early = !finished->ok() && met_half_made_worktree(finished->err) &&
                       loop::Loop::boottime_ms() - begun < kHalfMadeMs;
    const auto lock = finished->ok() ? std::nullopt : held_lock(finished->err);
    if (!lock && !early) co_return finished;
    if (!lock) {
      (void)co_await loop::pause(loop_, kFirstWait);  // a pause has no answer worth reading
      continue;
    }

    std::error_code gone;
    const auto kind = fs::symlink_status(*lock, gone).type();
    if (kind != fs::file_type::not_found && kind != fs::file_type::regular)
      co_return no_lock(call, *lock);
    const bool cleared =
        owns(call, *lock) && clear_stale_lock(*lock, call.place.git_dir, call.place.work_tree);
    if (!cleared && loop::Loop::boottime_ms() - begun > kGiveUpMs) co_return lock_held(call, *lock);
    (void)co_await loop::pause(loop_, wait);  // a pause has no answer worth reading
  }
}

loop::Job<Result<std::string>> Runner::output(Call call) {
  Result<Finished> finished = co_await run(call);
  if (!finished) co_return passed_on(finished);
  if (!finished->ok()) co_return failed(call, *finished);
  co_return std::move(finished->out);
}

loop::Job<Result<std::string>> Runner::other(Command command, std::string doing) {
  Result<Finished> finished = co_await children_.run(std::move(command));
  if (!finished) co_return because(finished, fmt::format("cannot {}", doing));
  if (auto error = not_ended(*finished, doing)) co_return Failure(*std::move(error));
  if (!finished->ok())
    co_return fail(Fault::Io, "cannot {}: {}", doing, one_line(trim(finished->err), 300));
  co_return std::move(finished->out);
}

loop::Job<Result<Finished>> Runner::search(fs::path folder, std::vector<std::string> args) {
  Command command = git_command(args);
  fetch_nothing(command);
  command.cwd = folder;
  Reads reads;
  if (const auto checkout = find_checkout(folder))
    reads.git_dirs = {checkout->git_dir, checkout->common_dir};
  const std::string doing = "look for a git repository";
  Result<Finished> finished =
      co_await run_watched(children_, std::move(command), std::move(reads), doing);
  if (!finished && finished.error().fault == Fault::Refused) co_return passed_on(finished);
  if (!finished) co_return because(finished, "cannot look for a git repository");
  if (auto error = not_ended(*finished, "look for a git repository"))
    co_return Failure(*std::move(error));
  co_return finished;
}

}  // namespace orch::git
