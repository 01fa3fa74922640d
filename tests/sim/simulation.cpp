// A run from one seed: its supervisor lives, is killed and lives again, and people and agents do
// what they do.
#include "sim/simulation.hpp"

#include "orch/core/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::sim {
namespace {

using namespace std::chrono_literals;

constexpr int kStepsToRest = 20'000;

}  // namespace

Simulation::Simulation(std::uint64_t seed, bool print)
    : dice_(seed),
      print_(print),
      rules_(draw_rules()),
      tasks_(dice_),
      world_(dice_, rules_.tested, dice_.chance(4)),
      witness_(world_, dice_, print) {}

Rules Simulation::draw_rules() {
  Rules rules;
  rules.workers = 1 + dice_.below(3);
  rules.attempts = 1 + dice_.below(3);
  rules.task_timeout = 10min;
  rules.on_overlap = dice_.chance(80) ? OnOverlap::Sequential : OnOverlap::Continue;
  rules.agent = dice_.chance(50) ? "sh" : "talker";
  rules.agents["sh"] = {DoneBy::Exit, true, false, 0};
  rules.agents["talker"] = {DoneBy::Report, dice_.chance(50), false, 0};
  rules.agents["resumer"] = {DoneBy::Report, false, true, dice_.below(3)};
  if (dice_.chance(10)) rules.only = {TaskId{"T1"}, TaskId{"T3"}};
  rules.base = "main";
  rules.tested = dice_.chance(75);
  rules.test_base = dice_.chance(75);
  rules.write_back = dice_.chance(60);
  rules.follow = static_cast<Follow>(dice_.below(3));
  if (dice_.chance(60)) rules.wait_user = dice_.chance(50) ? 0min : 10min;
  rules.seed = dice_.roll();
  // Not by the dice, so that what a seed is known for stays.
  AgentRules& talker = rules.agents["talker"];
  talker.seen = rules.seed % 4 != 1;
  talker.interrupt_after = std::chrono::minutes(5);
  if (rules.seed % 3 == 0) talker.failed_start = 1h;
  if (rules.seed % 5 == 0) talker.start_gap = 2s;
  rules.idle_agents = static_cast<int>(rules.seed % 4) - 1;
  rules.rounds = static_cast<int>(rules.seed % 5) % 3;
  if (rules.seed % 6 == 2) rules.reviews = {{"style", false}};
  if (rules.seed % 6 == 3) rules.reviews = {{"style", false}, {"security", true}};
  talker.first_alone = rules.seed % 7 == 0;
  if (rules.seed % 4 == 0) rules.agents["resumer"].failed_start = 1h;
  talker.interruptible = rules.seed % 2 == 0;
  rules.auto_restarts = 2 + static_cast<int>(rules.seed % 6);
  if (rules.seed % 6 == 1) rules.task_budget.turns = 5;
  if (rules.seed % 9 == 2) rules.run_budget = {.cost = 2'000'000, .turns = 30};
  if (rules.seed % 5 == 3) {
    rules.route = {"talker", "resumer"};
    talker.capabilities = {"src/"};
  }
  if (rules.seed % 3 == 1) rules.failover_after = 1min;
  if (rules.seed % 8 > 2) {
    rules.parallel = 2 + static_cast<int>(rules.seed % 5);
    rules.workers += 3;  // so that there is a queue
  }
  rules.push = static_cast<PushWhen>(rules.seed % 3);
  rules.push_command = rules.seed % 2 == 0;
  rules.in_order = rules.seed % 10 == 3;
  if (rules.seed % 4 == 2) rules.coordinator = {.agent = rules.seed % 8 == 2 ? "talker" : "sh"};
  rules.made.tasks = 4;
  using enum AnomalyAction;
  const AnomalyAction last = rules.seed % 3 == 0 ? Abort : Tell;
  rules.anomalies["loop"] = {
      AnomalySeverity::Medium, 3, {Message, Interrupt, Restart, last}, 1min, "Stop."};
  return rules;
}

// `up` decides and stores by itself, and begins nothing: the supervisor that it starts does.
void Simulation::up() {
  life_.reset();
  while (true) {
    try {
      Engine engine(witness_.read_back());
      witness_.begins(engine);
      Event event = RunResumed{rules_, tasks_.read(), dice_.chance(30)};
      if (witness_.is_empty()) event = RunStarted{rules_, tasks_.read(), world_.base()};
      const Decision decision = engine.handle(event, clock_.time);
      if (witness_.commit(event, decision, engine.state(), clock_.time)) return start();
    } catch (const Killed&) {
      if (!witness_.is_empty()) return start();
    }
  }
}

void Simulation::start() {
  while (true) {
    life_ = std::make_unique<Life>(world_, dice_, witness_, clock_);
    witness_.begins(life_->engine);
    try {
      life_->loop.start();
      if (life_->broken) continue;
      return life_->mailbox.look_for_forgotten();
    } catch (const Killed&) {
      if (print_) fmt::print("{:>9} -- killed at its start --\n", to_ms(clock_.time));
    }
  }
}

// What is not in the store is gone. Agents, git and tmux go on without a supervisor.
void Simulation::restart() {
  if (print_) fmt::print("{:>9} -- killed --\n", to_ms(clock_.time));
  life_.reset();
  for (int i = dice_.below(4); i > 0; --i)
    world_.agent_acts();
  if (dice_.chance(20)) world_.tmux_dies();
  if (dice_.chance(10)) world_.machine_restarts();
  if (dice_.chance(30)) return start();
  if (dice_.chance(20)) rules_.workers = 1 + dice_.below(3);
  up();
}

/// A step that the supervisor may not survive.
void Simulation::live(const std::function<void()>& step) {
  try {
    step();
  } catch (const Killed&) {
    return restart();
  }
  if (life_->broken) restart();
}

void Simulation::post(Event event) {
  life_->loop.post(std::move(event));
}

bool Simulation::drain() {
  if (!std::exchange(life_->woken, false)) return false;
  life_->loop.drain();
  if (life_->broken) return true;
  life_->mailbox.look_for_forgotten();
  if (life_->unanswered > 0) world_.complain("somebody waits for an answer");
  return true;
}

/// Rings get lost, so that a sweep must do as well; and some ring of whom nobody knows.
void Simulation::ring() {
  life_->loop.read_inbox(TaskId{fmt::format("T{}", 1 + dice_.below(9))});
}

bool Simulation::sweep_inbox() {
  life_->loop.sweep_inbox();
  return !life_->loop.is_idle();
}

bool Simulation::look_at_clock() {
  const std::optional<Time> wake = life_->engine.next_wake();
  if (!wake || *wake > clock_.time) return false;
  post(ClockTicked{});
  return true;
}

std::string Simulation::run(int steps) {
  up();
  for (int i = 0; i < steps && world_.complaints().empty(); ++i) {
    clock_.time += Span(dice_.below(dice_.chance(4) ? 200'000 : 2'000));
    live([this] {
      something_happens();
      // Several things may be in the queue before its turn comes.
      if (dice_.chance(70)) drain();
    });
  }
  world_.faults = false;
  tasks_.repair();
  if (world_.complaints().empty()) come_to_rest();
  if (world_.complaints().empty()) help_until_finished();
  if (world_.complaints().empty()) check_the_end();
  if (std::string other = witness_.replay(); !other.empty()) world_.complain(std::move(other));
  return world_.complaints().empty() ? "" : world_.complaints().front();
}

void Simulation::something_happens() {
  switch (dice_.below(17)) {
    case 0:
    case 1:
    case 2: life_->hands.do_one(); break;
    case 3:
    case 4:
    case 5: life_->hands.tell_one(); break;
    case 6:
    case 7:
    case 8: world_.agent_acts(); break;
    case 9: ring(); break;
    case 10: sweep_inbox(); break;
    case 11: life_->mailbox.tell_an_exit(); break;
    case 12: look_at_clock(); break;
    case 15: agent_is_seen(); break;
    case 13:
      if (dice_.chance(40)) user_asks();
      break;
    case 14:
      if (dice_.chance(25)) user_edits_tasks();
      if (dice_.chance(5)) world_.tmux_dies();
      if (dice_.chance(1)) throw Killed{};
      break;
    default: stale_news();
  }
}

/// What agents are seen at tells nothing of what they do, and may be of an attempt that is over.
void Simulation::agent_is_seen() {
  // Not by the dice, so that what a seed is known for stays.
  if (const std::int64_t ms = to_ms(clock_.time); ms % 8 == 0)
    post(MemorySeen{.is_short = ms % 16 == 0, .available = ms, .biggest = TaskId{"T1"}});
  const TaskId task{fmt::format("T{}", 1 + dice_.below(9))};
  const TaskRecord* known = state().find(task);
  if (known == nullptr) return;
  if (dice_.chance(15)) {
    const Control control = dice_.chance(50) ? Control::User : Control::Ours;
    return post(ControlSeen{task, known->attempts - static_cast<int>(dice_.below(2)), control});
  }
  const auto& [activity, name] = EnumNames<Activity>::kTable[dice_.below(5)];
  AgentSeen seen{.task = task,
                 .attempt = known->attempts - static_cast<int>(dice_.below(2)),
                 .activity = activity,
                 .kind = std::string(name),
                 .question = activity == Activity::Asking ? "q" : "",
                 .stalled = activity == Activity::Busy && dice_.chance(20)};
  // Not by the dice, so that what a seed is known for stays.
  const auto place = static_cast<std::size_t>(to_ms(clock_.time) % 4);
  if (activity == Activity::Asking && place > 0) {
    seen.kind = "permission";
    seen.ruling = {EnumNames<PolicyAnswer>::kTable[place - 1].first,
                   place > 1 ? "a rule" : "",
                   {"tool", "command"}};
  }
  if (activity == Activity::Failed) {
    const auto moment = static_cast<std::size_t>(to_ms(clock_.time));
    seen.error = EnumNames<TurnError>::kTable[moment % 6].first;
    if (moment % 3 == 0) seen.opens_in = std::chrono::seconds(moment % 600);
  }
  if (activity == Activity::Busy && place == 1) {
    const std::int64_t ms = to_ms(clock_.time);
    return post(AnomalySeen{.task = task,
                            .attempt = seen.attempt,
                            .anomaly = Anomaly::Loop,
                            .amount = ms / 4 % 5,
                            .serial = ms,
                            .evidence = "the same"});
  }
  if (activity == Activity::Busy && place == 2) {
    ConflictsForeseen seen_now{.task = task};
    const std::size_t other =
        static_cast<std::size_t>(to_ms(clock_.time) / 4) % state().tasks.size();
    if (state().tasks[other].id() != task)
      seen_now.conflicts.push_back({state().tasks[other].id(), {"a.c"}, 1});
    return post(std::move(seen_now));
  }
  if (activity == Activity::Idle && place == 2) {
    const TokenCount tokens{.input = to_ms(clock_.time), .output = seen.attempt};
    return post(AgentUsed{
        task, seen.attempt, "/log", {.models = {{"m", tokens}}, .cost = tokens.input / 2}});
  }
  post(std::move(seen));
}

/// Somebody answers all agents that wait for it.
bool Simulation::answer_agents() {
  bool any = false;
  for (const TaskRecord& task : state().tasks) {
    const AgentRun& agent = state().agent_of(task);
    const bool is_taken = agent.phase == AgentPhase::Live && agent.control == Control::User;
    if (is_taken) post(ControlSeen{task.id(), task.attempts, Control::Ours});
    any = any || is_taken;
    // At its prompt, so that what it is to be told can be typed.
    const bool is_told = agent.phase == AgentPhase::Live && has_open_message(state(), task) &&
                         agent.turn.activity != Activity::Idle;
    if (is_told)
      post(AgentSeen{.task = task.id(), .attempt = task.attempts, .activity = Activity::Idle});
    any = any || is_told;
    // It is through at some time.
    if (!is_told && task.plan.spec.coordinates() && agent.phase == AgentPhase::Live &&
        agent.turn.activity == Activity::Busy) {
      post(AgentSeen{.task = task.id(), .attempt = task.attempts, .activity = Activity::Idle});
      any = true;
    }
    if (is_told || !agent_waits_for_user(state(), task)) continue;
    post(AgentSeen{.task = task.id(), .attempt = task.attempts, .activity = Activity::Busy});
    any = true;
  }
  return any;
}

void Simulation::user_asks() {
  constexpr Verb kVerbs[] = {Verb::Abort,   Verb::Retry, Verb::Merge,   Verb::Hold,  Verb::Release,
                             Verb::Release, Verb::Send,  Verb::SendNow, Verb::Answer};
  if (dice_.chance(8)) {
    return ask(UserAsked{dice_.chance(70) ? Verb::Down : Verb::DownKeepAgents, {}});
  }
  TaskId task{fmt::format("T{}", 1 + dice_.below(9))};
  if (dice_.chance(3)) task.value.clear();
  const Verb verb = kVerbs[dice_.below(std::size(kVerbs))];
  const bool all_aborted = verb == Verb::Abort && task.value.empty();
  if (all_aborted && dice_.chance(70)) return;
  const TaskRecord* known = state().find(task);
  const bool blocked = known != nullptr && known->state == TaskState::Blocked &&
                       state().pending.is_idle(known->id());
  if (verb == Verb::Merge && blocked && dice_.chance(60)) world_.user_resolves(task);
  if (verb == Verb::Release) world_.agents_that_wait_go_on(task);
  UserAsked asked{verb, task};
  // What has landed is not started again anyway.
  const bool has_landed = known != nullptr && known->state == TaskState::Merged;
  if (verb == Verb::Retry && has_landed) asked.verb = Verb::Undo;
  if (verb == Verb::Hold && to_ms(clock_.time) % 3 == 0) asked = make_tasks();
  if (verb == Verb::Send || verb == Verb::SendNow)
    asked.message = fmt::format("m{}", dice_.below(20));
  if (verb == Verb::Answer) {
    asked.message = "q";
    if (to_ms(clock_.time) % 2 == 0) asked.verb = Verb::AnswerAlways;
  }
  if (state().coordinator() != nullptr && to_ms(clock_.time) % 5 == 1)
    asked.by = state().coordinator()->id();
  ask(asked);
}

/// Two tasks that are none of the file; the second one needs the first.
UserAsked Simulation::make_tasks() const {
  const auto number = to_ms(clock_.time) % 7;
  const auto made = [](const std::string& id) {
    TaskSpec spec;
    spec.id = TaskId{id};
    spec.title = "made";
    spec.made_by = "user";
    return spec;
  };
  TaskSpec first = made(fmt::format("M{}", number));
  TaskSpec second = made(fmt::format("M{}-2", number));
  second.depends = {first.id};
  return {.verb = number % 2 == 0 ? Verb::Make : Verb::MakeHeld,
          .message = "id",
          .tasks = {std::move(first), std::move(second)}};
}

/// Whoever asks is told once, of the decision on this and no other event.
void Simulation::ask(const UserAsked& asked) {
  ++life_->unanswered;
  life_->loop.post(asked, [this, asked](const Result<Decision>& decision) {
    if (life_->unanswered-- == 0) world_.complain("an answer comes twice");
    if (decision && witness_.past().back() != Event(asked)) {
      world_.complain(fmt::format("{} is answered by something else", to_text(asked.verb)));
    }
  });
}

void Simulation::user_edits_tasks() {
  tasks_.edit(state());
  post(TasksChanged{tasks_.read()});
}

// What is over is heard of again, in any order; people move branches; a stopped run goes on.
void Simulation::stale_news() {
  const RunPhase phase = state().run.phase;
  const bool over = phase == RunPhase::Stopped || phase == RunPhase::Finished;
  if (over && dice_.chance(30)) return up();
  switch (dice_.below(7)) {
    case 0: {
      const Event& again = dice_.pick(witness_.past());
      const auto* ended = std::get_if<EffectEnded>(&again);
      const bool counts_once = (ended != nullptr && !state().pending.contains(ended->effect)) ||
                               std::holds_alternative<AgentExited>(again) ||
                               std::holds_alternative<AgentReported>(again);
      if (counts_once) post(Event(again));
      break;
    }
    // Of an effect that nobody will have decided on by the time that this is handled.
    case 1: post(EffectEnded{state().run.next_effect + 1'000'000, Done{}}); break;
    case 2: world_.user_commits_on_base(); break;
    case 3: post(BaseMoved{world_.base()}); break;
    case 4:
      if (dice_.chance(20)) world_.outsider_moves_integration();
      break;
    case 5: exit_while_starting(); break;
    default: post(ClockTicked{});
  }
}

/// Nobody tells of an agent whose start is not confirmed; and if somebody does, it does no harm.
void Simulation::exit_while_starting() {
  // Handled at once, before its start can be confirmed.
  if (!life_->loop.is_idle()) return;
  for (const TaskRecord& task : state().tasks) {
    const AgentExited* exit = world_.exit_of(task.id(), task.attempts);
    const bool starting = exit != nullptr && is_starting(state(), task.id()) &&
                          task.state == TaskState::Running && !state().agent_of(task).said_done &&
                          !state().agent_of(task).is_alive();
    if (!starting) continue;
    post(*exit);
    drain();
    return;
  }
}

// Nobody helps and nothing breaks any more: all that can move does, and then the run stands still.
void Simulation::come_to_rest() {
  drain();
  post(TasksChanged{tasks_.read()});
  for (int i = 0; i < kStepsToRest && world_.complaints().empty(); ++i) {
    clock_.time += 10ms;
    if (moves()) continue;
    if (state().run.phase == RunPhase::Stopped) {
      up();
      continue;
    }
    const std::optional<Time> wake = life_->engine.next_wake();
    if (!wake) return check_the_end();
    clock_.time = *wake;
  }
  world_.complain("does not come to rest");
}

bool Simulation::moves() {
  if (drain() || life_->hands.do_one() || life_->hands.tell_one() || sweep_inbox()) return true;
  if (life_->mailbox.tell_an_exit() || look_at_clock() || answer_agents()) return true;
  if (!world_.any_agent_busy()) return false;
  world_.agent_acts();
  return true;
}

void Simulation::help_until_finished() {
  if (state().run.phase == RunPhase::BaseRed) return;
  ask(UserAsked{Verb::Abort, {}});
  come_to_rest();
  if (world_.complaints().empty() && state().run.phase != RunPhase::Finished) {
    world_.complain("all is aborted, and the run does not end");
  }
}

void Simulation::check_the_end() {
  const State& state = this->state();
  if (!state.pending.empty()) world_.complain("at rest with things to do");
  if (std::string lost = world_.lost_commit(); !lost.empty()) world_.complain(std::move(lost));
  if (state.run.phase == RunPhase::BaseRed) return;
  if (std::string stuck = Invariants::stuck_task(state); !stuck.empty()) {
    world_.complain(std::move(stuck));
  }
  for (const TaskRecord& task : state.tasks) {
    const bool landed = world_.is_landed(task.id(), task.attempts);
    if (landed && task.state != TaskState::Merged && task.items_merged.empty()) {
      world_.complain(fmt::format("{} has landed and is {}", task.id().value, to_text(task.state)));
    }
  }
  const auto last = std::ranges::find_if(
      witness_.past().rbegin(), witness_.past().rend(),
      [](const Event& event) { return std::holds_alternative<BaseMoved>(event); });
  const bool forgotten = last != witness_.past().rend() && state.run.behind_why.empty() &&
                         !world_.is_merged_in(std::get<BaseMoved>(*last).tip);
  if (forgotten) world_.complain("the user's commits are forgotten");
  const bool waits = state.run.phase == RunPhase::Running && state.run.waiting_for_user &&
                     !state.run.rules.wait_user;
  const bool held_at_work = std::ranges::any_of(state.tasks, [](const TaskRecord& task) {
    return task.held && task.state == TaskState::Running;
  });
  if (state.run.phase != RunPhase::Finished && !waits && !held_at_work) {
    world_.complain(fmt::format("nothing moves and the run is {}", to_text(state.run.phase)));
  }
}

}  // namespace orch::sim
