// A push may be done again at any time; a command of the user's may not.
#include "app/pushes.hpp"

#include "agents/filled.hpp"
#include "app/executor.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr Span kPushTimeout = 5min;
constexpr Span kCommandTimeout = 2min;
constexpr std::string_view kBegun = "begun\n";

std::vector<const TaskRecord*> merged_tasks(const State& state) {
  std::vector<const TaskRecord*> merged;
  for (const TaskRecord& task : state.tasks)
    if (task.state == TaskState::Merged && !task.merged.empty()) merged.push_back(&task);
  return merged;
}

std::string line_of(const TaskRecord& task) {
  return fmt::format("{}: {}", one_line(task.id().value, 40), one_line(task.plan.spec.title, 72));
}

std::string title_of(const State& state) {
  const std::vector<const TaskRecord*> merged = merged_tasks(state);
  return merged.size() == 1 ? line_of(*merged.front()) : fmt::format("{} tasks", merged.size());
}

std::string body_of(const State& state) {
  std::string text;
  for (const TaskRecord* task : merged_tasks(state))
    text += fmt::format("- {}\n", line_of(*task));
  return text;
}

/// What is kept of a command: nothing but kBegun where its end is not known; empty: it went well.
RunPushCommand::Ends end_on_record(const std::string& record, std::string by_hand) {
  if (record.empty()) return Done{};
  const bool is_known = record != kBegun;
  return NotDone{.why = is_known ? record
                                 : "it was begun, and nobody knows how it ended, so it is not run "
                                   "again",
                 .hint = std::move(by_hand)};
}

NotDone not_run(const Error& error, std::string by_hand) {
  NotDone failure = not_done(error);
  failure.hint = std::move(by_hand);
  return failure;
}

std::string shell_line(const std::vector<std::string>& argv) {
  std::vector<std::string> words;
  for (const std::string& word : argv)
    words.push_back(shell_word(word));
  return join(words, " ");
}

}  // namespace

Pushes::Pushes(loop::Children& children, git::Repository& git, const State& state,
               const RunContext& context)
    : children_(children), git_(git), state_(state), context_(context) {}

bool Pushes::is_stopping() const {
  return state_.run.phase == RunPhase::Stopping;
}

std::string Pushes::branch() const {
  const std::string& base = state_.run.rules.base;
  const std::string& pattern = context_.config.push.branch;
  const std::array<Placeholder, 2> places{{{"{base}", base}, {"{run}", context_.info.id}}};
  return pattern.empty() ? base : filled(pattern, places);
}

loop::Job<PushBranch::Ends> Pushes::push(const PushBranch& effect) {
  git::PushRequest request;
  request.remote = context_.config.push.remote;
  request.branch = branch();
  request.commit = effect.target;
  request.timeout = kPushTimeout;
  const std::string by_hand =
      fmt::format("git push {} {}:refs/heads/{}", shell_word(request.remote),
                  git::shortened(effect.target), shell_word(request.branch));
  const Result<bool> pushed = co_await git_.push(std::move(request));
  if (pushed) co_return Done{};
  NotDone failure = not_run(pushed.error(), by_hand);
  // The run's end would wait for the whole time once more.
  if (pushed.error().fault == Fault::TimedOut) failure.transient = false;
  co_return failure;
}

loop::Command Pushes::command(const fs::path& body) const {
  const std::string branch_name = branch();
  const std::string title = title_of(state_);
  const std::string body_file = body.string();
  const std::array<Placeholder, 5> places{{{"{branch}", branch_name},
                                           {"{base}", state_.run.rules.base},
                                           {"{run}", context_.info.id},
                                           {"{title}", title},
                                           {"{body_file}", body_file}}};
  loop::Command command;
  for (const std::string& word : context_.config.push.command)
    command.argv.push_back(filled(word, places));
  command.cwd = context_.info.repository;
  command.timeout = kCommandTimeout;
  command.stoppable = true;
  command.keep = 64u << 10;
  return command;
}

loop::Job<RunPushCommand::Ends> Pushes::run_command(const RunPushCommand& effect) {
  const fs::path body = context_.run.push_body();
  const fs::path record = context_.run.push_record(effect.target, effect.to);
  loop::Command run = command(body);
  const std::string by_hand = shell_line(run.argv);
  const Result<std::string> known = read_file(record);
  if (known) co_return end_on_record(*known, by_hand);
  if (known.error().fault != Fault::NotFound) co_return not_run(known.error(), by_hand);
  if (const Status written = write_file(body, body_of(state_), 0600); !written)
    co_return not_run(written.error(), by_hand);
  if (const Status begun = write_file(record, kBegun, 0600, true); !begun)
    co_return not_run(begun.error(), by_hand);
  failpoint("push.command_begun");
  const std::string name = context_.config.push.command.front();
  const Result<loop::Finished> finished = co_await children_.run(std::move(run));
  if (!finished) {
    // It has not been started.
    std::error_code ignored;
    fs::remove(record, ignored);
    co_return not_run(finished.error(), by_hand);
  }
  if (!finished->ok() && is_stopping()) {
    // It has ended, and has not done what it was to do: the next `up` runs it again.
    std::error_code ignored;
    fs::remove(record, ignored);
    co_return not_run(Error{Fault::Busy, "it was ended by `tmux-orch down`", {}}, by_hand);
  }
  const std::string how = finished->ok() ? std::string() : one_line(finished->text(name), 300);
  // Where that cannot be kept, the record still says that it was begun.
  (void)write_file(record, how, 0600);
  co_return end_on_record(how, by_hand);
}

}  // namespace orch::app
