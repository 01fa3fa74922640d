#pragma once
// What the store has committed: text of the run and of each changed task, the outbox, the trace.
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch::sim {

class Ledger {
 public:
  /// Takes what the decision names as changed, as a store does, and nothing else.
  void commit(const Event& event, const Decision& decision, const State& after, Time now);

  /// The state as a new process reads it.
  State read_back();

  /// The first difference between what is stored and the living state; empty: none.
  std::string difference_from(const State& live) const;

  struct Row {
    std::string event;
    Time at{};
    std::optional<std::uint64_t> state_hash;
  };

  const std::vector<Row>& trace() const { return trace_; }

  /// Applies the whole trace to an empty engine; what differs, or empty.
  std::string replay() const;

 private:
  void complain(std::string what);
  template <class T>
  T read(const Result<T>& record);

  State state_;
  std::map<TaskId, std::ptrdiff_t> places_;
  std::vector<Row> trace_;
  std::string complaint_;
};

}  // namespace orch::sim
