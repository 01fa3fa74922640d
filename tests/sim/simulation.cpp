// The supervisor of the simulation: decides, commits and carries out, and may be killed between
// any two of these.
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
      world_(dice_, rules_.tested, dice_.chance(4)) {}

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
  return rules;
}

void Simulation::complain(std::string what) {
  if (complaint_.empty()) complaint_ = std::move(what);
}

void Simulation::handle(const Event& event) {
  const State before = engine_.state();
  const Decision decision = engine_.handle(event, now_);
  if (print_) {
    fmt::print("{:>9} {}\n", to_ms(now_), encode(event));
    for (const Fact& fact : decision.facts)
      fmt::print("{:>9}   # {} {} {}\n", "", fact.kind, fact.task.value, fact.text);
    if (!decision.refused.empty()) fmt::print("{:>9}   refused: {}\n", "", decision.refused);
    for (const auto& [id, effect] : decision.effects)
      fmt::print("{:>9}   {} {}\n", "", id, encode(effect));
  }
  // Killed before the commit: the event has never been.
  if (world_.faults && dice_.per_mille(15)) return killed();
  ledger_.commit(event, decision, engine_.state(), now_);
  past_.push_back(event);
  complain(ledger_.difference_from(engine_.state()));
  complain(invariants_.check(before, event, decision, engine_, now_));
  complain(unheard(before, event));
  for (const auto& [id, effect] : decision.effects)
    in_flight_.emplace(id, effect);
  if (world_.faults && dice_.per_mille(15)) killed();
}

// An agent that said done and runs into its time limit has said so to nobody.
std::string Simulation::unheard(const State& before, const Event& event) const {
  if (!std::holds_alternative<ClockTicked>(event)) return {};
  for (const TaskRecord& task : engine_.state().tasks) {
    const TaskRecord* was = before.find(task.id());
    const bool timed_out = is_ending(task.state) && task.ending == Ending::Failed &&
                           was != nullptr && was->state == TaskState::Running;
    if (timed_out && world_.was_heard_done(task.id(), task.attempt.number)) {
      return fmt::format("{} said done and nobody heard it", task.id().value);
    }
  }
  return {};
}

// What is not in the store is gone. Agents, git and tmux go on without a supervisor.
void Simulation::killed() {
  if (print_) fmt::print("{:>9} -- killed --\n", to_ms(now_));
  in_flight_.clear();
  arrived_.clear();
  for (int i = dice_.below(4); i > 0; --i)
    world_.agent_acts();
  if (dice_.chance(20)) world_.tmux_dies();
  if (dice_.chance(10)) world_.machine_restarts();
  engine_ = Engine(ledger_.read_back());
  for (const auto& [id, entry] : engine_.state().pending) {
    if (!entry.retry.not_before) in_flight_.emplace(id, entry.effect);
  }
  if (ledger_.trace().empty()) return begin();
  if (dice_.chance(70)) restarted();
}

void Simulation::restarted() {
  if (dice_.chance(20)) rules_.workers = 1 + dice_.below(3);
  arrived_.push_back(RunResumed{rules_, tasks_.read(), dice_.chance(30)});
}

void Simulation::begin() {
  handle(RunStarted{rules_, tasks_.read(), world_.base()});
}

bool Simulation::carry_out_one() {
  if (in_flight_.empty()) return false;
  auto chosen = in_flight_.begin();
  std::advance(chosen, dice_.below(static_cast<int>(in_flight_.size())));
  const auto [id, effect] = *chosen;
  const Outcome outcome = world_.carry_out(id, effect);
  // Killed between the deed and the news of it: it will be done again.
  if (world_.faults && dice_.per_mille(30)) {
    killed();
    return true;
  }
  in_flight_.erase(id);
  arrived_.push_back(EffectEnded{id, outcome});
  return true;
}

bool Simulation::deliver_one() {
  if (arrived_.empty()) return false;
  std::swap(arrived_.front(), dice_.pick(arrived_));
  const Event event = std::move(arrived_.front());
  arrived_.pop_front();
  handle(event);
  return true;
}

bool Simulation::read_a_report() {
  if (world_.spool.empty()) return false;
  const AgentReported report = world_.spool.front();
  const std::size_t stored = ledger_.trace().size();
  handle(report);
  // It is taken out of the spool after the commit; a kill in between leaves it there.
  const bool kept = ledger_.trace().size() == stored || (world_.faults && dice_.chance(10));
  if (!kept) world_.spool.erase(world_.spool.begin());
  return true;
}

bool Simulation::notice_an_exit() {
  for (const TaskRecord& task : engine_.state().tasks) {
    const AgentExited* exit = world_.exit_of(task.id(), task.attempt.number);
    if (exit == nullptr) continue;
    const auto doing = engine_.state().pending.find(task.doing);
    const bool starting = doing != engine_.state().pending.end() &&
                          std::holds_alternative<StartAgent>(doing->second.effect) &&
                          task.state == TaskState::Running && !task.attempt.done;
    if (!task.attempt.alive && !(starting && dice_.chance(30))) continue;
    // What it said before it ended is read first.
    const auto said = [&](const AgentReported& report) { return report.task == exit->task; };
    while (std::ranges::any_of(world_.spool, said)) {
      if (!read_a_report()) break;
    }
    handle(AgentExited(*exit));
    return true;
  }
  return false;
}

bool Simulation::look_at_clock() {
  const std::optional<Time> wake = engine_.next_wake();
  if (!wake || *wake > now_) return false;
  handle(ClockTicked{});
  return true;
}

std::string Simulation::run(int steps) {
  begin();
  for (int i = 0; i < steps && complaint_.empty(); ++i) {
    now_ += Span(dice_.below(dice_.chance(4) ? 200'000 : 2'000));
    something_happens();
    if (!world_.complaints().empty()) complain(world_.complaints().front());
  }
  world_.faults = false;
  tasks_.repair();
  if (complaint_.empty()) come_to_rest();
  if (complaint_.empty()) help_until_finished();
  if (complaint_.empty()) check_the_end();
  return complaint_;
}

void Simulation::something_happens() {
  switch (dice_.below(16)) {
    case 0:
    case 1:
    case 2: carry_out_one(); break;
    case 3:
    case 4:
    case 5: deliver_one(); break;
    case 6:
    case 7:
    case 8: world_.agent_acts(); break;
    case 9:
    case 10: read_a_report(); break;
    case 11: notice_an_exit(); break;
    case 12: look_at_clock(); break;
    case 13:
      if (dice_.chance(40)) person_asks();
      break;
    case 14:
      if (dice_.chance(25)) person_edits_tasks();
      if (dice_.chance(5)) world_.tmux_dies();
      if (dice_.chance(1)) killed();
      break;
    default: stale_news();
  }
}

void Simulation::person_asks() {
  constexpr Verb kVerbs[] = {Verb::Abort, Verb::Retry,   Verb::Merge,
                             Verb::Hold,  Verb::Release, Verb::Release};
  if (dice_.chance(8)) {
    return handle(PersonAsked{dice_.chance(70) ? Verb::Down : Verb::DownKeepAgents, {}});
  }
  TaskId task{fmt::format("T{}", 1 + dice_.below(9))};
  if (dice_.chance(3)) task.value.clear();
  const Verb verb = kVerbs[dice_.below(6)];
  const bool all_aborted = verb == Verb::Abort && task.value.empty();
  if (all_aborted && dice_.chance(70)) return;
  const TaskRecord* known = engine_.state().find(task);
  const bool blocked = known != nullptr && known->state == TaskState::Blocked && known->doing == 0;
  if (verb == Verb::Merge && blocked && dice_.chance(60)) world_.person_resolves(task);
  if (verb == Verb::Release) world_.agents_that_wait_go_on(task);
  handle(PersonAsked{verb, task});
}

void Simulation::person_edits_tasks() {
  tasks_.edit(engine_.state());
  handle(TasksChanged{tasks_.read()});
}

// What is over is heard of again, in any order; people move branches; a stopped run goes on.
void Simulation::stale_news() {
  const RunPhase phase = engine_.state().run.phase;
  const bool over = phase == RunPhase::Stopped || phase == RunPhase::Finished;
  if (over && dice_.chance(30)) return restarted();
  switch (dice_.below(6)) {
    case 0: {
      const Event& again = dice_.pick(past_);
      const auto* ended = std::get_if<EffectEnded>(&again);
      const bool counts_once =
          (ended != nullptr && !engine_.state().pending.contains(ended->effect)) ||
          std::holds_alternative<AgentExited>(again) ||
          std::holds_alternative<AgentReported>(again);
      if (counts_once) handle(Event(again));
      break;
    }
    case 1: handle(EffectEnded{engine_.state().run.next_effect + 5, Done{}}); break;
    case 2: world_.person_commits_on_base(); break;
    case 3: handle(BaseMoved{world_.base()}); break;
    case 4:
      if (dice_.chance(20)) world_.outsider_moves_integration();
      break;
    default: handle(ClockTicked{});
  }
}

// Nobody helps and nothing breaks any more: all that can move does, and then the run stands still.
void Simulation::come_to_rest() {
  while (deliver_one())
    continue;
  handle(TasksChanged{tasks_.read()});
  for (int i = 0; i < kStepsToRest && complaint_.empty(); ++i) {
    now_ += 10ms;
    if (!world_.complaints().empty()) return complain(world_.complaints().front());
    if (carry_out_one() || deliver_one() || read_a_report() || notice_an_exit()) continue;
    if (look_at_clock()) continue;
    if (world_.any_agent_busy()) {
      world_.agent_acts();
      continue;
    }
    const RunPhase phase = engine_.state().run.phase;
    if (phase == RunPhase::Stopped) {
      handle(RunResumed{rules_, tasks_.read(), false});
      continue;
    }
    const std::optional<Time> wake = engine_.next_wake();
    if (!wake) return check_the_end();
    now_ = *wake;
  }
  complain("does not come to rest");
}

void Simulation::help_until_finished() {
  if (engine_.state().run.phase == RunPhase::BaseRed) return;
  handle(PersonAsked{Verb::Abort, {}});
  come_to_rest();
  if (complaint_.empty() && engine_.state().run.phase != RunPhase::Finished) {
    complain("all is aborted, and the run does not end");
  }
}

void Simulation::check_the_end() {
  const State& state = engine_.state();
  if (!state.pending.empty()) complain("at rest with things to do");
  if (state.run.phase == RunPhase::BaseRed) return;
  complain(Invariants::stuck_task(state));
  for (const TaskRecord& task : state.tasks) {
    const bool landed = world_.is_landed(task.id(), task.attempt.number);
    if (landed && task.state != TaskState::Merged && task.items_merged.empty()) {
      complain(fmt::format("{} has landed and is {}", task.id().value, to_text(task.state)));
    }
  }
  const auto last = std::ranges::find_if(past_.rbegin(), past_.rend(), [](const Event& event) {
    return std::holds_alternative<BaseMoved>(event);
  });
  const bool forgotten = last != past_.rend() && state.run.behind_why.empty() &&
                         !world_.is_merged_in(std::get<BaseMoved>(*last).tip);
  if (forgotten) complain("the person's commits are forgotten");
  const bool waits = state.run.phase == RunPhase::Running && state.run.waiting_for_person &&
                     !state.run.rules.wait_user;
  const bool held_at_work = std::ranges::any_of(state.tasks, [](const TaskRecord& task) {
    return task.held && task.state == TaskState::Running;
  });
  if (state.run.phase != RunPhase::Finished && !waits && !held_at_work) {
    complain(fmt::format("nothing moves and the run is {}", to_text(state.run.phase)));
  }
  complain(ledger_.replay());
}

}  // namespace orch::sim
