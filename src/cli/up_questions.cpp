// Asks the user, as far as there is one.
#include "cli/up_questions.hpp"

#include "app/run_on_disk.hpp"
#include "cli/ask.hpp"
#include "cli/output.hpp"
#include "orch/base/text.hpp"
#include "ui/plan_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch::cli {
namespace {

Failure stopped(std::string why) {
  return hinted(fail(Fault::Refused, "{}: nothing was started", why),
                "`tmux-orch plan -v` shows how the file is read");
}

/// Of the run that this `up` goes on with.
std::optional<Rules> rules_before(const Prepared& prepared) {
  const git::RepositoryFacts& facts = *prepared.repository;
  return app::rules_to_go_on_with(app::Paths(facts.root), prepared.task_file, facts.checkout);
}

Status settle_unread(const Prepared& prepared, const std::optional<Rules>& before, Rules& rules,
                     bool may_ask) {
  const tasks::Reading& reading = prepared.file.read.reading;
  if (!ui::is_mostly_unread(reading)) return {};
  rules.unread = reading.outside.work;
  // How much that is has been said with what else is wrong with the file.
  const bool is_known = before && before->unread >= rules.unread;
  if (!may_ask || is_known) return {};
  const char answer = ask(
      "most of the file is in no task: go on with what was read (g), or stop (x, the default)? ",
      'x');
  if (answer == 'g') return {};
  return stopped("most of the file is in no task");
}

/// What the user has answered before stays so, but what --only names now is to be done.
void take_answers(const Prepared& prepared, const Rules& before, Rules& rules) {
  const std::vector<TaskId>& only = prepared.view.only;
  rules.started = before.started;
  for (const TaskId& id : before.skipped) {
    const bool is_asked_for = std::ranges::find(only, id) != only.end();
    (is_asked_for ? rules.started : rules.skipped).push_back(id);
  }
}

/// The doubtful tasks that nobody asked for and nobody has answered for, by what makes them
/// doubtful.
std::map<std::string, std::vector<TaskId>> doubts_of(const Prepared& prepared, const Rules& rules) {
  std::map<std::string, std::vector<TaskId>> doubts;
  if (!prepared.view.only.empty()) return doubts;
  const auto names = [](const std::vector<TaskId>& ids, const TaskId& id) {
    return std::ranges::find(ids, id) != ids.end();
  };
  for (const PlannedTask& planned : prepared.plan.tasks) {
    const TaskSpec& task = planned.spec;
    const bool answered = names(rules.started, task.id) || names(rules.skipped, task.id);
    if (!task.done && !task.doubt.empty() && !answered) doubts[task.doubt].push_back(task.id);
  }
  return doubts;
}

std::string doubt_text(const std::string& doubt, const std::vector<TaskId>& ids) {
  constexpr std::size_t kShown = 6;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(ids.size(), kShown); ++i)
    names.push_back(one_line(ids[i].value, 40));
  return fmt::format("{}, and {} open: {}{}", one_line(doubt, 160),
                     ids.size() == 1 ? "a task is" : fmt::format("{} tasks are", ids.size()),
                     join(names, ", "), ids.size() > kShown ? ", ..." : "");
}

Status settle_doubtful(const Prepared& prepared, Rules& rules, bool may_ask) {
  const auto doubts = doubts_of(prepared, rules);
  if (doubts.empty()) return {};
  std::vector<TaskId> all;
  for (const auto& [doubt, ids] : doubts) {
    const std::string text = doubt_text(doubt, ids);
    if (may_ask) {
      print(text + "\n");
    } else {
      warn(text + "; held until you tick them or name them with --only");
    }
    all.insert(all.end(), ids.begin(), ids.end());
  }
  if (!may_ask) return {};
  const char answer =
      ask("skip these, as they are done (s, the default), do them (d), or quit (q)? ", 's');
  if (answer == 'q' || answer == 'x') return stopped("there are tasks that may be done");
  std::vector<TaskId>& answered = answer == 'd' ? rules.started : rules.skipped;
  answered.insert(answered.end(), all.begin(), all.end());
  return {};
}

}  // namespace

std::vector<TaskSpec> settled_tasks(const Prepared& prepared, const Rules& rules) {
  std::vector<TaskSpec> tasks = prepared.file.units.specs();
  settle_doubts(tasks, rules.started, rules.skipped);
  return tasks;
}

Status settle_tasks(Prepared& prepared, Rules& rules, bool may_ask) {
  const std::optional<Rules> before = rules_before(prepared);
  if (const Status unread = settle_unread(prepared, before, rules, may_ask); !unread) return unread;
  if (before) take_answers(prepared, *before, rules);
  if (const Status doubtful = settle_doubtful(prepared, rules, may_ask); !doubtful) return doubtful;
  if (rules.started.empty() && rules.skipped.empty()) return {};
  prepared.plan = make_plan(settled_tasks(prepared, rules));
  return {};
}

Result<OnOverlap> settle_overlaps(const Prepared& prepared, std::string answer, bool may_ask) {
  const ui::PlanPicture picture(prepared.plan, prepared.view);
  const auto shown = std::ranges::find_if(prepared.plan.overlaps, [&](const Overlap& overlap) {
    return picture.is_shown(overlap.first) && picture.is_shown(overlap.second);
  });
  if (shown == prepared.plan.overlaps.end()) return OnOverlap::Sequential;
  if (answer.empty() && may_ask) {
    print(ui::overlaps_text(picture, prepared.view));
    const char key =
        ask("run those one after the other (s, the default), continue anyway (c), or cancel (x)? ",
            's');
    answer = key == 'c' ? "continue" : key == 'x' ? "cancel" : "sequential";
  }
  const OnOverlap rule = from_text<OnOverlap>(answer).value_or(OnOverlap::Sequential);
  if (rule != OnOverlap::Cancel) return rule;
  return hinted(fail(Fault::Refused, "{} and {} both touch {}: nothing was started",
                     one_line(shown->first.value, 40), one_line(shown->second.value, 40),
                     one_line(join(shown->files, ", "), 100)),
                "`--on-overlap sequential` runs such tasks one after the other");
}

}  // namespace orch::cli
