#include "run/run_loop.hpp"

#include "catch.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace orch;

namespace {

using Texts = std::vector<std::string>;

std::string text_of(const Event& event) {
  if (const auto* report = std::get_if<AgentReported>(&event)) return report->id;
  if (const auto* asked = std::get_if<UserAsked>(&event))
    return fmt::format("{} {}", to_text(asked->verb), asked->task.value);
  return std::string(name_of(event));
}

/// What outlives a supervisor: what is stored, and what agents said and how they ended.
struct World {
  State stored;
  std::vector<AgentReported> reports;
  std::map<TaskId, AgentExited> exits;
  Texts log;  ///< all that was asked of the ports, in order
};

/// One life of a supervisor. All four ports keep a log; effects end when the test says so.
class Life : port::Ledger, port::Effects, port::Inbox, port::Clock {
 public:
  explicit Life(World& world) : world_(world), engine_(world.stored) {}

  bool full = false;              ///< there is no room for the next commit
  std::string ends_at_once = {};  ///< the effect that ends before begin() returns
  int wakes = 0;
  std::optional<Error> broken;
  Texts replies;
  std::map<std::string, std::pair<EffectId, Ended>> begun;
  std::map<TaskId, Exited> followed;

  RunLoop& loop() { return loop_; }

  const State& state() const { return engine_.state(); }

  void happens(Event event) {
    loop_.post(std::move(event));
    loop_.drain();
  }

  void ends(const std::string& effect, Outcome outcome) {
    REQUIRE(begun.contains(effect));
    begun.extract(effect).mapped().second(std::move(outcome));
    loop_.drain();
  }

  void ask(Verb verb, const char* task) {
    const UserAsked asked{verb, TaskId{task}};
    loop_.post(asked, [this, asked](const Result<Decision>& decision) {
      const std::string answer =
          !decision ? decision.error().what : ui::sentence(decision->refused);
      replies.push_back(fmt::format("{}: {}", text_of(asked), answer.empty() ? "ok" : answer));
    });
  }

 private:
  Status commit(const Event& event, const Decision&, const State& after, Time) override {
    if (full) return fail(Fault::Full, "the disk is full");
    world_.log.push_back("commit " + text_of(event));
    world_.stored = after;
    return {};
  }

  void begin(EffectId id, const Effect& effect, Ended ended) override {
    const std::string name = fmt::format("{} {}", name_of(effect), task_of(effect).value);
    world_.log.push_back("begin " + name);
    if (name == ends_at_once) return ended(Done{});
    const bool is_new = begun.emplace(name, std::pair(id, std::move(ended))).second;
    CHECK(is_new);
  }

  std::vector<AgentReported> read(const AgentRun& agent) override {
    std::vector<AgentReported> found;
    for (const AgentReported& report : world_.reports)
      if (report.task == agent.task && report.attempt == agent.attempt) found.push_back(report);
    return found;
  }

  void forget(const AgentReported& report) override {
    world_.log.push_back("forget " + report.id);
    std::erase(world_.reports, report);
  }

  void follow(const AgentRun& agent, Exited exited) override {
    world_.log.push_back(fmt::format("follow {}/{}", agent.task.value, agent.attempt));
    followed[agent.task] = std::move(exited);
  }

  void unfollow(const TaskId& task) override {
    world_.log.push_back("unfollow " + task.value);
    followed.erase(task);
  }

  Time now() const override { return at_ms(1000); }

  World& world_;
  Engine engine_;
  RunLoop loop_{engine_,
                {*this, *this, *this, *this},
                {[this] { ++wakes; }, [](const Decision&) {},
                 [this](const Error& error) { broken = error; }}};
};

RunStarted run_of(int tasks) {
  RunStarted started;
  started.rules.workers = tasks;
  started.rules.agent = "talker";
  started.rules.agents["talker"] = {DoneBy::Report, false, false, 0};
  started.rules.base = "main";
  started.base = CommitId{"start"};
  for (int number = 1; number <= tasks; ++number) {
    TaskSpec spec;
    spec.id.value = fmt::format("T{}", number);
    spec.title = "a task";
    started.tasks.push_back(spec);
  }
  return started;
}

AgentReported report(const char* id, ReportKind kind = ReportKind::Progress) {
  return {.id = id, .task = TaskId{"T1"}, .attempt = 1, .kind = kind, .text = "so far"};
}

const WorktreeReady kReady{"worktree", "branch", CommitId{"start"}};
const AgentStarted kStarted{"@1", "%1", 42};
const AgentExited kExited{.task = TaskId{"T1"}, .attempt = 1, .kind = ExitKind::Code};

/// T1's agent is at work, and the worktrees of the other tasks are being made.
World working(int tasks = 1) {
  World world;
  Life life(world);
  life.happens(run_of(tasks));
  life.ends("create_worktree T1", kReady);
  life.ends("start_agent T1", kStarted);
  REQUIRE(life.state().agent_of(life.state().tasks[0]).is_alive());
  world.log.clear();
  return world;
}

}  // namespace

TEST_CASE("an event is kept before anything that follows from it is begun") {
  World world;
  Life life(world);
  life.happens(run_of(1));
  life.ends("create_worktree T1", kReady);
  CHECK(world.log == Texts{"commit run_started", "begin create_worktree T1", "commit effect_ended",
                           "begin start_agent T1"});
}

TEST_CASE("what is posted waits for its turn, and its owner is woken once") {
  World world;
  Life life(world);
  life.loop().post(run_of(1));
  life.loop().post(ClockTicked{});
  CHECK(world.log.empty());
  CHECK(life.wakes == 1);
  CHECK_FALSE(life.loop().is_idle());
  life.loop().drain();
  CHECK(life.loop().is_idle());
  life.loop().post(ClockTicked{});
  CHECK(life.wakes == 2);
}

TEST_CASE("each request gets its own decision, also when effects end at once") {
  World world = working();
  Life life(world);
  life.loop().start();
  life.ends_at_once = "stop_agent T1";
  life.ask(Verb::Hold, "T1");
  life.ask(Verb::Retry, "T9");
  life.ask(Verb::Abort, "T1");
  life.ask(Verb::Hold, "T1");
  CHECK(life.replies.empty());
  life.loop().drain();
  REQUIRE(life.replies.size() == 4);
  CHECK(life.replies[0] == "hold T1: ok");
  CHECK(life.replies[1].starts_with("retry T9: "));
  CHECK(life.replies[1] != "retry T9: ok");
  CHECK(life.replies[2] == "abort T1: ok");
  // The agent's end came while `abort` was handled, and so behind the second `hold`.
  const auto at = [&](const char* line) {
    return std::ranges::find(world.log, std::string(line)) - world.log.begin();
  };
  CHECK(at("begin stop_agent T1") < at("commit effect_ended"));
  CHECK(at("commit effect_ended") > at("commit abort T1") + 1);
}

TEST_CASE("where the ledger fails nothing is begun, and everybody who waits is told") {
  World world;
  Life life(world);
  life.happens(run_of(1));
  world.log.clear();
  life.full = true;
  life.loop().post(ClockTicked{});
  life.ask(Verb::Hold, "T1");
  life.loop().drain();
  life.full = false;
  life.ask(Verb::Abort, "T1");
  life.ends("create_worktree T1", kReady);
  CHECK(world.log.empty());
  REQUIRE(life.broken);
  CHECK(life.broken->fault == Fault::Full);
  CHECK(life.replies == Texts{"hold T1: the disk is full", "abort T1: the disk is full"});
}

TEST_CASE("who waits when the run ends is told so") {
  World world;
  Life life(world);
  life.ask(Verb::Hold, "T1");
  life.loop().close({Fault::Busy, "the supervisor is ending", {}});
  CHECK(life.replies == Texts{"hold T1: the supervisor is ending"});
  CHECK_FALSE(life.broken);
}

TEST_CASE("a reply may post, and what it posts is handled") {
  World world;
  Life life(world);
  life.loop().post(run_of(1), [&](const Result<Decision>&) { life.loop().post(ClockTicked{}); });
  life.loop().drain();
  CHECK(world.log.back() == "commit clock_ticked");
}

TEST_CASE("a report leaves the inbox once it is kept, and is queued once") {
  World world = working();
  Life life(world);
  life.loop().start();
  world.reports = {report("r1"), report("r2")};
  world.log.clear();
  life.loop().read_inbox(TaskId{"T1"});
  life.loop().sweep_inbox();
  CHECK(world.reports.size() == 2);
  life.loop().drain();
  CHECK(world.log == Texts{"commit r1", "forget r1", "commit r2", "forget r2"});
}

TEST_CASE("a report that is not kept stays in the inbox") {
  World world = working();
  Life life(world);
  life.loop().start();
  world.reports = {report("r1"), report("r2")};
  life.full = true;
  life.loop().read_inbox(TaskId{"T1"});
  life.loop().drain();
  CHECK(world.reports.size() == 2);
}

TEST_CASE("reports are not read before the start of their agent is confirmed") {
  World world;
  Life life(world);
  life.happens(run_of(1));
  life.ends("create_worktree T1", kReady);
  world.reports = {report("r1")};
  life.loop().sweep_inbox();
  life.loop().read_inbox(TaskId{"T1"});
  CHECK(life.loop().is_idle());
  world.log.clear();
  life.ends("start_agent T1", kStarted);
  CHECK(world.log == Texts{"commit effect_ended", "follow T1/1", "commit r1", "forget r1"});
}

TEST_CASE("a ring has the inbox of its own task read, and a sweep that of all") {
  World world = working(2);
  {
    Life life(world);
    life.loop().start();
    life.ends("create_worktree T2", kReady);
    life.ends("start_agent T2", kStarted);
  }
  Life life(world);
  life.loop().start();
  AgentReported other = report("r2");
  other.task.value = "T2";
  world.reports = {report("r1"), other};
  world.log.clear();
  life.loop().read_inbox(TaskId{"T9"});
  CHECK(life.loop().is_idle());
  life.loop().read_inbox(TaskId{"T2"});
  life.loop().drain();
  CHECK(world.log == Texts{"commit r2", "forget r2"});
  life.loop().sweep_inbox();
  life.loop().drain();
  CHECK(world.reports.empty());
}

TEST_CASE("what an agent said last counts before its end does") {
  World world = working();
  Life life(world);
  life.loop().start();
  world.log.clear();
  world.reports = {report("r1", ReportKind::Done)};
  life.followed.at(TaskId{"T1"})(kExited);
  life.loop().drain();
  CHECK(world.log == Texts{"commit r1", "begin collect_work T1", "forget r1", "commit agent_exited",
                           "unfollow T1"});
}

TEST_CASE("an agent is followed once for each attempt, whoever started it") {
  World world = working();
  Life life(world);
  life.loop().start();
  CHECK(world.log == Texts{"follow T1/1"});
  life.ask(Verb::Hold, "T1");
  life.ask(Verb::Release, "T1");
  life.loop().drain();
  CHECK(std::ranges::count(world.log, "follow T1/1") == 1);
}

TEST_CASE("recovery takes reports, then follows, then goes on with what was under way") {
  World world = working(3);
  world.reports = {report("r1")};
  Life life(world);
  life.loop().start();
  CHECK(world.log == Texts{"commit r1", "follow T1/1", "forget r1", "begin create_worktree T2",
                           "begin create_worktree T3"});
}

TEST_CASE("recovery begins each effect once, also those that reports lead to") {
  World world = working();
  world.reports = {report("r1", ReportKind::Done)};
  Life life(world);
  life.loop().start();
  CHECK(world.log == Texts{"commit r1", "begin collect_work T1", "follow T1/1", "forget r1"});
}

TEST_CASE("recovery leaves alone what waits to be tried again") {
  World world;
  {
    Life life(world);
    life.happens(run_of(1));
    life.ends("create_worktree T1", NotDone{.why = "a lock", .hint = {}, .transient = true});
  }
  REQUIRE(world.stored.pending.size() == 1);
  world.log.clear();
  Life life(world);
  life.loop().start();
  CHECK(world.log.empty());
}

TEST_CASE("recovery begins nothing when what agents said cannot be kept") {
  World world = working(2);
  world.reports = {report("r1", ReportKind::Done)};
  Life life(world);
  life.full = true;
  life.loop().start();
  CHECK(world.log.empty());
  CHECK(life.broken);
}
