// One list item a task, its fields below it, then its body.
#include "tasks/write/native_form.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/syntax.hpp"
#include "tasks/write/inert_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

namespace {

constexpr std::string_view kIndent = "  ";

/// How a line begins that the native reader splits into this id and the title; empty: none.
std::string opening_of(const std::string& id) {
  for (const char* pattern : {"{}: ", "#{} ", "**{}**: "}) {
    const std::string opening = fmt::format(fmt::runtime(pattern), id);
    const std::string line = opening + "title";
    const IdAndTitle split = split_id(line);
    if (split.form == IdForm::Strong && split.id == id && split.title == "title") return opening;
  }
  return {};
}

/// A path that a list of files reads back as it is.
std::string written_path(const std::string& path) {
  const bool plain = path.find_first_of(",;:(){}` \t") == std::string::npos;
  return plain || path.find('`') != std::string::npos ? path : '`' + path + '`';
}

/// The text of a unit, without what its agent is told about naming its parts: here it has none.
std::string_view text_of(const TaskSpec& task) {
  std::string_view body = trim(task.body);
  const std::size_t last = body.rfind('\n') + 1;
  if (body.substr(last).starts_with(kHowToNameParts)) body = trim(body.substr(0, last));
  return body;
}

/// Without the priority, which is a field here: in the title it has the line read by other rules.
std::string title_of(const TaskSpec& task) {
  std::string title = one_line(task.title);
  const std::size_t open = lower(title).find("(priority:");
  const std::size_t close = open == std::string::npos ? open : title.find(')', open);
  if (close == std::string::npos) return title;
  title.erase(open, close - open + 1);
  if (open > 0 && open < title.size() && title[open] == ' ') title.erase(open, 1);
  return std::string(trim(title));
}

class Form {
 public:
  /// `status`: of the task in its place, where its mark does not say all; may be shorter.
  /// `made_up`: ids that no file writes, which get short names instead.
  Form(std::vector<const TaskSpec*> tasks, std::vector<std::string> status,
       const std::unordered_set<std::string_view>& made_up)
      : tasks_(std::move(tasks)), status_(std::move(status)) {
    status_.resize(tasks_.size());
    std::unordered_set<std::string_view> taken;
    for (const TaskSpec* task : tasks_)
      taken.insert(task->id.value);
    int number = 0;
    for (const TaskSpec* task : tasks_) {
      const std::string& id = task->id.value;
      std::string name = id;
      if (made_up.contains(id) || opening_of(id).empty()) {
        do {
          name = fmt::format("T{}", ++number);
        } while (taken.contains(name));
      }
      names_[id] = std::move(name);
    }
  }

  std::string text(const std::string& title) const {
    std::string text = fmt::format("# {}\n", one_line(title, 200));
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      text += '\n' + task_text(*tasks_[i], status_[i]);
    return text;
  }

 private:
  std::string name_of(const std::string& id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? id : found->second;
  }

  std::string task_text(const TaskSpec& task, const std::string& status) const {
    const std::string name = name_of(task.id.value);
    std::string text =
        fmt::format("- [{}] {}{}\n", mark_of(task), opening_of(name), title_of(task));
    const auto field = [&text](std::string_view key, const std::string& value) {
      if (!value.empty()) text += fmt::format("{}{}: {}\n", kIndent, key, value);
    };
    field("Depends", join(needs_of(task), ", "));
    field("Ordered after", join(order_of(task), ", "));
    field("Status", status);
    if (task.human) field("Owner", "user");
    field("Files", join(files_of(task), ", "));
    if (task.priority != Priority::P2) field("Priority", std::string(to_text(task.priority)));
    field("Agent", one_line(task.agent));
    field("Tags", one_line(join(task.tags, ", ")));
    if (task.timeout) field("Timeout", fmt::format("{}s", task.timeout->count() / 1000));
    return text + body_text(text_of(task));
  }

  static char mark_of(const TaskSpec& task) {
    if (task.done) return 'x';
    return task.withheld.empty() || task.human ? ' ' : '~';
  }

  std::vector<std::string> needs_of(const TaskSpec& task) const {
    std::vector<std::string> needs;
    for (const TaskId& id : task.depends) {
      const std::string name = name_of(id.value);
      if (std::ranges::find(needs, name) == needs.end()) needs.push_back(name);
    }
    return needs;
  }

  /// What only the convention implies stays apart from what was said.
  std::vector<std::string> order_of(const TaskSpec& task) const {
    std::vector<std::string> order;
    for (const auto& [id, why] : task.after)
      if (std::ranges::find(task.depends, id) == task.depends.end())
        order.push_back(name_of(id.value));
    return order;
  }

  static std::vector<std::string> files_of(const TaskSpec& task) {
    std::vector<std::string> files;
    for (const std::string& file : task.files) {
      const bool created = std::ranges::find(task.creates, file) != task.creates.end();
      files.push_back(written_path(file) + (created ? " (create)" : ""));
    }
    return files;
  }

  /// Indented, so that it belongs to the item.
  static std::string body_text(std::string_view body) {
    if (body.empty()) return {};
    std::string text;
    const std::string inert = inert_text(body);
    for (const std::string_view line : split_lines(inert))
      text += trim(line).empty() ? "\n" : fmt::format("{}{}\n", kIndent, line);
    while (text.ends_with("\n\n"))
      text.pop_back();
    return text;
  }

  std::vector<const TaskSpec*> tasks_;
  std::vector<std::string> status_;
  std::unordered_map<std::string_view, std::string> names_;
};

/// A word for what a box cannot say of the unit: deferred is said by its mark.
std::string status_of(const Unit& unit, const std::vector<const Item*>& items) {
  const auto all = [&items](Standing standing) {
    return !items.empty() &&
           std::ranges::all_of(items, [&](const Item* one) { return one->standing == standing; });
  };
  if (unit.spec.done) return all(Standing::Cancelled) ? "cancelled" : "";
  if (unit.spec.withheld == "optional") return "optional";
  return unit.spec.withheld.starts_with("not to be started") ? "held" : "";
}

}  // namespace

std::string native_form(const std::vector<TaskSpec>& tasks, const std::string& title) {
  std::vector<const TaskSpec*> all;
  for (const TaskSpec& task : tasks)
    all.push_back(&task);
  return Form(std::move(all), {}, {}).text(title);
}

std::string native_form(const Reading& reading, const Units& units, const std::string& title) {
  std::vector<std::vector<const Item*>> items(units.units.size());
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    if (units.unit_of[i] >= 0)
      items[static_cast<std::size_t>(units.unit_of[i])].push_back(&reading.items[i]);
  }
  std::vector<std::string> status;
  std::vector<const TaskSpec*> specs;
  std::unordered_set<std::string_view> made_up;
  for (std::size_t i = 0; i < units.units.size(); ++i) {
    specs.push_back(&units.units[i].spec);
    const std::string& id = specs.back()->id.value;
    status.push_back(status_of(units.units[i], items[i]));
    const bool is_written = std::ranges::any_of(
        items[i], [&id](const Item* item) { return item->has_id && item->id == id; });
    if (!is_written) made_up.insert(id);
  }
  return Form(std::move(specs), std::move(status), made_up).text(title);
}

}  // namespace orch::tasks
