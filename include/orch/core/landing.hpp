#pragma once
// One candidate on its way onto the integration branch, and the steps of that way.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/core/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace orch {

enum class LandingState : std::uint8_t {
  Preparing,  ///< being merged
  Testing,    ///< on exactly the merged tree
  Moving,     ///< the integration branch is being moved
  Waiting,    ///< to be tried again; others land meanwhile
};

template <>
struct EnumNames<LandingState> {
  static constexpr std::pair<LandingState, std::string_view> kTable[] = {
      {LandingState::Preparing, "preparing"},
      {LandingState::Testing, "testing"},
      {LandingState::Moving, "moving"},
      {LandingState::Waiting, "waiting"}};
};

enum class LandingStep : std::uint8_t { Prepare, Test, Move, Wait };

template <>
struct EnumNames<LandingStep> {
  static constexpr std::pair<LandingStep, std::string_view> kTable[] = {
      {LandingStep::Prepare, "prepare"},
      {LandingStep::Test, "test"},
      {LandingStep::Move, "move"},
      {LandingStep::Wait, "wait"}};
};

struct LandingArrow {
  LandingState from;
  LandingStep step;
  LandingState to;
};

/// Every step that a landing can take; when it has landed, was refused, or its task takes its turn
/// again, it is gone.
std::span<const LandingArrow> landing_arrows();

/// Where the step leads; nothing: it cannot be taken there.
std::optional<LandingState> next_state(LandingState from, LandingStep step);

struct Landing {
  TaskId task;     ///< whose work it is; empty: the user's own commits on the base
  int number = 0;  ///< of the task's landings, or of the base's, from 1
  CommitId work;   ///< what is to land
  CommitId onto;   ///< the tip of the integration branch that it was prepared for
  CommitId candidate;
  LandingState state = LandingState::Preparing;

  ORCH_FIELDS(task, number, work, onto, candidate, state)
  bool operator==(const Landing&) const = default;
};

}  // namespace orch
