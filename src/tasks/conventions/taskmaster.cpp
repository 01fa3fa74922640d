// Reads task-master's JSON: the tasks and subtasks of one tag.
#include "tasks/conventions/taskmaster.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/data_list.hpp"
#include "tasks/items/record_status.hpp"
#include "tasks/items/script.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/json_place.hpp"
#include "tasks/text/text_id.hpp"
#include "tasks/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

constexpr std::size_t kLongestId = 200;  // whole ids are repeated in each subtask

/// A dependency as it is written.
struct Wish {
  std::size_t item;    ///< index of who has it
  std::string parent;  ///< id of that one's parent; empty: it is no subtask
  std::string wanted;
  bool is_string;
};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

class Scan {
 public:
  explicit Scan(const Source& source) : json_(source.text), lines_(source.text) {}

  Reading read();

 private:
  std::optional<JsonValue> taken_tag();
  void add_tasks(const JsonValue& list, const Item* parent);
  void add_task(const JsonValue& task, const Item* parent);
  void take_fields(Item& item, const JsonValue& task, const Item* parent);
  void take(Item& item, std::string_view key, const JsonValue& value);
  void take_status(Item& item, const JsonValue& value);
  void take_priority(Item& item, const JsonValue& value);
  void take_files(Item& item, const JsonValue& value);
  void take_depends(const JsonValue& list, std::size_t item, const std::string& parent);
  void give_id(Item& item, const Item* parent);
  void resolve_depends();
  std::string resolved(const Wish& wish) const;
  /// A string, or a number as it is written; null is empty. Anything else is an error.
  std::string word(std::string_view key, const JsonValue& value);
  /// A string, or a list of them as bullets.
  std::string prose(const JsonValue& value) const;
  void report(Severity severity, std::size_t offset, std::string message, std::string hint = {});

  JsonText json_;
  LineCounter lines_;
  Reading reading_;
  ProblemList problems_;
  TextIds text_ids_;
  std::vector<Wish> wishes_;
  std::unordered_set<std::string> ids_;
  std::unordered_map<std::string, std::string> by_last_part_;  // of subtasks; empty: several
};

void Scan::report(Severity severity, std::size_t offset, std::string message, std::string hint) {
  problems_.add(severity, lines_.line_of(offset), std::move(message), std::move(hint));
}

Reading Scan::read() {
  if (json_.problem()) {
    reading_.problems.push_back(*json_.problem());
    return std::move(reading_);
  }
  if (const auto list = taken_tag()) add_tasks(*list, nullptr);
  resolve_depends();
  reading_.problems = problems_.take();
  return std::move(reading_);
}

/// The list of the tag "master", else of the first; the others are named.
std::optional<JsonValue> Scan::taken_tag() {
  const JsonValue root = json_.root();
  if (const auto legacy = root.find("tasks"); legacy && legacy->is(JsonKind::List)) return legacy;
  std::vector<std::pair<std::string, JsonValue>> tags;
  for (const auto& [name, value] : root.members()) {
    const auto list = value.find("tasks");
    if (list && list->is(JsonKind::List)) tags.emplace_back(name, *list);
  }
  if (tags.empty()) {
    report(Severity::Error, root.offset(), "this JSON has no list \"tasks\"",
           "task-master writes {\"master\": {\"tasks\": [..]}}");
    return {};
  }
  const auto name_of = [](const auto& tag) { return tag.first; };
  auto taken = std::ranges::find(tags, "master", name_of);
  const bool is_sure = taken != tags.end() || tags.size() == 1;
  if (taken == tags.end()) taken = tags.begin();
  for (const auto& [name, list] : tags) {
    if (name == taken->first && list.offset() == taken->second.offset()) continue;
    const std::string shown = one_line(name, 60);
    const std::string hint =
        fmt::format("read are those of the tag '{}'", one_line(taken->first, 60));
    if (name == taken->first) {
      report(Severity::Error, list.offset(), fmt::format("the tag '{}' is there twice", shown),
             hint);
      continue;
    }
    report(is_sure ? Severity::Note : Severity::Warning, list.offset(),
           fmt::format("the tasks of the tag '{}' are left out: one tag is read", shown), hint);
  }
  return taken->second;
}

void Scan::add_tasks(const JsonValue& list, const Item* parent) {
  for (const JsonValue& task : list.items()) {
    if (task.is(JsonKind::Object)) {
      add_task(task, parent);
    } else {
      report(Severity::Error, task.offset(), "a task should be an object in braces");
    }
  }
}

void Scan::add_task(const JsonValue& task, const Item* parent) {
  Item item{.line = lines_.line_of(task.offset())};
  take_fields(item, task, parent);
  give_id(item, parent);
  if (item.id.size() > kLongestId) {
    report(Severity::Error, task.offset(),
           fmt::format("the id of this task is longer than {} bytes", kLongestId),
           "ids of subtasks begin with those of the tasks they belong to");
    return;
  }
  const Item head{.id = item.id,
                  .priority = item.priority,
                  .section_priority = item.section_priority,
                  .parent = item.parent};
  ids_.insert(item.id);
  const std::size_t index = reading_.items.size();
  reading_.items.push_back(std::move(item));
  if (const auto list = task.find("dependencies")) take_depends(*list, index, head.parent);
  if (const auto list = task.find("subtasks")) {
    if (list->is(JsonKind::List)) {
      add_tasks(*list, &head);
    } else if (!list->is(JsonKind::Null)) {
      report(Severity::Error, list->offset(), "\"subtasks\" should be a list");
    }
  }
}

constexpr std::array<std::string_view, 12> kKeys{
    "id",       "title",        "description",        "details",       "status",
    "priority", "testStrategy", "acceptanceCriteria", "relevantFiles", "dependencies",
    "subtasks", "tags",
};

void Scan::take_fields(Item& item, const JsonValue& task, const Item* parent) {
  std::unordered_set<std::string> seen;
  std::array<std::string, 4> parts;  // of the body, in the order of a prompt
  for (const auto& [key, value] : task.members()) {
    if (std::ranges::find(kKeys, key) == kKeys.end()) continue;
    if (!seen.insert(key).second) {
      report(Severity::Error, value.offset(), fmt::format("this task has \"{}\" twice", key),
             "remove one of them");
      continue;
    }
    if (key == "description") parts[0] = prose(value);
    if (key == "details") parts[1] = prose(value);
    if (key == "testStrategy") parts[2] = prose(value);
    if (key == "acceptanceCriteria") parts[3] = prose(value);
    take(item, key, value);
  }
  if (!parts[2].empty()) parts[2].insert(0, "Test strategy:\n");
  if (!parts[3].empty()) parts[3].insert(0, "Acceptance criteria:\n");
  if (item.title.empty() && !parts[0].empty()) {
    item.title = split_lines(parts[0]).front();
  }
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!item.body.empty()) item.body += "\n\n";
    item.body += part;
  }
  item.script = script_of(item.body);
  if (item.title.empty()) {
    report(Severity::Error, task.offset(), "this task has no title", "add a \"title\"");
  }
  if (!item.mark) {
    report(Severity::Note, task.offset(), "this task has no status and cannot be ticked",
           "add \"status\": \"pending\"");
  }
  if (parent != nullptr) {
    item.parent = parent->id;
    item.section_priority = parent->priority ? parent->priority : parent->section_priority;
  }
}

void Scan::take(Item& item, std::string_view key, const JsonValue& value) {
  if (key == "id") item.id = trim(word(key, value));
  if (key == "title") item.title = trim(word(key, value));
  if (key == "status") take_status(item, value);
  if (key == "priority") take_priority(item, value);
  if (key == "relevantFiles") take_files(item, value);
  if (key != "tags") return;
  for (const JsonValue& tag : value.items()) {
    if (tag.is(JsonKind::String)) item.tags.push_back(tag.text());
  }
}

void Scan::take_status(Item& item, const JsonValue& value) {
  if (value.is(JsonKind::List) || value.is(JsonKind::Object)) {
    report(Severity::Error, value.offset(), "\"status\" should be a word in quotes");
    return;
  }
  item.status = value.text();
  const std::optional<Standing> standing = standing_of_record(item.status);
  if (!standing && !item.status.empty()) {
    report(Severity::Warning, value.offset(),
           fmt::format("'{}' is not a known status: this task is not started",
                       one_line(item.status, 60)),
           "write pending, in-progress, done, deferred or cancelled");
  }
  item.standing = standing.value_or(item.status.empty() ? Standing::Open : Standing::Held);
  item.doubt = review_doubt(item.status, lines_.line_of(value.offset()));
  const std::string raw(value.raw());
  item.mark = Mark{.done = item.done(),
                   .offset = value.offset(),
                   .length = raw.size(),
                   .ticked = item.done() ? raw : "\"done\"",
                   .unticked = item.done() ? "\"pending\"" : raw};
}

void Scan::take_priority(Item& item, const JsonValue& value) {
  const std::string text = word("priority", value);
  item.priority = priority_of(text);
  if (item.priority || text.empty()) return;
  report(Severity::Warning, value.offset(),
         fmt::format("'{}' is not a known priority", one_line(text, 60)),
         "write critical, high, medium or low");
}

/// Paths, or objects with a path and what is done to it.
void Scan::take_files(Item& item, const JsonValue& value) {
  std::unordered_set<std::string> seen;
  for (const JsonValue& entry : value.items()) {
    const auto path = entry.is(JsonKind::Object) ? entry.find("path") : entry;
    const std::string name = path ? path->text() : std::string();
    if (name.empty() || !seen.insert(name).second) continue;
    item.files.push_back(name);
    const auto action = entry.find("action");
    if (action && lower(action->text()) == "create") item.creates.push_back(name);
  }
}

void Scan::take_depends(const JsonValue& list, std::size_t item, const std::string& parent) {
  if (list.is(JsonKind::Null)) return;
  if (!list.is(JsonKind::List)) {
    report(Severity::Error, list.offset(), "\"dependencies\" should be a list of ids");
    return;
  }
  for (const JsonValue& entry : list.items()) {
    const std::string wanted(trim(word("dependencies", entry)));
    if (!wanted.empty()) wishes_.push_back({item, parent, wanted, entry.is(JsonKind::String)});
  }
}

void Scan::give_id(Item& item, const Item* parent) {
  const std::string own = item.id;
  item.has_id = !own.empty();
  if (!item.has_id) {
    item.id = text_ids_.next(item.title);
    problems_.add(Severity::Warning, item.line, "this task has no id",
                  fmt::format("it is called '{}' here", item.id));
  }
  if (parent == nullptr) return;
  const bool whole = own.size() > parent->id.size() + 1 && own.starts_with(parent->id + ".");
  if (!whole) item.id = fmt::format("{}.{}", parent->id, item.id);
  if (is_number(own) || whole) return;
  const auto [place, is_new] = by_last_part_.emplace(own, item.id);
  if (!is_new) place->second.clear();
}

void Scan::resolve_depends() {
  std::size_t owner = reading_.items.size();
  std::unordered_set<std::string> seen;
  for (const Wish& wish : wishes_) {
    if (wish.item != owner) seen.clear();
    owner = wish.item;
    std::string id = resolved(wish);
    if (seen.insert(id).second) reading_.items[owner].depends.push_back(std::move(id));
  }
}

std::string Scan::resolved(const Wish& wish) const {
  const bool is_absolute =
      wish.is_string && wish.wanted.find('.') != std::string::npos && ids_.contains(wish.wanted);
  if (is_absolute) return wish.wanted;
  const bool may_be_sibling =
      !wish.parent.empty() && (!is_number(wish.wanted) || wish.wanted.size() < 3);
  if (may_be_sibling) {
    std::string sibling = fmt::format("{}.{}", wish.parent, wish.wanted);
    if (ids_.contains(sibling)) return sibling;
  }
  if (ids_.contains(wish.wanted)) return wish.wanted;
  // The name of a subtask elsewhere, when only one has it.
  const auto named = by_last_part_.find(wish.wanted);
  return named == by_last_part_.end() || named->second.empty() ? wish.wanted : named->second;
}

std::string Scan::word(std::string_view key, const JsonValue& value) {
  if (value.is(JsonKind::String)) return value.text();
  if (value.is(JsonKind::Number)) return std::string(value.raw());
  if (!value.is(JsonKind::Null)) {
    report(Severity::Error, value.offset(),
           fmt::format("\"{}\" should hold text or a number here", key));
  }
  return {};
}

std::string Scan::prose(const JsonValue& value) const {
  std::string text(trim(value.text()));
  for (const JsonValue& line : value.items()) {
    const std::string entry = line.text();
    if (!trim(entry).empty()) text += fmt::format("{}- {}", text.empty() ? "" : "\n", trim(entry));
  }
  return text;
}

/// Is there a key `"tasks"` with a list?
bool has_task_list(std::string_view text) {
  constexpr std::string_view kKey = "\"tasks\"";
  for (std::size_t at = text.find(kKey); at != std::string_view::npos;
       at = text.find(kKey, at + kKey.size())) {
    const std::size_t colon = text.find_first_not_of(" \t\r\n", at + kKey.size());
    if (colon == std::string_view::npos || text[colon] != ':') continue;
    const std::size_t value = text.find_first_not_of(" \t\r\n", colon + 1);
    if (value != std::string_view::npos && text[value] == '[') return true;
  }
  return false;
}

/// Fields that task-master does not write, in a file without those that it alone writes.
bool is_of_others(std::string_view text) {
  const auto has = [text](std::string_view key) { return text.find(key) != std::string::npos; };
  const auto has_any = [&has](const auto& keys) { return std::ranges::any_of(keys, has); };
  constexpr std::array<std::string_view, 5> kLists{"\"phases\"", "\"milestones\"",
                                                   "\"userStories\"", "\"features\"", "\"epics\""};
  constexpr std::array<std::string_view, 2> kOwn{"\"testStrategy\"", "\"subtasks\""};
  constexpr std::array<std::string_view, 9> kOthers{
      "\"passes\"",     "\"name\"",       "\"blockedBy\"", "\"depends_on\"", "\"dependsOn\"",
      "\"blocked_by\"", "\"completed\":", "\"done\":",     "\"files\""};
  return has_any(kLists) || (!has_any(kOwn) && has_any(kOthers));
}

}  // namespace

bool has_json_tasks(const Source& source) {
  return begins_like_json(source) && has_task_list(source.text) && !is_of_others(source.text);
}

Reading read_taskmaster(const Source& source) {
  return Scan(source).read();
}

}  // namespace orch::tasks
