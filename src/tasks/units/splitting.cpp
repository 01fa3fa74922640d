// Splits bundles of items by how often a chain leaves them and comes back.
#include "tasks/units/splitting.hpp"

#include "orch/base/text.hpp"
#include "orch/core/task_graph.hpp"
#include "tasks/model/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace orch::tasks {

namespace {

constexpr std::size_t kMostProblems = 20;
constexpr std::size_t kMostNamed = 20;

Edges edges_between(const Edges& items, const Bundles& bundles) {
  Edges edges(bundles.bundles.size());
  for (std::size_t item = 0; item < items.size(); ++item) {
    const int from = bundles.bundle_of[item];
    if (from < 0) continue;
    for (const int needed : items[item]) {
      const int to = bundles.bundle_of[at(needed)];
      if (to >= 0 && to != from) edges[at(from)].push_back(to);
    }
  }
  for (std::vector<int>& needed : edges) {
    std::ranges::sort(needed);
    const auto rest = std::ranges::unique(needed);
    needed.erase(rest.begin(), rest.end());
  }
  return edges;
}

std::string named(const std::vector<Item>& items, const std::vector<int>& members) {
  std::vector<std::string> ids;
  for (const int member : members) {
    if (ids.size() == kMostNamed) {
      ids.emplace_back("...");
      break;
    }
    ids.push_back(one_line(items[at(member)].id, 40));
  }
  return join(ids, ", ");
}

/// Items that wait for each other cannot be helped by any split.
void report_item_cycles(const std::vector<Item>& items, const ItemLinks& links,
                        std::vector<Problem>& problems) {
  std::vector<int> seen(items.size());  // of each component
  std::size_t reported = 0;
  for (const int component : links.component) {
    if (++seen[at(component)] != 2 || ++reported > kMostProblems) continue;
    const auto first = std::ranges::find(links.component, component) - links.component.begin();
    std::vector<std::string> parts;
    for (const int member : cycle_through(links.needs, static_cast<int>(first)))
      parts.push_back(
          fmt::format("{} (line {})", one_line(items[at(member)].id, 40), items[at(member)].line));
    parts.push_back(one_line(items[at(static_cast<int>(first))].id, 40));
    problems.push_back({Severity::Error, items[at(static_cast<int>(first))].line, 0,
                        "these tasks wait for each other: " + join(parts, " -> "),
                        "take one of these dependencies out"});
  }
}

Edges without_cycles(const ItemLinks& links) {
  Edges edges = links.needs;
  for (std::size_t item = 0; item < edges.size(); ++item) {
    std::erase_if(edges[item],
                  [&](int needed) { return links.component[item] == links.component[at(needed)]; });
  }
  return edges;
}

class Splitter {
 public:
  Splitter(const std::vector<Item>& items, Edges edges, Bundles& bundles)
      : items_(items), edges_(std::move(edges)), bundles_(bundles) {}

  void split(std::vector<Problem>& problems) {
    component_ = components_of(edges_between(edges_, bundles_));
    std::vector<int> sizes(bundles_.bundles.size());
    for (const int component : component_)
      ++sizes[at(component)];
    for (const int component : component_)
      is_cyclic_.push_back(sizes[at(component)] > 1);
    if (std::ranges::none_of(is_cyclic_, [](bool cyclic) { return cyclic; })) return;
    find_levels();
    std::vector<Bundle> all;
    for (std::size_t i = 0; i < bundles_.bundles.size(); ++i)
      take_parts(static_cast<int>(i), all, problems);
    bundles_.bundles = std::move(all);
    renumber();
  }

 private:
  /// How many times a chain that ends at the item has changed from one bundle of the cycle to
  /// another.
  void find_levels() {
    level_.assign(items_.size(), 0);
    for (const int item : order_of(edges_)) {
      const int own = bundles_.bundle_of[at(item)];
      for (const int needed : edges_[at(item)]) {
        const int other = bundles_.bundle_of[at(needed)];
        if (own < 0 || other < 0 || component_[at(own)] != component_[at(other)]) continue;
        level_[at(item)] = std::max(level_[at(item)], level_[at(needed)] + (own == other ? 0 : 1));
      }
    }
  }

  void take_parts(int index, std::vector<Bundle>& all, std::vector<Problem>& problems) {
    Bundle& bundle = bundles_.bundles[at(index)];
    std::map<int, std::vector<int>> levels;
    if (is_cyclic_[at(index)]) {
      for (const int member : bundle.members)
        levels[level_[at(member)]].push_back(member);
    }
    if (levels.size() < 2) {
      all.push_back(std::move(bundle));
      return;
    }
    std::string parts;
    int part = 0;
    for (auto& [level, members] : levels) {
      Bundle piece = bundle;
      piece.part = ++part;
      piece.members = std::move(members);
      if (part > 1) piece.context.clear();
      parts += fmt::format("{}{}", part == 1 ? "" : " and ", named(items_, piece.members));
      all.push_back(std::move(piece));
    }
    if (problems.size() < kMostProblems) {
      problems.push_back(
          {Severity::Warning,
           items_[at(all.back().members.front())].line,
           0,
           "other work lies between these tasks, so they are not done at once: " + parts,
           {}});
    }
  }

  void renumber() {
    for (std::size_t i = 0; i < bundles_.bundles.size(); ++i) {
      for (const std::vector<int>* all :
           {&bundles_.bundles[i].context, &bundles_.bundles[i].members}) {
        for (const int item : *all)
          bundles_.bundle_of[at(item)] = static_cast<int>(i);
      }
    }
  }

  const std::vector<Item>& items_;
  Edges edges_;
  Bundles& bundles_;
  std::vector<int> component_;
  std::vector<bool> is_cyclic_;
  std::vector<int> level_;
};

}  // namespace

void split_cycles(const std::vector<Item>& items, const ItemLinks& links, Bundles& bundles,
                  std::vector<Problem>& problems) {
  report_item_cycles(items, links, problems);
  Splitter(items, without_cycles(links), bundles).split(problems);
}

}  // namespace orch::tasks
