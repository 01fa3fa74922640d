// Takes records one by one; what is between them is settled at the end.
#include "tasks/conventions/record_list.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace orch::tasks {

namespace {

bool can_be_ticked(const DataValue& map) {
  return std::ranges::any_of(map.fields, [](const DataField& field) {
    const RecordField kind = record_field(field.key).field;
    return (kind == RecordField::Status || kind == RecordField::Flag) && field.value.is_scalar();
  });
}

}  // namespace

void RecordList::add(const DataValue& map, int group) {
  add(map, group, {});
}

void RecordList::add(const DataValue& map, int group, const std::string& parent) {
  RecordTask task = record_task(map.fields, text_, rules_, problems);
  Item& item = task.item;
  item.line = map.line;
  item.group = group;
  if (!parent.empty()) item.parent = parent;
  if (item.title.empty() && item.id.empty()) {
    problems.add(Severity::Warning, map.line,
                 "this record has neither id nor title and is no task");
    return;
  }
  if (item.title.empty()) item.title = item.id;
  if (!parent.empty() && item.has_id && !item.id.starts_with(parent)) {
    const bool is_number = item.id.find_first_not_of("0123456789") == std::string::npos;
    if (is_number) item.id = fmt::format("{}.{}", parent, item.id);
  }
  if (!item.mark) {
    problems.add(Severity::Note, map.line, "this task has no status and cannot be ticked",
                 fmt::format("give it a status: {}", rules_.words.open));
  }
  if (item.has_id) {
    text_ids_.reserve(item.id);
  } else {
    item.id = text_ids_.next(item.title);
  }
  const DataValue* children = std::exchange(task.children, nullptr);
  const std::size_t index = tasks_.size();
  tasks_.push_back(std::move(task));
  if (children != nullptr) add_children(*children, group, index);
}

void RecordList::add_children(const DataValue& list, int group, std::size_t parent) {
  const std::string id = tasks_[parent].item.id;
  const bool are_tasks = std::ranges::any_of(list.items, can_be_ticked);
  if (!are_tasks) {
    std::string& body = tasks_[parent].item.body;
    body += fmt::format("{}Subtasks:\n{}", body.empty() ? "" : "\n\n", prose_of(list));
    return;
  }
  for (const DataValue& child : list.items) {
    if (child.is(DataValue::Kind::Map)) add(child, group, id);
  }
}

/// Ids may start again in each phase: then the number of the phase comes in front.
void RecordList::settle_ids() {
  std::unordered_map<std::string, int> count;
  for (const RecordTask& task : tasks_)
    ++count[task.item.id];
  for (RecordTask& task : tasks_) {
    Item& item = task.item;
    if (item.has_id && count[item.id] > 1 && item.group >= 0)
      item.id = fmt::format("{}.{}", item.group + 1, item.id);
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    places_[lower(tasks_[i].item.id)].push_back(static_cast<int>(i));
}

int RecordList::find(std::string_view wanted, const RecordTask& from) const {
  const auto place = [this](const std::string& id) {
    const auto found = places_.find(lower(id));
    return found == places_.end() ? -1 : found->second.front();
  };
  for (const std::string& around :
       {from.item.parent,
        from.item.group < 0 ? std::string() : std::to_string(from.item.group + 1)}) {
    const int near = around.empty() ? -1 : place(fmt::format("{}.{}", around, wanted));
    if (near >= 0) return near;
  }
  return place(std::string(wanted));
}

void RecordList::resolve() {
  std::vector<std::pair<int, std::string>> inverse;
  for (RecordTask& task : tasks_) {
    Item& item = task.item;
    for (std::vector<std::string>* ids : {&item.depends, &item.conflicts}) {
      for (std::string& id : *ids) {
        const int place = find(id, task);
        if (place >= 0) id = tasks_[at(place)].item.id;
      }
    }
    for (const std::string& wanted : task.blocks) {
      const int place = find(wanted, task);
      if (place >= 0) inverse.emplace_back(place, item.id);
    }
    const int parent = item.parent.empty() ? -1 : find(item.parent, task);
    if (parent >= 0) item.parent = tasks_[at(parent)].item.id;
    if ((parent < 0 && !keep_parents) || item.parent == item.id) item.parent.clear();
  }
  for (auto& [place, id] : inverse) {
    std::vector<std::string>& depends = tasks_[at(place)].item.depends;
    if (std::ranges::find(depends, id) == depends.end()) depends.push_back(std::move(id));
  }
}

void RecordList::settle_ranks(RankRule rule) {
  const auto any = [this](auto test) { return std::ranges::any_of(tasks_, test); };
  const bool ranked = any([](const RecordTask& task) { return task.rank.has_value(); });
  const bool beyond = any([](const RecordTask& task) { return task.rank.value_or(0) > 5; });
  const bool waits = any([this](const RecordTask& task) {
    return std::ranges::any_of(
        task.item.depends, [this](const std::string& id) { return places_.contains(lower(id)); });
  });
  const bool levels = any([](const RecordTask& task) { return task.item.priority.has_value(); });
  if ((ranked && rule == RankRule::Order) || (beyond && !waits))
    return order_by_rank("its priority is its place in the order");
  if (rule == RankRule::Order && !waits && !levels)
    return order_by_rank("one story after the other");
  if (!beyond) {
    for (RecordTask& task : tasks_)
      take_level(task, problems);
    return;
  }
  problems.add(Severity::Note, tasks_.front().item.line,
               "these priorities are an order, and the dependencies say more: they are not used");
}

void RecordList::order_by_rank(const char* why) {
  std::vector<int> sequence(tasks_.size());
  std::iota(sequence.begin(), sequence.end(), 0);
  std::ranges::stable_sort(sequence, {}, [this](int index) {
    return tasks_[at(index)].rank.value_or(std::numeric_limits<int>::max());
  });
  for (std::size_t i = 1; i < sequence.size(); ++i) {
    const Item& before = tasks_[at(sequence[i - 1])].item;
    tasks_[at(sequence[i])].item.after.push_back({before.id, why});
  }
}

Reading RecordList::take(RankRule rule) {
  settle_ids();
  resolve();
  if (!tasks_.empty()) settle_ranks(rule);
  use_own_words(tasks_);
  Reading reading{.items = {}, .groups = std::move(groups), .outside = {}, .problems = {}};
  for (RecordTask& task : tasks_)
    reading.items.push_back(std::move(task.item));
  reading.problems = problems.take();
  return reading;
}

}  // namespace orch::tasks
