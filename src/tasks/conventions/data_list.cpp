// Finds the lists of tasks in the tree of values.
#include "tasks/conventions/data_list.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/front_task.hpp"
#include "tasks/conventions/record_list.hpp"
#include "tasks/text/json_place.hpp"
#include "tasks/text/yaml_front.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace orch::tasks {

namespace {

using Kind = DataValue::Kind;

constexpr std::size_t kMostValues = 1'000'000;

constexpr auto kTaskKeys = std::to_array<std::string_view>({"tasks",
                                                            "userstories",
                                                            "stories",
                                                            "features",
                                                            "featurelist",
                                                            "items",
                                                            "todos",
                                                            "issues",
                                                            "backlog",
                                                            "steps",
                                                            "tickets",
                                                            "subtasks",
                                                            "workitems",
                                                            "checklist",
                                                            "tasklist",
                                                            "todolist",
                                                            "workpackages",
                                                            "actions",
                                                            "actionitems",
                                                            "implementationsteps",
                                                            "plansteps",
                                                            "plan",
                                                            "implementationplan",
                                                            "tareas",
                                                            "tarefas",
                                                            "aufgaben",
                                                            "taches"});

/// Of these one task may have a list: its own parts.
constexpr auto kParts =
    std::to_array<std::string_view>({"subtasks", "steps", "checklist", "items", "todos"});

struct GroupKey {
  std::string_view key;
  const char* why;  ///< empty: they are independent of each other
};

constexpr auto kGroupKeys = std::to_array<GroupKey>({{"phases", "phase order"},
                                                     {"milestones", "milestone order"},
                                                     {"stages", "stage order"},
                                                     {"sprints", "sprint order"},
                                                     {"waves", "wave order"},
                                                     {"iterations", "iteration order"},
                                                     {"epics", ""},
                                                     {"sections", ""},
                                                     {"groups", ""},
                                                     {"modules", ""},
                                                     {"categories", ""}});

std::string plain_key(std::string_view key) {
  std::string plain = lower(key);
  std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == ' '; });
  return plain;
}

bool is_task_key(std::string_view key) {
  return std::ranges::find(kTaskKeys, key) != kTaskKeys.end();
}

bool is_list_of_maps(const DataValue& value) {
  return value.is(Kind::List) && !value.items.empty() && value.items.front().is(Kind::Map);
}

/// Every value is a map: `tasks: {T1: {..}, T2: {..}}`.
bool is_map_of_maps(const DataValue& value) {
  return value.is(Kind::Map) && !value.fields.empty() &&
         std::ranges::all_of(value.fields,
                             [](const DataField& field) { return field.value.is(Kind::Map); });
}

/// Every value is a list of maps: `features: {login: [{..}], export: [{..}]}`.
bool is_map_of_lists(const DataValue& value) {
  return value.is(Kind::Map) && !value.fields.empty() &&
         std::ranges::all_of(value.fields,
                             [](const DataField& field) { return is_list_of_maps(field.value); });
}

bool has_field(const DataValue& map, RecordField wanted) {
  return std::ranges::any_of(map.fields, [wanted](const DataField& field) {
    return record_field(field.key).field == wanted && field.value.is_scalar();
  });
}

/// Can all of them be ticked, and has each a name?
bool are_tasks(const DataValue& list) {
  return is_list_of_maps(list) && std::ranges::all_of(list.items, [](const DataValue& map) {
           const bool has_state =
               has_field(map, RecordField::Status) || has_field(map, RecordField::Flag);
           return has_state &&
                  (has_field(map, RecordField::Title) || has_field(map, RecordField::Id) ||
                   has_field(map, RecordField::Prose));
         });
}

class Scan {
 public:
  Scan(std::string_view text, RecordRules rules) : records_(text, rules) {}

  Reading read(const DataValue& root, std::string_view path);

 private:
  void scan(const DataValue& map, int group, int depth);
  void add_tasks(const DataValue& list, std::string_view key, int group);
  void add_map(const DataValue& map, int group);
  void add_named_lists(const DataValue& map, int around);
  void add_groups(const DataValue& list, const GroupKey& key, int around, int depth);
  void order_groups(const DataValue& list, const std::vector<int>& indices, const char* why);
  void scan_any(const DataValue& map, int depth);

  RecordList records_;
  bool in_order_ = false;
};

void Scan::add_tasks(const DataValue& list, std::string_view key, int group) {
  in_order_ = in_order_ || key == "userstories" || key == "stories";
  for (const DataValue& task : list.items) {
    if (task.is(Kind::Map)) {
      records_.add(task, group);
    } else {
      records_.problems.add(Severity::Warning, task.line, "this is no record, and no task");
    }
  }
}

void Scan::add_map(const DataValue& map, int group) {
  for (const DataField& task : map.fields) {
    DataValue record = task.value;
    const DataValue id{.kind = Kind::Text, .line = task.line, .text = task.key};
    record.line = task.line;
    if (!has_field(record, RecordField::Id)) record.fields.push_back({"id", task.line, id});
    records_.add(record, group);
  }
}

void Scan::add_named_lists(const DataValue& map, int around) {
  for (const DataField& list : map.fields) {
    records_.groups.push_back({.title = list.key, .line = list.line, .parent = around});
    add_tasks(list.value, {}, static_cast<int>(records_.groups.size()) - 1);
  }
}

void Scan::add_groups(const DataValue& list, const GroupKey& key, int around, int depth) {
  std::vector<int> indices;  // of groups, for each item of the list
  for (const DataValue& map : list.items) {
    indices.push_back(map.is(Kind::Map) ? static_cast<int>(records_.groups.size()) : -1);
    if (!map.is(Kind::Map)) continue;
    Group group{.line = map.line, .parent = around};
    for (const std::string_view name : {"title", "name", "goal", "phase", "id"}) {
      const DataValue* title = map.find(name);
      if (title != nullptr && group.title.empty()) group.title = one_line(title->text, 200);
    }
    records_.groups.push_back(std::move(group));
    scan(map, indices.back(), depth + 1);
  }
  order_groups(list, indices, key.why);
}

/// As their dependencies say, or one after the other where none has any.
void Scan::order_groups(const DataValue& list, const std::vector<int>& indices, const char* why) {
  std::map<std::string, int> by_id;
  bool any_depends = false;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    for (const DataField& field : list.items[i].fields) {
      const RecordField meaning = record_field(field.key).field;
      const bool names = meaning == RecordField::Id || meaning == RecordField::Title ||
                         plain_key(field.key) == "phase";
      if (names && field.value.is_scalar()) by_id.emplace(field.value.text, indices[i]);
      any_depends = any_depends || meaning == RecordField::Depends;
    }
  }
  int before = -1;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    if (indices[i] < 0) continue;
    Group& group = records_.groups[static_cast<std::size_t>(indices[i])];
    if (!any_depends && *why != '\0' && before >= 0) group.after = {before};
    for (const std::string& id : ids_waited_for(list.items[i].fields)) {
      const auto found = by_id.find(id);
      const bool earlier = found != by_id.end() && found->second >= 0 && found->second < indices[i];
      if (earlier) group.after.push_back(found->second);
    }
    if (!group.after.empty()) group.why = any_depends ? "the phases' dependencies" : why;
    before = indices[i];
  }
}

void Scan::scan(const DataValue& map, int group, int depth) {
  constexpr int kDeepest = 6;
  if (depth > kDeepest) return;
  for (const DataField& field : map.fields) {
    const std::string key = plain_key(field.key);
    const DataValue& value = field.value;
    const auto known = std::ranges::find(kGroupKeys, key, &GroupKey::key);
    if (is_task_key(key) && is_list_of_maps(value)) {
      add_tasks(value, key, group);
    } else if (is_task_key(key) && is_map_of_maps(value)) {
      add_map(value, group);
    } else if (is_task_key(key) && is_map_of_lists(value)) {
      add_named_lists(value, group);
    } else if (known != kGroupKeys.end() && is_list_of_maps(value)) {
      add_groups(value, *known, group, depth);
    } else if (value.is(Kind::Map)) {
      scan(value, group, depth + 1);
    }
  }
}

/// Lists under any name, where none has a usual one.
void Scan::scan_any(const DataValue& map, int depth) {
  constexpr int kDeepest = 4;
  if (depth > kDeepest) return;
  for (const DataField& field : map.fields) {
    if (are_tasks(field.value)) {
      records_.groups.push_back({.title = field.key, .line = field.line});
      add_tasks(field.value, {}, static_cast<int>(records_.groups.size()) - 1);
    } else {
      scan_any(field.value, depth + 1);
    }
  }
}

/// One task: a status or a flag, a name, and no list of others but its own parts.
bool is_one_task(const DataValue& root) {
  if (!root.is(Kind::Map)) return false;
  const bool has_state = has_field(root, RecordField::Status) || has_field(root, RecordField::Flag);
  const bool has_name = has_field(root, RecordField::Title) || has_field(root, RecordField::Id);
  const bool has_list = std::ranges::any_of(root.fields, [](const DataField& field) {
    const std::string key = plain_key(field.key);
    const bool is_group = std::ranges::find(kGroupKeys, key, &GroupKey::key) != kGroupKeys.end();
    const bool is_part = std::ranges::find(kParts, key) != kParts.end();
    return (is_group || (is_task_key(key) && !is_part)) && is_list_of_maps(field.value);
  });
  return has_state && has_name && !has_list;
}

Reading Scan::read(const DataValue& root, std::string_view path) {
  if (is_one_task(root)) {
    DataValue task = root;
    task.line = 1;
    if (!has_field(task, RecordField::Id)) {
      const std::string id = id_of_file(path);
      task.fields.push_back({"id", 1, {.kind = Kind::Text, .line = 1, .text = id}});
    }
    records_.keep_parents = true;
    records_.add(task);
  } else if (root.is(Kind::List)) {
    add_tasks(root, {}, -1);
  } else {
    scan(root, -1, 0);
    if (records_.is_empty()) scan_any(root, 0);
  }
  return records_.take(in_order_ ? RankRule::Order : RankRule::Levels);
}

std::string_view without_start(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return trim(text);
}

}  // namespace

bool begins_like_json(const Source& source) {
  const std::string_view text = without_start(source.text);
  return text.starts_with('{') || (text.starts_with('[') && trim(text.substr(1)).starts_with('{'));
}

bool is_yaml_name(std::string_view path) {
  const std::string name = lower(path.substr(path.rfind('/') + 1));
  return name.ends_with(".yaml") || name.ends_with(".yml");
}

Reading read_json(const Source& source) {
  const JsonText json(source.text);
  if (json.problem()) return {.problems = {*json.problem()}};
  if (json.size() > kMostValues) {
    return {
        .problems = {
            {Severity::Error, 1, 0, fmt::format("it has more than {} values", kMostValues), {}}}};
  }
  LineCounter lines(source.text);
  const DataValue root = data_of(json.root(), lines);
  const bool is_one = is_one_task(root);
  // A record that is a file has much that is for its tool alone, and its text beside it.
  const RecordRules rules{.words = {is_one ? "completed" : "done", "pending"},
                          .all_prose = !is_one,
                          .children = !is_one,
                          .quotes = true};
  return Scan(source.text, rules).read(root, source.path);
}

bool is_yaml_file(const Source& source) {
  return is_yaml_name(source.path);
}

Reading read_yaml_file(const Source& source) {
  const FrontMatter yaml = fields_of_yaml(source.text);
  const DataValue root{.kind = Kind::Map, .line = 1, .fields = yaml.fields};
  Reading reading = Scan(source.text, {.children = !is_one_task(root)}).read(root, source.path);
  if (is_one_task(root) && reading.items.size() == 1)
    reading.items[0].body = trim(source.text);  // it is as readable as anything made of it
  reading.problems.insert(reading.problems.begin(), yaml.problems.begin(), yaml.problems.end());
  return reading;
}

}  // namespace orch::tasks
