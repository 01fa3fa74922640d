// Graph walks over tasks: chains are ten thousand long, so every stack is on the heap.
#include "orch/core/task_graph.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace orch {

namespace {

std::size_t index(int node) {
  return static_cast<std::size_t>(node);
}

/// Tarjan's algorithm with its own stack.
class Components {
 public:
  explicit Components(const Edges& edges)
      : edges_(edges), seen_(edges.size(), 0), low_(edges.size(), 0), component_(edges.size(), -1) {
    for (int node = 0; node < static_cast<int>(edges.size()); ++node) {
      if (seen_[index(node)] == 0) walk(node);
    }
  }

  std::vector<int> take() { return std::move(component_); }

 private:
  struct Frame {
    int node;
    std::size_t next_edge;
  };

  void enter(int node) {
    seen_[index(node)] = low_[index(node)] = ++clock_;
    open_.push_back(node);
    path_.push_back({node, 0});
  }

  void walk(int start) {
    enter(start);
    while (!path_.empty()) {
      Frame& frame = path_.back();
      const int node = frame.node;
      if (frame.next_edge == edges_[index(node)].size()) {
        leave(node);
        continue;
      }
      const int next = edges_[index(node)][frame.next_edge++];
      if (seen_[index(next)] == 0) {
        enter(next);
      } else if (component_[index(next)] < 0) {
        low_[index(node)] = std::min(low_[index(node)], seen_[index(next)]);
      }
    }
  }

  void leave(int node) {
    path_.pop_back();
    if (!path_.empty()) {
      int& above = low_[index(path_.back().node)];
      above = std::min(above, low_[index(node)]);
    }
    if (low_[index(node)] != seen_[index(node)]) return;
    int member = -1;
    do {
      member = open_.back();
      open_.pop_back();
      component_[index(member)] = count_;
    } while (member != node);
    ++count_;
  }

  const Edges& edges_;
  std::vector<int> seen_;  // when it was entered, from 1
  std::vector<int> low_;   // the earliest open node it reaches
  std::vector<int> component_;
  std::vector<int> open_;
  std::vector<Frame> path_;
  int clock_ = 0;
  int count_ = 0;
};

/// Follows 64 nodes at a time, a bit each, through the graph.
class Reach {
 public:
  Reach(const Edges& edges, const std::vector<int>& order, std::vector<NodePair>& pairs)
      : edges_(edges),
        order_(order),
        pairs_(pairs),
        pairs_of_(edges.size()),
        own_(edges.size(), 0),
        reached_(edges.size(), 0) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      join(pairs[i].first, static_cast<int>(i));
      join(pairs[i].second, static_cast<int>(i));
    }
  }

  std::size_t cost_of_block() const {
    std::size_t cost = edges_.size();
    for (const std::vector<int>& needed : edges_)
      cost += needed.size();
    return cost;
  }

  /// False when all nodes of all pairs were followed.
  bool relate_next_block() {
    constexpr std::size_t kBlock = 64;
    if (from_ == members_.size()) return false;
    const std::size_t to = std::min(from_ + kBlock, members_.size());
    for (std::size_t i = from_; i < to; ++i)
      own_[index(members_[i])] = std::uint64_t{1} << (i - from_);
    follow();
    for (; from_ < to; ++from_) {
      const int member = members_[from_];
      for (const int number : pairs_of_[index(member)])
        note(pairs_[index(number)], member);
      own_[index(member)] = 0;
    }
    return true;
  }

 private:
  void join(int node, int pair) {
    if (pairs_of_[index(node)].empty()) members_.push_back(node);
    pairs_of_[index(node)].push_back(pair);
  }

  void follow() {
    for (const int node : order_) {
      std::uint64_t bits = 0;
      for (const int needed : edges_[index(node)])
        bits |= reached_[index(needed)] | own_[index(needed)];
      reached_[index(node)] = bits;
    }
  }

  void note(NodePair& pair, int member) const {
    const std::uint64_t bit = own_[index(member)];
    if (pair.first == member && (reached_[index(pair.second)] & bit) != 0) pair.second_waits = true;
    if (pair.second == member && (reached_[index(pair.first)] & bit) != 0) pair.first_waits = true;
  }

  const Edges& edges_;
  const std::vector<int>& order_;
  std::vector<NodePair>& pairs_;
  Edges pairs_of_;                      // the pairs a node is a member of
  std::vector<int> members_;            // the nodes of all pairs
  std::vector<std::uint64_t> own_;      // the bit of a member of this block
  std::vector<std::uint64_t> reached_;  // the members of this block that a node waits for
  std::size_t from_ = 0;
};

}  // namespace

std::vector<int> components_of(const Edges& edges) {
  return Components(edges).take();
}

std::vector<int> cycle_through(const Edges& edges, int start) {
  std::vector<int> from(edges.size(), -1);
  std::vector<int> open{start};
  for (std::size_t next = 0; next < open.size(); ++next) {
    const int node = open[next];
    for (const int needed : edges[index(node)]) {
      if (needed == start) {
        std::vector<int> cycle;
        for (int member = node; member != start; member = from[index(member)])
          cycle.push_back(member);
        cycle.push_back(start);
        std::ranges::reverse(cycle);
        return cycle;
      }
      if (from[index(needed)] >= 0) continue;
      from[index(needed)] = node;
      open.push_back(needed);
    }
  }
  return {};
}

std::vector<int> order_of(const Edges& edges) {
  std::vector<int> missing(edges.size(), 0);
  Edges waiting(edges.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int node = 0; node < static_cast<int>(edges.size()); ++node) {
    missing[index(node)] = static_cast<int>(edges[index(node)].size());
    if (missing[index(node)] == 0) ready.push(node);
    for (const int needed : edges[index(node)])
      waiting[index(needed)].push_back(node);
  }
  std::vector<int> order;
  order.reserve(edges.size());
  while (!ready.empty()) {
    const int node = ready.top();
    ready.pop();
    order.push_back(node);
    for (const int dependent : waiting[index(node)]) {
      if (--missing[index(dependent)] == 0) ready.push(dependent);
    }
  }
  return order;
}

void relate_pairs(const Edges& edges, const std::vector<int>& order, std::vector<NodePair>& pairs) {
  constexpr std::size_t kMostSteps = 1'000'000'000;
  if (pairs.empty()) return;
  Reach reach(edges, order, pairs);
  std::size_t steps = 0;
  while (steps < kMostSteps && reach.relate_next_block())
    steps += reach.cost_of_block();
}

}  // namespace orch
