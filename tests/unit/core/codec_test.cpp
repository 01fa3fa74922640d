// Everything that is stored comes back as it was, and nothing else is taken for it.
#include "orch/core/codec.hpp"

#include "catch.hpp"
#include "enum_check.hpp"
#include "full_values.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include <nlohmann/json.hpp>

using namespace orch;
using namespace orch::test;

namespace {

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
  CHECK(decode_message(encode(full_message())) == full_message());
  CHECK(decode_task(encode(TaskRecord{})) == TaskRecord{});
  RunRecord full = full_run();
  CHECK(decode_rules(encode(full.rules)) == full.rules);
  CHECK(decode_rules(encode(Rules{})) == Rules{});
  full.rules = {};
  CHECK(decode_run(encode(full_run())) == full);
  CHECK(decode_run(encode(RunRecord{})) == RunRecord{});
  const std::vector<Fact> facts = {{FactKind::TaskMerged, kTask, full_reason()}, {}};
  CHECK(decode_facts(encode(facts)) == facts);
  CHECK(decode_facts("[]") == std::vector<Fact>{});
  const auto later = decode_facts(R"([{"kind":"task.renamed","task":"T","text":"x"}])");
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
                                    std::pair(encode(full_run().rules), encode(Rules{})),
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
