// One list item a task, its fields below it, then its body.
#include "tasks/write/native_form.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/text/syntax.hpp"
#include "tasks/text/text_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace orch::tasks {

namespace {

constexpr std::string_view kIndent = "  ";

/// How a line begins that the native reader splits into this id and the title; empty: none.
std::string opening_of(const std::string& id) {
  for (const char* pattern : {"{}: ", "#{} ", "**{}**: "}) {
    const std::string opening = fmt::format(fmt::runtime(pattern), id);
    const IdAndTitle split = split_id(opening + "title");
    if (split.form == IdForm::Strong && split.id == id && split.title == "title") return opening;
  }
  return {};
}

class Form {
 public:
  explicit Form(const std::vector<TaskSpec>& tasks) : tasks_(tasks) {
    TextIds ids;
    for (const TaskSpec& task : tasks)
      ids.reserve(task.id.value);
    int number = 0;
    for (const TaskSpec& task : tasks) {
      ++number;
      const bool fits = !opening_of(task.id.value).empty();
      names_[task.id.value] =
          fits ? task.id.value : fmt::format("T{}-{}", number, ids.next(task.id.value));
    }
  }

  std::string text(const std::string& title) const {
    std::string text = fmt::format("# {}\n", one_line(title, 200));
    for (const TaskSpec& task : tasks_)
      text += '\n' + task_text(task);
    return text;
  }

 private:
  std::string name_of(const std::string& id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? id : found->second;
  }

  std::string task_text(const TaskSpec& task) const {
    const std::string name = name_of(task.id.value);
    std::string text =
        fmt::format("- [{}] {}{}\n", mark_of(task), opening_of(name), one_line(task.title, 300));
    const auto field = [&text](std::string_view key, const std::string& value) {
      if (!value.empty()) text += fmt::format("{}{}: {}\n", kIndent, key, value);
    };
    field("Depends", join(needs_of(task), ", "));
    field("Files", join(files_of(task), ", "));
    if (task.priority != Priority::P2) field("Priority", std::string(to_text(task.priority)));
    field("Agent", one_line(task.agent));
    field("Tags", one_line(join(task.tags, ", ")));
    if (task.timeout) field("Timeout", fmt::format("{}s", task.timeout->count() / 1000));
    return text + body_text(task.body);
  }

  static char mark_of(const TaskSpec& task) {
    if (task.done) return 'x';
    return task.withheld.empty() ? ' ' : '~';
  }

  std::vector<std::string> needs_of(const TaskSpec& task) const {
    std::vector<std::string> needs;
    const auto add = [&](const TaskId& id) {
      const std::string name = name_of(id.value);
      if (std::ranges::find(needs, name) == needs.end()) needs.push_back(name);
    };
    for (const TaskId& id : task.depends)
      add(id);
    for (const auto& [id, why] : task.after)
      add(id);
    return needs;
  }

  static std::vector<std::string> files_of(const TaskSpec& task) {
    std::vector<std::string> files;
    for (const std::string& file : task.files) {
      const bool created = std::ranges::find(task.creates, file) != task.creates.end();
      files.push_back(created ? file + " (create)" : file);
    }
    return files;
  }

  /// Indented, so that it belongs to the item. What would be read as a field is quoted.
  static std::string body_text(std::string_view body) {
    std::string text;
    bool in_fence = false;
    body = trim(body);
    if (body.empty()) return text;
    for (const std::string_view line : split_lines(body)) {
      const std::string_view words = trim(line);
      if (words.starts_with("```") || words.starts_with("~~~")) in_fence = !in_fence;
      if (words.empty()) {
        text += '\n';
      } else {
        const bool quoted = !in_fence && is_field(words);
        text += fmt::format("{}{}{}\n", kIndent, quoted ? "> " : "", line);
      }
    }
    return text;
  }

  const std::vector<TaskSpec>& tasks_;
  std::unordered_map<std::string, std::string> names_;
};

}  // namespace

std::string native_form(const std::vector<TaskSpec>& tasks, const std::string& title) {
  return Form(tasks).text(title);
}

}  // namespace orch::tasks
