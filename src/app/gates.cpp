// Runs tests and gates on exactly one tree.
#include "app/gates.hpp"

#include "app/agent_files.hpp"
#include "app/gate_verdict.hpp"
#include "app/junit.hpp"
#include "app/port_blocks.hpp"
#include "app/task_place.hpp"
#include "git/async_semaphore.hpp"
#include "git/repository.hpp"
#include "loop/off_loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

// The time of a file may be a tick of the kernel's clock behind.
constexpr auto kFileTime = 20ms;

Span time_of(const std::vector<GateRun>& commands) {
  Span all{0};
  for (const GateRun& command : commands)
    all += command.took;
  return all;
}

/// NAME=VALUE each.
std::vector<std::string> variables_of(const TestCommand& test) {
  std::vector<std::string> list;
  for (const auto& [name, value] : test.env)
    list.push_back(fmt::format("{}={}", name, value));
  return list;
}

/// The runner's own time-outs come first.
Span longest(const shim::GateSpec& spec) {
  constexpr Span kSlack = 30s;
  Span all = kSlack;
  for (const shim::GateCommand& command : spec.commands)
    all += command.timeout + spec.grace;
  return all;
}

/// "a, b and 3 more failed", where the check has written it down; else empty.
loop::Job<std::string> names_of_failed(loop::Loop& loop, TestCommand check, fs::path checkout,
                                       fs::file_time_type began) {
  if (check.junit.empty()) co_return std::string();
  std::function<std::vector<std::string>()> read = [place = checkout / check.junit, began] {
    return failed_tests_in(place, began);
  };
  const auto names = co_await loop::off_loop<std::vector<std::string>>(loop, std::move(read));
  co_return names.empty() ? std::string() : failed_text(names);
}

}  // namespace

/// The checkout with the lowest number that no other test has; the first one has none.
class Gates::Place {
 public:
  explicit Place(std::shared_ptr<std::set<int>> used) : used_(std::move(used)) {
    while (!used_->insert(number_).second)
      ++number_;
  }

  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  ~Place() { used_->erase(number_); }

  std::string name() const {
    return number_ == 1 ? "integration" : fmt::format("integration.{}", number_);
  }

 private:
  std::shared_ptr<std::set<int>> used_;
  int number_ = 1;
};

Gates::Gates(loop::Loop& loop, loop::Children& children, git::Repository& git, store::Store& store,
             const RunContext& context)
    : loop_(loop),
      git_(git),
      store_(store),
      context_(context),
      programs_(loop, children, context.shim),
      places_(std::make_shared<std::set<int>>()) {}

Gates::~Gates() = default;

/// The same tree is tested by one at a time: what that finds is there for the next.
std::shared_ptr<git::AsyncSemaphore> Gates::lane_of(const std::string& key) {
  std::erase_if(lanes_, [](const auto& lane) { return lane.second.expired(); });
  std::shared_ptr<git::AsyncSemaphore> lane = lanes_[key].lock();
  if (lane == nullptr) lanes_[key] = lane = std::make_shared<git::AsyncSemaphore>(loop_, 1);
  return lane;
}

std::string Gates::key_of(const std::string& tree, const Checks& checks) const {
  std::string all;
  for (const TestCommand& test : checks.commands) {
    all += join(test.command, "\x1f") + "\x1e" + test.cwd;
    for (const std::string& variable : variables_of(test))
      all += "\x1a" + variable;
    all += "\x1d";
  }
  // That of the terminal that `up` was called in is none of theirs.
  for (const std::string& variable : agent_environment(context_, AgentProfile{}, {}))
    all += variable + "\x1c";
  for (const std::string& variable : checks.env)
    all += variable + "\x1b";
  return fmt::format("{}-{}", tree, hex(fnv1a(all)));
}

void Gates::cancel() {
  cancelled_ = true;
  programs_.stop_all();
}

loop::Job<Result<Tested>> Gates::test(CommitId commit, Checks checks, TestOrder order) {
  cancelled_ = false;
  const Result<std::string> tree = co_await git_.tree_of(commit);
  if (!tree) co_return passed_on(tree);
  const std::string key = key_of(*tree, checks);
  const std::shared_ptr<git::AsyncSemaphore> lane = lane_of(key);
  const git::AsyncSemaphore::Lock lock = co_await lane->lock();
  const Result<std::optional<store::GateResult>> known = store_.gate(key);
  if (!known) co_return passed_on(known);
  if (*known && (*known)->passed) co_return Tested{.passed = true};
  const int reds = order.anew ? 0 : reds_of(*known);
  Tested result;
  if (reds > 0) result = red_of(**known);
  const int most = std::min(reds + order.runs, order.known);
  for (int run = reds + 1; run <= most && !result.passed; ++run) {
    std::string red = std::move(result.why);
    const fs::path folder = context_.run.gate(fmt::format("{}.{}", key, run));
    Result<Ran> ran = co_await run_once(commit, *tree, checks, order.task, folder);
    if (!ran) co_return passed_on(ran);
    result = std::move(ran->tested);
    const Status saved = save(key, *tree, result, result.passed ? 0 : run, ran->commands);
    if (!saved) co_return passed_on(saved);
    failpoint("test.stored");
    if (result.passed) result.flaky = std::move(red);
  }
  co_return result;
}

/// What another run found red counts for nothing: the machine may be another one by now.
int Gates::reds_of(const std::optional<store::GateResult>& known) const {
  return known && known->run == context_.info.id ? known->reds : 0;
}

Tested Gates::red_of(const store::GateResult& known) const {
  return {.passed = false,
          .why = known.why,
          .log = context_.paths.found(known.log).string(),
          .gate = known.gate};
}

Status Gates::save(const std::string& key, const std::string& tree, const Tested& tested, int reds,
                   const std::vector<GateRun>& commands) {
  const store::GateResult result{.run = context_.info.id,
                                 .passed = tested.passed,
                                 .why = tested.why,
                                 .gate = tested.gate,
                                 .log = context_.paths.kept(tested.log),
                                 .reds = reds,
                                 .status = commands.empty() ? 0 : commands.back().status,
                                 .took = time_of(commands)};
  return store_.save_gate(key, tree, result, commands);
}

loop::Job<Result<Tested>> Gates::test_landing(const TestLanding& effect, Checks checks) {
  TestOrder order{.task = effect.task,
                  .runs = effect.runs,
                  .known = effect.verdict ? 2 : 1,
                  .anew = effect.anew};
  Result<Tested> result = co_await test(effect.candidate, checks, std::move(order));
  if (!result || result->passed || !effect.verdict || !result->gate.empty()) co_return result;
  Checks tests = without_gates(std::move(checks));
  TestOrder of_base{.anew = effect.anew};
  Result<Tested> before = co_await test(effect.onto, std::move(tests), std::move(of_base));
  if (!before) co_return before;
  if (before->passed) co_return result;
  before->base_fails = true;
  co_return before;
}

loop::Job<Result<Gates::Ran>> Gates::run_once(CommitId commit, const std::string& tree,
                                              const Checks& checks, const TaskId& task,
                                              const fs::path& folder) {
  Ran done;
  done.tested.passed = checks.commands.empty();
  if (checks.commands.empty()) co_return done;
  if (cancelled_) co_return fail(Fault::Busy, "the tests were stopped");
  git::TestCheckoutRequest request;
  const Place place(places_);
  const fs::path checkout = context_.paths.home() / place.name();
  request.path = checkout;
  request.commit = std::move(commit);
  request.reason = "tmux-orch integration";
  request.keep = context_.config.merge.caches;
  request.submodules_of = submodules_of(context_);
  const Result<std::string> ready = co_await git_.check_out_for_tests(request);
  if (!ready) co_return because(ready, "the tree cannot be checked out for its tests");
  (void)co_await loop::remove_tree(loop_, folder);  // a remainder would be in the way
  if (const Status made = make_folders(folder, 0700); !made) co_return passed_on(made);
  shim::GateSpec spec = spec_for(checks, checkout);
  spec.key = folder.filename().string();
  spec.tree = tree;
  const std::vector<std::string> ports = co_await port_variable(loop_, context_, checkout);
  spec.env.insert(spec.env.end(), ports.begin(), ports.end());
  if (const Status written = shim::write_spec(folder, spec); !written) {
    co_return passed_on(written);
  }
  const auto began = fs::file_time_type::clock::now() - kFileTime;
  if (on_begin) on_begin();
  const Status ran = co_await programs_.run(folder, longest(spec));
  if (!ran) co_return because(ran, "the tests cannot be run");
  const Result<shim::GateResult> result = shim::read_gate_result(folder);
  if (!result) co_return fail(Fault::Busy, "the tests were stopped before they had a result");
  Tested& tested = done.tested;
  tested = verdict_of(checks, *result);
  tested.log = (folder / shim::attempt_file::kGateLog).string();
  if (const TestCommand* failed = failed_check(checks, *result)) {
    const std::string named = co_await names_of_failed(loop_, *failed, checkout, began);
    if (!named.empty()) tested.why += ": " + named;
  }
  const Result<std::string> after = co_await git_.tree_now(checkout, context_.config.merge.caches);
  if (!after) co_return passed_on(after);
  if (tested.passed && *after != tree) {
    tested.passed = false;
    tested.why = "the tests change files that are in git";
  }
  done.commands = runs_of(checks, *result, task, context_.paths.kept(tested.log));
  co_return done;
}

shim::GateSpec Gates::spec_for(const Checks& checks, const fs::path& checkout) const {
  shim::GateSpec spec;
  spec.env = agent_environment(context_, AgentProfile{}, {});
  for (const TestCommand& test : checks.commands) {
    std::vector<std::string> env = variables_of(test);
    const bool is_gate = !test.name.empty();
    if (is_gate) env.insert(env.end(), checks.env.begin(), checks.env.end());
    spec.commands.push_back({.argv = test.command,
                             .cwd = (checkout / test.cwd).string(),
                             .timeout = test.timeout,
                             .env = std::move(env)});
  }
  return spec;
}

}  // namespace orch::app
