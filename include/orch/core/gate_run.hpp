#pragma once
// One run of the command of a test or a gate: stored and shown; it is no part of the state of a
// run.
#include "orch/base/enum_names.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

enum class GateEnd : std::uint8_t { Exit, Signal, TimedOut, NotStarted };

template <>
struct EnumNames<GateEnd> {
  static constexpr std::pair<GateEnd, std::string_view> kTable[] = {
      {GateEnd::Exit, "exit"},
      {GateEnd::Signal, "signal"},
      {GateEnd::TimedOut, "timed-out"},
      {GateEnd::NotStarted, "not-started"}};
};

struct GateRun {
  TaskId task;          ///< whose work was tested; empty: what is on the base, or an undo
  std::string gate;     ///< its name; empty: a test
  std::string command;  ///< as one line
  GateEnd end = GateEnd::Exit;
  int status = 0;  ///< of its exit; of a signal 128 and its number, as shells have it
  Span took{0};    ///< by a clock that nobody sets
  std::string log;

  bool passed() const { return end == GateEnd::Exit && status == 0; }

  bool operator==(const GateRun&) const = default;
};

}  // namespace orch
