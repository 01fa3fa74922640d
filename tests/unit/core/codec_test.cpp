// Everything that is stored comes back as it was, and nothing else is taken for it.
#include "orch/core/codec.hpp"

#include "catch.hpp"
#include "enum_check.hpp"

#include <fmt/format.h>

#include <limits>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

using namespace orch;

namespace {

// One value of each kind, every field another than its default. A new kind does not compile here
// until it has one.
const TaskId kTask{"T-1 \"ä\""};
const CommitId kCommit{"c0ffee"};

Reason full_reason() {
  return {.kind = ReasonKind::BaseRefused,
          .text = "it said \x01",
          .hint = "do it",
          .whole = true,
          .number = -7,
          .attempt = 2,
          .path = "/log",
          .names = {"main", "a.c"},
          .cause = {{.kind = ReasonKind::Fault, .text = "busy"}}};
}

TaskSpec full_spec() {
  return {.id = kTask,
          .title = "Write \"it\"",
          .body = "line\nline\t\x01 \xF0\x9F\x98\x80",
          .script = "make",
          .done = true,
          .depends = {TaskId{"T0"}},
          .after = {{TaskId{"T8"}, "phase order"}},
          .items = {"T-1", "T-1.1"},
          .file = "t-1.md",
          .withheld = "deferred",
          .priority = Priority::P0,
          .creates = {"a.c"},
          .files = {"a.c", "b/"},
          .tags = {"security"},
          .agent = "pi",
          .timeout = Span(90'000),
          .parent = TaskId{"T"},
          .line = 12};
}

Rules full_rules() {
  return {.workers = 9,
          .attempts = 7,
          .task_timeout = Span(1),
          .retry_delay = Span(2),
          .on_overlap = OnOverlap::Cancel,
          .agent = "sh",
          .agents = {{"sh", {DoneBy::Exit, true, true, 3}}, {"pi", {}}},
          .only = {kTask},
          .base = "main",
          .tested = true,
          .test_base = false,
          .write_back = false,
          .follow = Follow::Never,
          .wait_user = Span(5),
          .seed = std::numeric_limits<std::uint64_t>::max()};
}

TaskRecord full_task() {
  TaskRecord task;
  task.plan = {full_spec(), {{TaskId{"T9"}, "T9 creates a.c"}}, Priority::P1, 2, 3};
  task.needs = {TaskId{"T0"}};
  task.overlaps = {TaskId{"T3"}};
  task.state = TaskState::Aborted;
  task.why = full_reason();
  task.stuck = Stuck::Landing;
  task.held = true;
  task.wanted = false;
  task.gone = true;
  task.attempts = 2;
  task.agent = 4;
  task.worker = 3;
  task.crashes = 1;
  task.failures = 2;
  task.restarts = 3;
  task.not_before = at_ms(7);
  task.ending = Ending::Redo;
  task.ending_why = quoted("tmux");
  task.reported = task.work = task.merged = kCommit;
  task.landing = 9;
  task.items_merged = {"T-1"};
  task.changed = false;
  task.untested = true;
  task.left = "left a file";
  task.progress = 0.1;
  task.last_note = "half of it";
  task.seen_reports = {"r1", "r2"};
  task.rescues = {"refs/orch/rescue/1"};
  task.queued_order = 10;
  task.worked = Span(11);
  task.tick = Tick::Late;
  task.cleaned = true;
  task.changed_at = at_ms(12);
  return task;
}

AgentRun full_agent() {
  return {.id = 4,
          .role = Role::Reviewer,
          .task = TaskId{"T"},
          .attempt = 2,
          .worker = 3,
          .kind = "pi",
          .worktree = "/w",
          .branch = "orch/T",
          .start = kCommit,
          .window = "@1",
          .pane = "%2",
          .shim = {"host", 1LL << 40, 7, "boot"},
          .token = "token",
          .phase = AgentPhase::Exiting,
          .began = at_ms(6),
          .busy_since = at_ms(4),
          .busy = Span(5),
          .items = {"T-1.1"},
          .no_changes = true,
          .said_done = true,
          .last_words = "it works"};
}

RunRecord full_run() {
  RunRecord run;
  run.rules = full_rules();
  run.phase = RunPhase::Finished;
  run.why = quoted("why");
  run.base_start = run.integration = run.followed = run.base_tip = run.base_work = kCommit;
  run.landings = {{TaskId{"T"}, 2, kCommit, kCommit, kCommit, LandingState::Moving}};
  run.behind_why = quoted("dirty");
  run.behind_command = "git merge";
  run.following = true;
  run.follow_tried = run.base_refused = kCommit;
  run.base_landing = 1;
  run.keep_agents = run.last_ticks = true;
  run.next_effect = 3;
  run.next_order = 4;
  run.next_agent = 5;
  run.waiting_for_user = at_ms(5);
  run.dispatched = 6;
  run.test_failures = 7;
  run.parallel_time = Span(8);
  run.started = at_ms(9);
  run.ended = at_ms(10);
  return run;
}

void fill(TestBase& it) {
  it = {kCommit};
}

void fill(CreateWorktree& it) {
  it = {kTask, 1, "pi", kCommit, true, kCommit};
}

void fill(StartAgent& it) {
  it = {kTask, 1, 2, "pi", "/w", "b", full_reason()};
}

void fill(StopAgent& it) {
  it = {kTask, 1};
}

void fill(CollectWork& it) {
  it = {kTask, 1, "/w", "b", kCommit, kCommit, true};
}

void fill(RescueWork& it) {
  it = {kTask, 1, "/w", "b", kCommit};
}

void fill(PrepareLanding& it) {
  it = {kTask, 1, kCommit, kCommit};
}

void fill(TestLanding& it) {
  it = {kTask, 1, kCommit, kCommit};
}

void fill(Land& it) {
  it = {kTask, 1, kCommit, kCommit};
}

void fill(FollowBase& it) {
  it = {kCommit};
}

void fill(TickFile& it) {
  it = {kTask};
}

void fill(CleanUp& it) {
  it = {kTask, 1, "/w", "b", kCommit};
}

void fill(WriteReport&) {}

void fill(NotDone& it) {
  it = {"why", "hint", true, true, true};
}

void fill(WorktreeReady& it) {
  it = {"/w", "b", kCommit, "left a file"};
}

void fill(AgentStarted& it) {
  it = {"@1", "%2", 3};
}

void fill(Done&) {}

void fill(WorkCollected& it) {
  it = {kCommit, true, "note"};
}

void fill(WorkRescued& it) {
  it = {"ref", "left a file"};
}

void fill(LandingPrepared& it) {
  it = {kCommit};
}

void fill(LandingConflicts& it) {
  it = {{"a.c", "b.c"}};
}

void fill(Tested& it) {
  it = {true, "why", "/log"};
}

void fill(Landed& it) {
  it = {kCommit};
}

void fill(BranchMoved& it) {
  it = {kCommit};
}

void fill(StayedBehind& it) {
  it = {"why", "git merge"};
}

void fill(RunStarted& it) {
  it = {full_rules(), {full_spec()}, kCommit, {{kTask, kCommit}}};
}

void fill(RunResumed& it) {
  it = {full_rules(), {full_spec()}, true, {kTask}};
}

void fill(TasksChanged& it) {
  it = {{full_spec(), TaskSpec{}}, {kTask}};
}

void fill(EffectEnded& it) {
  it = {1LL << 50, Done{}};
}

void fill(AgentExited& it) {
  it = {kTask, 1, ExitKind::Hangup, 2, "why"};
}

void fill(AgentReported& it) {
  it = {"id", kTask, 1, ReportKind::Progress, "text", 0.75, kCommit, true, {"T-1.1"}};
}

void fill(UserAsked& it) {
  it = {Verb::DownKeepAgents, kTask};
}

void fill(BaseMoved& it) {
  it = {kCommit};
}

void fill(ClockTicked&) {}

template <class... Kinds>
std::vector<std::variant<Kinds...>> one_of_each(const std::variant<Kinds...>*) {
  const auto filled = [](auto kind) {
    fill(kind);
    return std::variant<Kinds...>(kind);
  };
  return {filled(Kinds{})...};
}

template <class Variant>
std::vector<Variant> one_of_each() {
  return one_of_each(static_cast<const Variant*>(nullptr));
}

constexpr std::string_view kDamaged[] = {"",
                                         "{",
                                         "null",
                                         "[]",
                                         "7",
                                         "\"text\"",
                                         "{}x",
                                         R"({"type":7})",
                                         R"({"type":"no_such"})",
                                         R"({"type":null})",
                                         "\x80\xff"};

}  // namespace

TEST_CASE("every kind of event comes back as it was") {
  for (const Event& event : one_of_each<Event>()) {
    INFO(encode(event));
    const Result<Event> back = decode_event(encode(event));
    REQUIRE(back);
    CHECK(*back == event);
  }
}

TEST_CASE("every kind of outcome comes back as it was") {
  for (const Outcome& outcome : one_of_each<Outcome>()) {
    const Event event = EffectEnded{7, outcome};
    INFO(encode(event));
    const Result<Event> back = decode_event(encode(event));
    REQUIRE(back);
    CHECK(*back == event);
  }
}

TEST_CASE("every kind of effect comes back as it was") {
  const std::vector<Effect> effects = one_of_each<Effect>();
  CHECK(effects.size() == effect_names().size());
  for (const Effect& effect : effects) {
    INFO(encode(effect));
    const Result<OutboxEntry> back = decode_entry(encode(effect));
    REQUIRE(back);
    CHECK(*back == OutboxEntry{effect, {}});
  }
}

TEST_CASE("an entry of the outbox comes back as it was, tried before or not") {
  const OutboxEntry fresh{StopAgent{kTask, 1}, {}};
  CHECK(decode_entry(encode(fresh)) == fresh);
  CHECK(encode(fresh) == encode(fresh.effect));
  const OutboxEntry waiting{StopAgent{kTask, 1}, {3, at_ms(9), full_reason()}};
  CHECK(decode_entry(encode(waiting)) == waiting);
}

TEST_CASE("records and facts come back as they were, full and empty") {
  CHECK(decode_task(encode(full_task())) == full_task());
  CHECK(decode_agent(encode(full_agent())) == full_agent());
  CHECK(decode_task(encode(TaskRecord{})) == TaskRecord{});
  CHECK(decode_run(encode(full_run())) == full_run());
  CHECK(decode_run(encode(RunRecord{})) == RunRecord{});
  const std::vector<Fact> facts = {{FactKind::TaskMerged, kTask, full_reason()}, {}};
  CHECK(decode_facts(encode(facts)) == facts);
  CHECK(decode_facts("[]") == std::vector<Fact>{});
  const auto later = decode_facts(R"([{"kind":"task.reviewed","task":"T","text":"x"}])");
  REQUIRE(later);
  CHECK(later->front().kind == FactKind::Other);
  CHECK(later->front().reason == quoted("x"));
}

TEST_CASE("a sentence that an earlier version stored is a reason, word for word") {
  const Result<TaskRecord> task = decode_task(R"({"why":"aborted by you","ending_why":""})");
  REQUIRE(task);
  CHECK(task->why == quoted("aborted by you"));
  CHECK(task->ending_why.empty());
}

// That no field is left out is seen by the compiler, in codec.cpp; here it is seen that the full
// records are full, so that the tests above look at every field.
TEST_CASE("the full records have no field that is as in an empty one") {
  for (const auto& [full, empty] : {std::pair(encode(full_task()), encode(TaskRecord{})),
                                    std::pair(encode(full_agent()), encode(AgentRun{})),
                                    std::pair(encode(full_run()), encode(RunRecord{}))}) {
    const auto fields = nlohmann::json::parse(full).flatten();
    const auto untouched = nlohmann::json::parse(empty).flatten();
    for (const auto& [field, value] : untouched.items()) {
      INFO(field);
      CHECK((!fields.contains(field) || fields[field] != value));
    }
  }
}

TEST_CASE("every value of an enum has a name of its own") {
  test::has_all_names<TaskState>();
  test::has_all_names<Ending>();
  test::has_all_names<Step>();
  test::has_all_names<LandingState>();
  test::has_all_names<LandingStep>();
  test::has_all_names<FactKind>();
  test::has_all_names<Role>();
  test::has_all_names<AgentPhase>();
  test::has_all_names<AgentStep>();
  test::has_all_names<Stuck>();
  test::has_all_names<RunPhase>();
  test::has_all_names<Verb>();
  test::has_all_names<ReportKind>();
  test::has_all_names<ExitKind>();
  test::has_all_names<Priority>();
  test::has_all_names<Severity>();
  test::has_all_names<OnOverlap>();
  test::has_all_names<DoneBy>();
  test::has_all_names<Follow>();
}

TEST_CASE("a number or an unknown word where an enum is stored is refused") {
  for (const std::string_view value : {"3", "\"\"", "\"merge\"", "null"}) {
    INFO(value);
    CHECK(decode_task(fmt::format(R"({{"state":{}}})", value)).error().fault == Fault::Corrupt);
  }
}

TEST_CASE("names of kinds differ, so that none is taken for another") {
  std::set<std::string_view> names;
  for (const Effect& effect : one_of_each<Effect>())
    CHECK(names.insert(name_of(effect)).second);
  names.clear();
  for (const Event& event : one_of_each<Event>())
    CHECK(names.insert(name_of(event)).second);
  names.clear();
  for (const Outcome& outcome : one_of_each<Outcome>())
    CHECK(names.insert(name_of(outcome)).second);
}

TEST_CASE("what was not written by us is refused and named") {
  for (const std::string_view text : kDamaged) {
    INFO(text);
    CHECK(decode_event(text).error().fault == Fault::Corrupt);
    CHECK(decode_entry(text).error().fault == Fault::Corrupt);
  }
  for (const std::string_view text : {"", "{", "null", "[]", "7", "\"text\"", "{}x"}) {
    INFO(text);
    CHECK(decode_task(text).error().fault == Fault::Corrupt);
    CHECK(decode_run(text).error().fault == Fault::Corrupt);
  }
  for (const std::string_view text : {"", "[", "7", "[7]", "{\"kind\":1}"}) {
    INFO(text);
    CHECK(decode_facts(text).error().fault == Fault::Corrupt);
  }
  CHECK(decode_event(R"({"type":"base_moved","tip":7})").error().fault == Fault::Corrupt);
  CHECK(decode_event(R"({"type":"effect_ended","effect":1})").error().fault == Fault::Corrupt);
  CHECK(decode_event(R"({"type":"effect_ended","effect":1,"outcome":{"type":"x"}})")
            .error()
            .what.starts_with("stored event cannot be read: "));
}

TEST_CASE("a text cut short at any byte is refused") {
  const std::string whole = encode(Event(UserAsked{Verb::Retry, kTask}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(decode_event(whole.substr(0, size)).error().fault == Fault::Corrupt);
}

TEST_CASE("an event cannot be read as an effect") {
  CHECK_FALSE(decode_entry(encode(Event(ClockTicked{}))));
  CHECK_FALSE(decode_event(encode(Effect(WriteReport{}))));
}

TEST_CASE("fields that an older version did not write take their default") {
  CHECK(decode_task("{}") == TaskRecord{});
  CHECK(decode_run("{}") == RunRecord{});
  CHECK(decode_event(R"({"type":"base_moved"})") == Event(BaseMoved{}));
  CHECK(decode_event(R"({"type":"base_moved","tip":"c","colour":"red"})") ==
        Event(BaseMoved{CommitId{"c"}}));
}

TEST_CASE("bytes that are not UTF-8 become marks and lose nothing else") {
  const AgentReported report{.id = "r", .task = kTask, .text = "caf\xE9 \x80\xFF fin"};
  const Result<Event> back = decode_event(encode(Event(report)));
  REQUIRE(back);
  CHECK(std::get<AgentReported>(*back).text == "caf\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD fin");
}

TEST_CASE("equal states have equal hashes, other states have others") {
  State state;
  state.run = full_run();
  state.tasks = std::vector{full_task(), TaskRecord{}};
  state.agents.emplace(4, full_agent());
  state.pending.add(7, OutboxEntry{TestBase{kCommit}, {}});
  const std::uint64_t hash = state_hash(state);
  CHECK(state_hash(State(state)) == hash);
  State other = state;
  SECTION("another run") {
    ++other.run.next_order;
  }
  SECTION("another task") {
    other.tasks[1].why = quoted("x");
  }
  SECTION("a task less") {
    other.tasks = std::vector{full_task()};
  }
  SECTION("another agent") {
    other.agents.at(4).pane = "x";
  }
  SECTION("an agent less") {
    other.agents.clear();
  }
  SECTION("another effect") {
    other.pending.take(7);
    other.pending.add(7, OutboxEntry{TestBase{}, {}});
  }
  SECTION("the same effect by another number") {
    other.pending.clear();
    other.pending.add(8, OutboxEntry{TestBase{kCommit}, {}});
  }
  SECTION("an effect that is tried again") {
    other.pending.retry_of(7).tries = 1;
  }
  CHECK(state_hash(other) != hash);
}
