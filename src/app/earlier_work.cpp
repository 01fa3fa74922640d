// Asks git, and reads the log of the tests.
#include "app/earlier_work.hpp"

#include "git/repository.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch::app {

namespace {

/// Of what tests have printed; nothing where an agent has put something else in the place of their
/// log.
std::vector<std::string> last_lines(const std::string& log) {
  constexpr off_t kMost = 4096;
  constexpr std::ptrdiff_t kLines = 20;
  const Fd file(::open(log.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY));

  struct stat status {};

  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const off_t size = std::min(kMost, status.st_size);
  std::string text(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::pread(file.get(), text.data(), text.size(), status.st_size - size);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  const std::vector<std::string_view> lines = split_lines(trim(text));
  return {lines.end() - std::min(kLines, std::ssize(lines)), lines.end()};
}

}  // namespace

loop::Job<EarlierWork> earlier_work(git::Repository& git, const State& state,
                                    const StartAgent& effect) {
  EarlierWork work;
  const TaskRecord* task = state.find(effect.task);
  if (task == nullptr || effect.attempt < 2) co_return work;
  const CommitId start = state.agent_of(*task).start;
  work.last_note = task->last_note;
  if (effect.last_failure.kind == ReasonKind::TestsFail)
    work.output = last_lines(effect.last_failure.path);
  if (!task->rescues.empty()) work.rescue = task->rescues.back();
  const Result<git::WorktreeStatus> status = co_await git.status_of(effect.worktree);
  if (!status || !status->exists || status->head.empty() || start.empty()) co_return work;
  work.uncommitted = status->changes.count;
  Result<git::CommittedWork> committed = co_await git.committed_work(start, status->head);
  if (!committed) co_return work;
  work.commits = committed->commits;
  work.subjects = std::move(committed->subjects);
  work.files = committed->files;
  co_return work;
}

}  // namespace orch::app
