// Two hundred agents of two kinds, whose services go away and come back: by seed, in simulated
// time.
#include "run.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <random>

using namespace orch;
using namespace orch::test;

namespace {

constexpr int kTasks = 200;
constexpr int kMostEvents = 60'000;
const std::array<std::string, 2> kKinds{"claude", "codex"};

Rules rules() {
  Rules rules = plain_rules();
  rules.workers = kTasks;
  rules.attempts = 4;
  rules.task_timeout = 24h;
  rules.agent = kKinds[0];
  rules.route = {kKinds.begin(), kKinds.end()};
  rules.failover_after = 30min;
  for (const std::string& kind : kKinds) {
    rules.agents[kind] = {.done = DoneBy::Report, .resumes = true, .seen = true};
    rules.agents[kind].start_gap = 1s;
  }
  return rules;
}

std::vector<TaskSpec> tasks() {
  std::vector<TaskSpec> tasks;
  for (int number = 1; number <= kTasks; ++number)
    tasks.push_back(task_by(fmt::format("T{}", number), ""));
  return tasks;
}

/// What the services and the agents do; the run's effects are done at once.
class World {
 public:
  Run run{tasks(), rules()};

  explicit World(unsigned seed) : dice_(seed) {
    for (const std::string& kind : kKinds)
      plan_outages(kind);
  }

  /// Until nothing moves any more, or for a simulated day.
  void go_on() {
    do_effects();
    while (run.now < at_ms(0) + 24h && events_ < kMostEvents) {
      const auto next =
          std::ranges::min_element(turns_, {}, [](const auto& it) { return it.second; });
      const std::optional<Time> wake = run.engine.next_wake();
      if (next == turns_.end() && !wake) return;
      const bool is_turn = next != turns_.end() && (!wake || next->second <= *wake);
      run.now = std::max(run.now, is_turn ? next->second : *wake);
      if (is_turn) {
        const std::string id = next->first;
        turns_.erase(next);
        end_turn(id);
      } else {
        handle(ClockTicked{});
      }
      do_effects();
    }
  }

  int events() const { return events_; }

  /// The most that were told to continue, or started, within a minute of an outage.
  int herd() const { return herd_; }

 private:
  struct Outage {
    Time from;
    Time to;
    bool is_limit = false;  ///< and says when it is over
  };

  int below(int limit) { return static_cast<int>(dice_() % static_cast<unsigned>(limit)); }

  void plan_outages(const std::string& kind) {
    Time from = run.now + 1min;
    for (int number = 0; number < 3; ++number) {
      const Time to = from + std::chrono::minutes(1 + below(90));
      outages_[kind].push_back({from, to, below(2) == 0});
      from = to + std::chrono::minutes(20 + below(60));
    }
  }

  const Outage* outage_of(const std::string& kind) const {
    for (const Outage& outage : outages_.at(kind))
      if (outage.from <= run.now && run.now < outage.to) return &outage;
    return nullptr;
  }

  void handle(const Event& event) {
    ++events_;
    run.handle(event);
    check_ceilings();
  }

  void check_ceilings() {
    const Rules& rules = run.record().rules;
    for (const TaskRecord& task : run.state().tasks) {
      const AgentRun& agent = run.state().agent_of(task);
      if (task.auto_texts > rules.auto_texts || task.auto_restarts > rules.auto_restarts + 1 ||
          agent.continues > static_cast<int>(rules.continue_after.size()))
        FAIL(task.id().value << " has more than it may by itself");
    }
  }

  /// A turn takes a while, unless its service is away.
  void begin_turn(const std::string& id) {
    const std::string kind = run.agent(id).kind;
    const bool is_away = outage_of(kind) != nullptr;
    if (is_away) count(kind);
    turns_[id] = run.now + std::chrono::seconds(is_away ? 5 : 30 + below(600));
  }

  /// Of a kind that is known to be away.
  void count(const std::string& kind) {
    const auto record = run.record().kinds.find(kind);
    if (record == run.record().kinds.end() || !record->second.paused_until) return;
    std::erase_if(tried_[kind], [&](Time time) { return time + 1min <= run.now; });
    tried_[kind].push_back(run.now);
    herd_ = std::max(herd_, static_cast<int>(tried_[kind].size()));
  }

  void end_turn(const std::string& id) {
    const TaskRecord& task = run.task(id);
    const AgentRun& agent = run.agent(id);
    if (task.state != TaskState::Running || agent.phase != AgentPhase::Live) return;
    AgentSeen seen{.task = TaskId{id}, .attempt = task.attempts, .activity = Activity::Failed};
    if (const Outage* outage = outage_of(agent.kind)) {
      seen.evidence = "the service is away";
      seen.error = outage->is_limit ? TurnError::RateLimit : TurnError::Overloaded;
      if (outage->is_limit) seen.opens_in = outage->to - run.now;
      return handle(seen);
    }
    const int chance = below(100);
    if (chance < 3) {
      ++events_;
      run.exits(id, 1);
    } else if (chance < 10) {
      seen.activity = Activity::Idle;
      handle(seen);
    } else {
      ++events_;
      run.says(id, ReportKind::Done, "done", fmt::format("{}/{}", id, events_));
    }
  }

  void do_effects() {
    while (!run.state().pending.empty()) {
      const auto& [effect, entry] = *run.state().pending.begin();
      const EffectId number = effect;
      const std::string id = task_of(entry.effect).value;
      Outcome outcome;
      bool begins = false;
      std::visit(
          [&]<class Kind>(const Kind&) {
            begins = std::is_same_v<Kind, StartAgent> || std::is_same_v<Kind, TypeText>;
            outcome = usual_outcome<Kind>();
            if constexpr (std::is_same_v<Kind, TypeText>) outcome = TextTyped{true};
            if constexpr (std::is_same_v<Kind, Land>) outcome = Landed{CommitId{id}};
          },
          entry.effect);
      handle(EffectEnded{number, outcome});
      if (begins && run.state_of(id) == TaskState::Running) begin_turn(id);
    }
  }

  std::minstd_rand dice_;
  std::map<std::string, std::vector<Outage>> outages_;
  std::map<std::string, Time> turns_;  ///< when the turn of each agent ends
  std::map<std::string, std::vector<Time>> tried_;
  int herd_ = 0;
  int events_ = 0;
};

}  // namespace

TEST_CASE("two hundred agents get through outages without a herd, and none does more than it may") {
  const unsigned seed = GENERATE(1U, 2U, 3U, 4U);
  INFO("seed " << seed);
  World world(seed);
  world.go_on();
  int merged = 0;
  for (const TaskRecord& task : world.run.state().tasks) {
    INFO(task.id().value << " is " << to_text(task.state) << ", "
                         << world.run.why(task.id().value));
    const bool is_over = task.state == TaskState::Merged || task.state == TaskState::Failed;
    CHECK((is_over || needs_user(world.run.state(), task)));
    merged += task.state == TaskState::Merged ? 1 : 0;
  }
  CHECK(merged > kTasks / 2);
  CHECK(world.herd() <= 2);
  CHECK(world.events() < kMostEvents);
}
