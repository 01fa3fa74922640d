// An engine with a few tasks and short words for what happens to them.
#include "run.hpp"

#include <fmt/format.h>

namespace orch::test {

TaskSpec task(const std::string& id, const std::vector<std::string>& needs) {
  TaskSpec spec;
  spec.id.value = id;
  spec.title = "do " + id;
  for (const std::string& need : needs)
    spec.depends.push_back(TaskId{need});
  return spec;
}

TaskSpec task_on(const std::string& id, const std::vector<std::string>& files) {
  TaskSpec spec = task(id);
  spec.files = files;
  return spec;
}

TaskSpec ranked(const std::string& id, Priority priority, const std::vector<std::string>& needs) {
  TaskSpec spec = task(id, needs);
  spec.priority = priority;
  return spec;
}

TaskSpec task_by(const std::string& id, const std::string& agent) {
  TaskSpec spec = task(id);
  spec.agent = agent;
  return spec;
}

Rules plain_rules() {
  Rules rules;
  rules.workers = 2;
  rules.agent = "sh";
  rules.agents["sh"] = {.done = DoneBy::Exit, .commit = true};
  rules.agents["talker"] = {.done = DoneBy::Report, .seen = true};
  rules.agents["resumer"] = {.done = DoneBy::Report, .resumes = true};
  rules.base = "main";
  rules.write_back = false;
  rules.follow = Follow::Never;
  rules.rounds = 0;
  return rules;
}

Run::Run(std::vector<TaskSpec> tasks, Rules rules) {
  int line = 0;
  for (TaskSpec& spec : tasks)
    spec.line = ++line;
  handle(RunStarted{std::move(rules), std::move(tasks), CommitId{"base"}});
}

const Decision& Run::handle(const Event& event) {
  last = engine.handle(event, now);
  facts_.insert(facts_.end(), last.facts.begin(), last.facts.end());
  return last;
}

const Decision& Run::ask(Verb verb, const std::string& id) {
  return handle(UserAsked{verb, TaskId{id}});
}

const Decision& Run::pass(Span span) {
  now += span;
  return handle(ClockTicked{});
}

void Run::start(const std::string& id) {
  end<CreateWorktree>(id);
  end<StartAgent>(id);
}

void Run::finish(const std::string& id) {
  if (engine.state().run.rules.agents.at(agent(id).kind).done == DoneBy::Exit) {
    exits(id, 0);
  } else {
    says(id, ReportKind::Done);
  }
  end<CollectWork>(id, WorkCollected{CommitId{"work of " + id}, true, {}});
}

void Run::land(const std::string& id) {
  end<PrepareLanding>(id, LandingPrepared{CommitId{"candidate of " + id}});
  if (in_flight<TestLanding>(id) != nullptr) end<TestLanding>(id);
  end<Land>(id, Landed{CommitId{"candidate of " + id}});
}

void Run::merge(const std::string& id) {
  start(id);
  finish(id);
  land(id);
}

void Run::clean_up(const std::string& id) {
  if (in_flight<StopAgent>(id) != nullptr) end<StopAgent>(id);
  if (in_flight<TickFile>(id) != nullptr) end<TickFile>(id);
  end<CleanUp>(id);
}

void Run::fail(const std::string& id) {
  exits(id, 1);
  end<RescueWork>(id);
}

void Run::give_up(const std::string& id) {
  while (state_of(id) != TaskState::Failed) {
    start(id);
    fail(id);
    pass(10min);
  }
}

const Decision& Run::exits(const std::string& id, int code, ExitKind kind) {
  return handle(AgentExited{TaskId{id}, task(id).attempts, kind, code, "it ended"});
}

const Decision& Run::says(const std::string& id, ReportKind kind, const std::string& text,
                          const std::string& report) {
  AgentReported event{.id = report.empty() ? fmt::format("r{}", ++reports_) : report,
                      .task = TaskId{id},
                      .attempt = task(id).attempts,
                      .kind = kind,
                      .text = text};
  if (kind == ReportKind::Done) event.head.value = "head";
  return handle(event);
}

const TaskRecord& Run::task(const std::string& id) const {
  const TaskRecord* found = state().find(TaskId{id});
  INFO("there is a task " << id);
  REQUIRE(found != nullptr);
  return *found;
}

std::vector<std::string> Run::told(const std::string& kind) const {
  std::vector<std::string> texts;
  for (const Fact& fact : facts_) {
    if (to_text(fact.kind) == kind)
      texts.push_back(fmt::format("{}: {}", fact.task.value, ui::sentence(fact)));
  }
  return texts;
}

std::vector<std::string> Run::outbox() const {
  std::vector<std::string> names;
  for (const auto& [id, entry] : state().pending) {
    const std::string& owner = task_of(entry.effect).value;
    names.push_back(std::string(name_of(entry.effect)) + (owner.empty() ? "" : " " + owner));
  }
  return names;
}

}  // namespace orch::test
