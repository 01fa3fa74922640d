// Makes a plan: resolves ids, refuses cycles, adds what files imply, ranks what is left to do.
#include "orch/core/plan.hpp"

#include "core/shared_files.hpp"
#include "orch/base/text.hpp"
#include "orch/core/task_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace orch {

namespace {

// What is quadratic by nature is bounded here; whatever is left out is said in a warning.
constexpr std::size_t kMostMembersShown = 50;     // of one cycle
constexpr std::size_t kMostSuggestions = 20;      // for unknown ids
constexpr std::size_t kMostIdsSearched = 10'000;  // for one suggestion
constexpr std::size_t kMostPassedOver = 1000;     // doubtful tasks of one implied order
constexpr std::size_t kMostFilesOfOverlap = 100;  // named for one pair

std::size_t at(int task) {
  return static_cast<std::size_t>(task);
}

class Planner {
 public:
  explicit Planner(std::vector<TaskSpec> tasks)
      : edges_(tasks.size()), shared_(share_files(tasks)) {
    plan_.tasks.reserve(tasks.size());
    for (TaskSpec& task : tasks) {
      const Priority priority = task.priority;
      plan_.tasks.push_back({.spec = std::move(task), .effective_priority = priority});
    }
  }

  Plan make() {
    index_ids();
    for (int task = 0; task < size(); ++task)
      resolve(task);
    refuse_cycles();
    keep_order();
    wait_for_creators();
    order_ = order_of(edges_);
    find_overlaps();
    rank();
    std::ranges::stable_sort(plan_.problems, {}, &Problem::line);
    return std::move(plan_);
  }

 private:
  int size() const { return static_cast<int>(plan_.tasks.size()); }

  const TaskSpec& spec(int task) const { return plan_.tasks[at(task)].spec; }

  const std::string& id(int task) const { return spec(task).id.value; }

  void problem(Severity severity, int line, std::string message, std::string hint) {
    plan_.problems.push_back({severity, line, 0, std::move(message), std::move(hint)});
  }

  void index_ids();
  int find(const std::string& id);
  void resolve(int task);
  void unknown(int task, const std::string& id);
  void refuse_cycles();
  void report_cycle(int first, std::size_t members);
  std::vector<int> counting(int needed);
  void keep_order();
  void wait_for_creators();
  void imply(int user, int creator, const std::string& file);
  void find_overlaps();
  void warn_of_limits(const FilePairs& shared);
  void rank();

  Plan plan_;
  Edges edges_;  // undone tasks only; without cycles after refuse_cycles
  std::vector<int> order_;
  std::unordered_map<std::string_view, int> exact_;
  std::unordered_map<std::string, int> lower_;  // made when it is needed
  SharedFiles shared_;
  std::vector<std::string> ids_;
  std::size_t suggestions_ = 0;
  bool is_complete_ = true;  // false: files imply more than was looked at
};

void Planner::index_ids() {
  exact_.reserve(plan_.tasks.size());
  for (int task = 0; task < size(); ++task)
    exact_.try_emplace(id(task), task);
  std::vector<TaskSpec> specs;
  const bool all_differ = exact_.size() == plan_.tasks.size();
  if (all_differ) return;
  for (const PlannedTask& task : plan_.tasks)
    specs.push_back({.id = task.spec.id, .line = task.spec.line});
  plan_.problems = duplicate_ids(specs);
}

int Planner::find(const std::string& id) {
  const auto exact = exact_.find(id);
  if (exact != exact_.end()) return exact->second;
  if (lower_.empty()) {
    for (int task = 0; task < size(); ++task)
      lower_.try_emplace(lower(this->id(task)), task);
  }
  const auto found = lower_.find(lower(id));
  return found == lower_.end() ? -1 : found->second;
}

/// Writes the dependencies as the tasks are called, each once, and draws the edges that count.
void Planner::resolve(int task) {
  TaskSpec& own = plan_.tasks[at(task)].spec;
  std::vector<TaskId> resolved;
  std::unordered_set<std::string> seen;
  for (const TaskId& wanted : own.depends) {
    const int needed = find(wanted.value);
    const TaskId& name = needed < 0 ? wanted : spec(needed).id;
    if (!seen.insert(name.value).second) continue;
    resolved.push_back(name);
    if (needed < 0) {
      unknown(task, wanted.value);
    } else if (needed == task) {
      problem(Severity::Error, own.line, fmt::format("{} depends on itself", own.id.value),
              "take it out of its own dependencies");
    } else if (!own.done && !spec(needed).done) {
      edges_[at(task)].push_back(needed);
    }
  }
  own.depends = std::move(resolved);
}

void Planner::unknown(int task, const std::string& id) {
  std::string hint = "name a task of this file, or take the dependency out";
  if (++suggestions_ <= kMostSuggestions) {
    if (ids_.empty()) {
      const int searched = static_cast<int>(std::min(plan_.tasks.size(), kMostIdsSearched));
      for (int other = 0; other < searched; ++other)
        ids_.push_back(this->id(other));
    }
    const std::string near = nearest(id, ids_);
    if (!near.empty() && near != this->id(task)) hint = fmt::format("did you mean '{}'?", near);
  }
  plan_.unknown.push_back({spec(task).id, TaskId{id}});
  // The task of another file, one that was deleted, a slip: others can be done all the same.
  problem(Severity::Warning, spec(task).line,
          fmt::format("{}{} depends on '{}', which is no task here: it does not wait for it",
                      spec(task).file.empty() ? "" : spec(task).file + ": ", this->id(task), id),
          hint);
}

void Planner::refuse_cycles() {
  const std::vector<int> component = components_of(edges_);
  std::vector<std::size_t> members(edges_.size());  // of each component, until it is reported
  for (int task = 0; task < size(); ++task)
    ++members[at(component[at(task)])];
  for (int task = 0; task < size(); ++task) {
    std::size_t& own = members[at(component[at(task)])];
    if (own > 1) report_cycle(task, own);
    own = 0;
  }
  // The rest of the plan is made as if the edges of the cycles were not there.
  for (int task = 0; task < size(); ++task) {
    std::erase_if(edges_[at(task)],
                  [&](int needed) { return component[at(task)] == component[at(needed)]; });
  }
}

void Planner::report_cycle(int first, std::size_t members) {
  const std::vector<int> cycle = cycle_through(edges_, first);
  std::string text;
  for (std::size_t i = 0; i < std::min(cycle.size(), kMostMembersShown); ++i)
    text += fmt::format("{} (line {}) -> ", id(cycle[i]), spec(cycle[i]).line);
  if (cycle.size() > kMostMembersShown)
    text += fmt::format("{} more -> ", cycle.size() - kMostMembersShown);
  text += id(first);
  if (members > cycle.size())
    text += fmt::format(", and {} more in cycles with these", members - cycle.size());
  problem(Severity::Error, spec(first).line, "these tasks wait for each other: " + text,
          "take one of these dependencies out");
}

/// What an implied order on this task means: of one whose file says that it is done, those before
/// it.
std::vector<int> Planner::counting(int needed) {
  std::vector<int> found;
  std::vector<int> open{needed};
  std::unordered_set<int> taken;
  while (!open.empty() && taken.size() < kMostPassedOver) {
    const int own = open.back();
    open.pop_back();
    if (own < 0 || !taken.insert(own).second) continue;
    if (spec(own).doubt.empty()) {
      found.push_back(own);
      continue;
    }
    open.insert(open.end(), edges_[at(own)].begin(), edges_[at(own)].end());
    for (const auto& [id, why] : spec(own).after)
      open.push_back(find(id.value));
  }
  return found;
}

/// What the convention implies, unless the file says the contrary: that wins.
void Planner::keep_order() {
  struct Wish {
    int task;
    int needed;
    const std::string* why;
  };

  std::vector<Wish> wishes;
  for (int task = 0; task < size(); ++task) {
    if (spec(task).done) continue;
    for (const auto& [id, why] : spec(task).after) {
      for (const int needed : counting(find(id.value))) {
        if (needed == task || spec(needed).done) continue;
        wishes.push_back({task, needed, &why});
      }
    }
  }
  if (wishes.empty()) return;
  Edges wished = edges_;
  for (const Wish& wish : wishes)
    wished[at(wish.task)].push_back(wish.needed);
  const std::vector<int> component = components_of(wished);
  for (const Wish& wish : wishes) {
    if (component[at(wish.task)] == component[at(wish.needed)]) continue;
    edges_[at(wish.task)].push_back(wish.needed);
    plan_.tasks[at(wish.task)].implicit_depends.try_emplace(spec(wish.needed).id, *wish.why);
  }
}

void Planner::wait_for_creators() {
  const FilePairs uses = users_and_creators(shared_);
  is_complete_ = shared_.complete && uses.complete;
  if (uses.pairs.empty()) return;
  std::vector<NodePair> pairs;
  pairs.reserve(uses.pairs.size());
  for (const FilePair& use : uses.pairs)
    pairs.push_back({use.first, use.second});
  const std::vector<int> order = order_of(edges_);
  relate_pairs(edges_, order, pairs);
  std::vector<int> place(edges_.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    place[at(order[i])] = static_cast<int>(i);

  Edges wished = edges_;
  for (const NodePair& pair : pairs) {
    if (!pair.first_waits && !pair.second_waits) wished[at(pair.first)].push_back(pair.second);
  }
  // Wishes that contradict each other lie in one component; there the order of the file decides.
  const std::vector<int> component = components_of(wished);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto [user, creator, user_waits, creator_waits] = pairs[i];
    if (user_waits || creator_waits) continue;
    const bool disputed = component[at(user)] == component[at(creator)];
    if (disputed && place[at(user)] < place[at(creator)]) continue;
    imply(user, creator, shared_.names[at(uses.pairs[i].name)]);
  }
}

void Planner::imply(int user, int creator, const std::string& file) {
  std::string reason = fmt::format("{} creates {}", id(creator), file);
  const bool is_new = plan_.tasks[at(user)]
                          .implicit_depends.try_emplace(spec(creator).id, std::move(reason))
                          .second;
  if (is_new) edges_[at(user)].push_back(creator);
}

void Planner::find_overlaps() {
  const FilePairs shared = sharers(shared_);
  std::vector<NodePair> pairs;
  std::vector<Overlap> overlaps;
  for (const FilePair& use : shared.pairs) {
    const bool is_new =
        pairs.empty() || pairs.back().first != use.first || pairs.back().second != use.second;
    if (is_new) {
      pairs.push_back({use.first, use.second});
      overlaps.push_back({spec(use.first).id, spec(use.second).id, {}});
    }
    std::vector<std::string>& files = overlaps.back().files;
    if (files.size() < kMostFilesOfOverlap) files.push_back(shared_.names[at(use.name)]);
  }
  relate_pairs(edges_, order_, pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const bool ordered = pairs[i].first_waits || pairs[i].second_waits;
    if (!ordered) plan_.overlaps.push_back(std::move(overlaps[i]));
  }
  warn_of_limits(shared);
}

void Planner::warn_of_limits(const FilePairs& shared) {
  for (const int name : shared.crowded) {
    const std::vector<FileUse>& uses = shared_.uses[at(name)];
    problem(Severity::Warning, spec(uses.front().task).line,
            fmt::format("{} tasks name {}: not all of their overlaps are listed", uses.size(),
                        shared_.names[at(name)]),
            "let them depend on each other, or name narrower files");
  }
  if (is_complete_ && shared.complete) return;
  problem(Severity::Warning, 0,
          "too many tasks name the same files: not all that follows from it is taken into account",
          "name narrower files, or state the dependencies");
}

void Planner::rank() {
  for (const int task : order_) {
    PlannedTask& own = plan_.tasks[at(task)];
    if (own.spec.done) continue;
    own.group = own.chain = 1;
    for (const int needed : edges_[at(task)])
      own.group = std::max(own.group, plan_.tasks[at(needed)].group + 1);
  }
  for (auto task = order_.rbegin(); task != order_.rend(); ++task) {
    const PlannedTask& own = plan_.tasks[at(*task)];
    if (own.spec.done) continue;
    for (const int needed : edges_[at(*task)]) {
      PlannedTask& below = plan_.tasks[at(needed)];
      below.chain = std::max(below.chain, own.chain + 1);
      if (own.effective_priority == Priority::P0) below.effective_priority = Priority::P0;
    }
  }
}

}  // namespace

const PlannedTask* Plan::find(const TaskId& id) const {
  const auto found = std::ranges::find(
      tasks, id, [](const PlannedTask& task) -> const TaskId& { return task.spec.id; });
  return found == tasks.end() ? nullptr : &*found;
}

bool Plan::has_errors() const {
  return std::ranges::any_of(problems,
                             [](const Problem& one) { return one.severity == Severity::Error; });
}

std::optional<Problem> refusal_of(const Plan& plan, const std::vector<TaskSpec>& known) {
  const auto error = std::ranges::find(plan.problems, Severity::Error, &Problem::severity);
  if (error != plan.problems.end()) return *error;
  const auto is_known = [&known](const UnknownNeed& need) {
    const auto task = std::ranges::find(known, need.task, &TaskSpec::id);
    return task != known.end() &&
           std::ranges::find(task->depends, need.wanted) != task->depends.end();
  };
  const auto slip = std::ranges::find_if_not(plan.unknown, is_known);
  if (slip == plan.unknown.end()) return {};
  const PlannedTask* task = plan.find(slip->task);
  return Problem{
      Severity::Error,
      task == nullptr ? 0 : task->spec.line,
      0,
      fmt::format("{} depends on '{}', which is no task", slip->task.value, slip->wanted.value),
      {}};
}

std::vector<Problem> duplicate_ids(const std::vector<TaskSpec>& tasks) {
  std::vector<Problem> problems;
  std::unordered_map<std::string_view, int> lines;
  for (const TaskSpec& task : tasks) {
    const auto [found, is_new] = lines.try_emplace(task.id.value, task.line);
    if (is_new) continue;
    problems.push_back({Severity::Error, task.line, 0,
                        fmt::format("two tasks are called '{}': lines {} and {}", task.id.value,
                                    found->second, task.line),
                        "give one of them another id"});
  }
  return problems;
}

Plan make_plan(std::vector<TaskSpec> tasks) {
  return Planner(std::move(tasks)).make();
}

}  // namespace orch
