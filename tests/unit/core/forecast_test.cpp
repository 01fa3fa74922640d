// Conflicts that are seen before anybody lands.
#include "core/forecast.hpp"

#include "run.hpp"

using namespace orch;
using namespace orch::test;

namespace {

ConflictsForeseen meets(const std::string& id, const std::vector<std::string>& others) {
  ConflictsForeseen event{.task = TaskId{id}};
  for (const std::string& other : others)
    event.conflicts.push_back({TaskId{other}, {"a.c", "b.c"}, 3});
  return event;
}

/// Tasks at work, four of them at once.
Run at_work(const std::vector<std::string>& ids) {
  std::vector<TaskSpec> tasks;
  for (const std::string& id : ids)
    tasks.push_back(task(id));
  Rules rules = plain_rules();
  rules.workers = static_cast<int>(ids.size());
  rules.anomalies["conflict"] = {AnomalySeverity::Low, 1, {AnomalyAction::Note}, 1min, "x"};
  Run run(tasks, rules);
  for (const std::string& id : ids)
    run.start(id);
  return run;
}

void finish(Run& run, const std::vector<std::string>& ids) {
  for (const std::string& id : ids)
    run.finish(id);
}

}  // namespace

TEST_CASE("a conflict is kept, and told as an anomaly of who is at work") {
  Run run = at_work({"A", "B"});
  run.handle(meets("A", {"B"}));
  CHECK(run.task("A").conflicts == meets("A", {"B"}).conflicts);
  const AnomalyRecord& record = run.agent("A").health.anomalies.at("conflict");
  CHECK(record.evidence == "B in a.c, b.c and 1 more");
  CHECK(record.amount == 3);
  run.handle(meets("A", {"B"}));
  CHECK(run.told("task.anomaly").size() == 1);
  run.handle(meets("A", {}));
  CHECK(run.task("A").conflicts.empty());
  CHECK(run.agent("A").health.anomalies.at("conflict").serial == 0);
}

TEST_CASE("of what waits, what conflicts with fewest others lands first") {
  Run run = at_work({"A", "B", "C", "D"});
  run.handle(meets("B", {"D"}));
  run.handle(meets("D", {"B"}));
  finish(run, {"A", "B", "C"});
  run.land("A");
  CHECK(run.state_of("C") == TaskState::Landing);
  run.land("C");
  CHECK(run.state_of("B") == TaskState::Landing);
}

TEST_CASE("a conflict with what has landed puts nobody back") {
  Run run = at_work({"A", "B", "C"});
  run.handle(meets("B", {"A"}));
  finish(run, {"A", "B", "C"});
  run.land("A");
  CHECK(run.state_of("B") == TaskState::Landing);
}

TEST_CASE("nobody is passed by more than eight others") {
  std::vector<std::string> ids = {"A", "B"};
  for (int number = 0; number < 12; ++number)
    ids.push_back(fmt::format("C{}", number));
  Run run = at_work(ids);
  run.handle(meets("B", {"C8", "C9", "C10", "C11"}));
  finish(run, ids);
  run.land("A");
  for (int number = 0; number < 8; ++number)
    run.land(fmt::format("C{}", number));
  CHECK(run.state_of("B") == TaskState::Landing);
}
