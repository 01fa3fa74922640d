// Checkout, commands, and the files that came of them.
#include "app/regeneration.hpp"

#include "app/agent_files.hpp"
#include "app/task_place.hpp"
#include "git/repository.hpp"
#include "loop/off_loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

constexpr Span kSlack = std::chrono::seconds(30);  // the runner's own time-outs come first

Error command_failed(const GeneratedFiles& rule, const shim::ProcessEnd& end, const fs::path& log) {
  std::string how = fmt::format("exited with {}", end.code);
  if (end.ending == shim::EndKind::TimedOut) how = "ran into its time-out";
  if (end.ending == shim::EndKind::NotStarted)
    how = fmt::format("cannot be started: {}", one_line(end.reason, 200));
  return {.fault = Fault::Refused,
          .what = fmt::format("works conflict in {}, and `{}`, which makes that anew, {} (log: {})",
                              join(rule.files, ", "), join(rule.command, " "), how, log.string())};
}

}  // namespace

Regeneration::Regeneration(loop::Loop& loop, loop::Children& children, git::Repository& git,
                           const RunContext& context)
    : loop_(loop), git_(git), context_(context), programs_(loop, children, context.shim) {
  for (const GeneratedFiles& rule : context.config.merge.generated)
    rules_.push_back({PathPatterns(rule.files), &rule});
}

bool Regeneration::makes(const std::string& path) const {
  return std::ranges::any_of(rules_, [&path](const Rule& rule) { return rule.files.fits(path); });
}

void Regeneration::cancel() {
  programs_.stop_all();
}

loop::Job<Result<CommitId>> Regeneration::run(git::GeneratedRequest request) {
  git::TestCheckoutRequest place;
  const fs::path checkout = context_.paths.home() / "generated";
  place.path = checkout;
  place.commit = request.candidate;
  place.reason = "tmux-orch generated files";
  place.keep = context_.config.merge.caches;
  place.submodules_of = submodules_of(context_);
  const Result<std::string> tree = co_await git_.check_out_for_tests(place);
  if (!tree) co_return because(tree, "the tree cannot be checked out to make files anew");
  const Result<bool> made = co_await run_commands(checkout, *tree, request.files);
  if (!made) co_return passed_on(made);
  const Result<std::string> now = co_await git_.tree_now(checkout, context_.config.merge.caches);
  if (!now) co_return passed_on(now);
  request.made = *now;
  failpoint("landing.generated");
  co_return co_await git_.with_generated(std::move(request));
}

loop::Job<Result<bool>> Regeneration::run_commands(fs::path checkout, std::string tree,
                                                   std::vector<std::string> files) {
  const fs::path folder = context_.run.gate("generated");
  (void)co_await loop::remove_tree(loop_, folder);  // a remainder would be in the way
  if (const Status made = make_folders(folder, 0700); !made) co_return passed_on(made);
  shim::GateSpec spec;
  spec.key = folder.filename().string();
  spec.tree = std::move(tree);
  spec.env = agent_environment(context_, AgentProfile{}, {});
  std::vector<const GeneratedFiles*> rules;
  Span timeout = kSlack;
  for (const Rule& rule : rules_) {
    if (rule.files.among(files).empty()) continue;
    rules.push_back(rule.how);
    spec.commands.push_back({.argv = rule.how->command,
                             .cwd = (checkout / rule.how->cwd).string(),
                             .timeout = rule.how->timeout,
                             .env = {}});
    timeout += rule.how->timeout + spec.grace;
  }
  if (const Status written = shim::write_spec(folder, spec); !written) co_return passed_on(written);
  const Status ran = co_await programs_.run(folder, timeout);
  if (!ran) co_return because(ran, "the files cannot be made anew");
  const Result<shim::GateResult> result = shim::read_gate_result(folder);
  if (!result) co_return fail(Fault::Busy, "the command that makes files anew was stopped");
  const std::size_t count = result->outcomes.size();
  if (result->passed || count == 0 || count > rules.size()) co_return true;
  co_return Failure(command_failed(*rules[count - 1], result->outcomes.back(), folder / "log"));
}

}  // namespace orch::app
