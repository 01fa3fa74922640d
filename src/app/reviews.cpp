// One review: which change, in which checkout, by which command, and what its answer is.
#include "app/reviews.hpp"

#include "agents/filled.hpp"
#include "agents/review.hpp"
#include "app/agent_files.hpp"
#include "app/checks.hpp"
#include "app/executor.hpp"
#include "app/sandbox_place.hpp"
#include "app/task_place.hpp"
#include "app/test_output.hpp"
#include "config/names.hpp"
#include "git/repository.hpp"
#include "loop/off_loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/random.hpp"
#include "orch/base/text.hpp"
#include "orch/core/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

/// Each has a checkout; programs of agents are large.
constexpr int kSideBySide = 4;
constexpr std::size_t kMostRead = 64u << 10;
constexpr Span kSlack = 30s;  // the runner's own time-out comes first

const Review* find_review(const Config& config, const std::string& name) {
  const auto found = std::ranges::find(config.reviews, name, &Review::name);
  return found == config.reviews.end() ? nullptr : &*found;
}

std::vector<std::string> argv_for(const AgentProfile& profile, const std::string& prompt) {
  const std::array<Placeholder, 1> places{Placeholder{"{prompt}", prompt}};
  std::vector<std::string> argv;
  for (const std::string& word : profile.review)
    argv.push_back(filled(word, places));
  return argv;
}

/// What the program made of it; its answer counts where it ended well.
Reviewed answer_of(const shim::ProcessEnd& end, const std::string& log, const std::string& id,
                   Span timeout) {
  std::string why;
  switch (end.ending) {
    case shim::EndKind::Code:
      if (end.code != 0) why = fmt::format("it exited with {}", end.code);
      break;
    case shim::EndKind::TimedOut:
      why = fmt::format("it took longer than {}", span_text(timeout));
      break;
    case shim::EndKind::NotStarted: why = one_line(end.reason, 200); break;
    case shim::EndKind::Signal:
    case shim::EndKind::Stopped:
    case shim::EndKind::Hangup: why = fmt::format("signal {} ended it", end.signal); break;
  }
  if (why.empty()) {
    if (std::optional<Reviewed> answer = review_answer(end_of_log(log, kMostRead), id)) {
      answer->log = log;
      return *answer;
    }
    why = "what it printed ends without a verdict";
  }
  return {.why = fmt::format("{} (log: {})", why, log), .log = log};
}

/// As the store keeps it.
std::string encoded(const Reviewed& answer) {
  return encode(Event{EffectEnded{0, Outcome{answer}}});
}

std::optional<Reviewed> decoded(const std::string& text) {
  const Result<Event> event = decode_event(text);
  const auto* ended = event ? std::get_if<EffectEnded>(&*event) : nullptr;
  const auto* answer = ended != nullptr ? std::get_if<Reviewed>(&ended->outcome) : nullptr;
  if (answer == nullptr) return std::nullopt;
  return *answer;
}

}  // namespace

Reviews::Reviews(loop::Loop& loop, loop::Children& children, git::Repository& git,
                 store::Store& store, const State& state, const RunContext& context)
    : loop_(loop),
      git_(git),
      store_(store),
      state_(state),
      context_(context),
      programs_(loop, children, context.shim),
      turns_(loop, kSideBySide),
      taken_(kSideBySide, false) {}

Reviews::~Reviews() = default;

void Reviews::cancel() {
  cancelled_ = true;
  programs_.stop_all();
}

void Reviews::decided() {
  programs_.stop([this](const fs::path& folder) {
    const auto asked = asked_.find(folder);
    return asked != asked_.end() && !is_wanted(asked->second);
  });
}

bool Reviews::is_wanted(const ReviewWork& effect) const {
  const TaskRecord* task = state_.find(effect.task);
  return !cancelled_ && task != nullptr && task->state == TaskState::Queued &&
         task->work == effect.work;
}

loop::Job<Result<Reviews::Change>> Reviews::change_of(const ReviewWork& effect,
                                                      const Review& review) {
  const Result<git::WorkChange> work =
      co_await git_.work_change(state_.run.integration, effect.work);
  if (!work) co_return passed_on(work);
  const auto profile = context_.config.agents.find(review.agent);
  std::string asked = review.name + '\x1f' + review.prompt;
  if (profile != context_.config.agents.end())
    asked += '\x1f' + join(profile->second.review, "\x1f");
  Change change;
  change.base = work->base;
  change.files = work->files;
  change.key = fmt::format("review-{}-{}-{}", hex(fnv1a(asked)), work->id, effect.task.value);
  co_return change;
}

loop::Job<ReviewWork::Ends> Reviews::review(const ReviewWork& effect) {
  cancelled_ = false;
  const Review* review = find_review(context_.config, effect.review);
  if (review == nullptr) co_return Reviewed{.verdict = Verdict::Pass};
  const Result<Change> change = co_await change_of(effect, *review);
  if (!change) co_return not_done(change.error());
  if (!applies(review->when, work_of(state_, effect.task, change->files)))
    co_return Reviewed{.verdict = Verdict::Pass};
  const Result<std::optional<std::string>> known = store_.review(change->key);
  if (!known) co_return not_done(known.error());
  if (*known) {
    if (std::optional<Reviewed> answer = decoded(**known)) co_return *answer;
  }
  const Result<Looked> looked = co_await look(effect, *review, change->base);
  if (!looked) co_return not_done(looked.error());
  const Reviewed* answer = &looked->answer;
  if (answer->verdict != Verdict::None) {
    const store::GateResult kept{.run = context_.info.id,
                                 .passed = answer->verdict != Verdict::Block,
                                 .why = encoded(*answer),
                                 .gate = review->name,
                                 .log = context_.paths.kept(answer->log),
                                 .took = looked->took};
    const Status saved = store_.save_review(change->key, kept);
    if (!saved) co_return not_done(saved.error());
  }
  co_return *answer;
}

loop::Job<Result<Reviews::Looked>> Reviews::look(const ReviewWork& effect, const Review& review,
                                                 CommitId base) {
  const git::AsyncSemaphore::Lock turn = co_await turns_.lock();
  if (!is_wanted(effect)) co_return fail(Fault::Busy, "the review was stopped");
  const int place = take_place();
  const fs::path checkout = context_.paths.home() / fmt::format("review.{}", place + 1);
  Result<Looked> looked = co_await look_in(checkout, effect, review, std::move(base));
  taken_[static_cast<std::size_t>(place)] = false;
  co_return looked;
}

int Reviews::take_place() {
  const auto free = std::ranges::find(taken_, false);  // the semaphore has as many turns
  *free = true;
  return static_cast<int>(free - taken_.begin());
}

loop::Job<Result<Reviews::Looked>> Reviews::look_in(fs::path checkout, const ReviewWork& effect,
                                                    const Review& review, CommitId base) {
  git::TestCheckoutRequest request;
  request.path = checkout;
  request.commit = effect.work;
  request.reason = "tmux-orch review";
  request.submodules_of = submodules_of(context_);
  const Result<std::string> tree = co_await git_.check_out_for_review(request);
  if (!tree) co_return because(tree, "the work cannot be checked out for its review");
  auto ask_text = git_.change_text(base, effect.work);
  const Result<std::string> text = co_await ask_text;
  // Without it there is the command that shows the change; a part of it would be taken for all.
  const Status shown = text ? write_file(checkout / kChangeFile, *text, 0600) : Status();
  if (!shown) co_return because(shown, "the change cannot be shown to its review");
  const TaskRecord* task = state_.find(effect.task);
  if (task == nullptr) co_return fail(Fault::NotFound, "the task is gone");
  const ReviewPlace place{.base = base.value,
                          .work = effect.work.value,
                          .wish = review.prompt,
                          .id = random_hex().substr(0, 8)};
  const std::string prompt = review_prompt(task->plan.spec, place);

  const fs::path folder = context_.run.reviews_of(effect.task, effect.attempt) / slug(review.name);
  (void)co_await loop::remove_tree(loop_, folder);  // a remainder would be in the way
  if (const Status made = make_folders(folder, 0700); !made) co_return passed_on(made);
  Result<shim::GateSpec> wanted = spec_for(review, checkout, prompt);
  if (!wanted) co_return passed_on(wanted);
  shim::GateSpec& spec = *wanted;
  spec.tree = *tree;
  spec.title = fmt::format("review {} of {}, by {}", review.name, effect.task.value, review.agent);
  if (const Status written = shim::write_spec(folder, spec); !written) co_return passed_on(written);
  failpoint("review.asked");
  asked_.insert_or_assign(folder, effect);
  const Status ran = co_await programs_.run(folder, review.timeout + spec.grace + kSlack);
  asked_.erase(folder);
  if (!ran) co_return because(ran, "the review cannot be run");
  const Result<shim::GateResult> result = shim::read_gate_result(folder);
  if (!result || result->outcomes.empty())
    co_return fail(Fault::Busy, "the review was stopped before it had a verdict");
  const std::string log = (folder / shim::attempt_file::kGateLog).string();
  Looked looked;
  looked.took = result->outcomes.back().ran;
  looked.answer = answer_of(result->outcomes.back(), log, place.id, review.timeout);
  co_return looked;
}

/// Its program in the sandbox, where agents are in one, and there it can only read what it looks
/// at.
Result<shim::GateSpec> Reviews::spec_for(const Review& review, const fs::path& checkout,
                                         const std::string& prompt) const {
  const auto profile = context_.config.agents.find(review.agent);
  if (profile == context_.config.agents.end())
    return fail(Fault::NotFound, "there is no agent '{}'", one_line(review.agent, 40));
  shim::GateSpec spec;
  spec.key = review.name;
  spec.env = agent_environment(context_, profile->second, {});
  shim::GateCommand command;
  command.cwd = checkout.string();
  command.timeout = review.timeout;
  command.argv = argv_for(profile->second, prompt);
  if (is_sandboxed(context_.config)) {
    const Result<SandboxPlace> place = review_place(context_, profile->second, checkout);
    if (!place) return passed_on(place);
    const std::vector<std::string> words = sandbox_command(*place);
    command.argv.insert(command.argv.begin(), words.begin(), words.end());
    add_variables(profile->second.sandbox_env, spec.env);
  }
  spec.commands.push_back(std::move(command));
  return spec;
}

}  // namespace orch::app
