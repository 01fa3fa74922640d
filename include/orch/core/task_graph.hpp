#pragma once
// What waits for what, by number: components, order and reach, all without recursion.
#include <cstdint>
#include <vector>

namespace orch {

/// edges[i]: what node i waits for.
using Edges = std::vector<std::vector<int>>;

/// The number of the strongly connected component of each node: two nodes with the same number
/// wait for each other.
std::vector<int> components_of(const Edges& edges);

/// A shortest cycle through `start`, which must lie on one; `start` comes first and not again.
std::vector<int> cycle_through(const Edges& edges, int start);

/// All nodes of a graph without cycles, what is needed first; lower numbers first among equals.
std::vector<int> order_of(const Edges& edges);

/// Two nodes, and whether one waits for the other, directly or through others.
struct NodePair {
  int first = 0;
  int second = 0;
  bool first_waits = false;
  bool second_waits = false;
};

/// Answers all pairs at once, 64 nodes to a pass over the graph (whose order_of is `order`). Stops
/// after a billion steps: later pairs then look unordered.
void relate_pairs(const Edges& edges, const std::vector<int>& order, std::vector<NodePair>& pairs);

}  // namespace orch
