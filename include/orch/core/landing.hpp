#pragma once
// One candidate on its way onto the integration branch, and the steps of that way.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/core/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace orch {

enum class LandingState : std::uint8_t {
  Preparing,  ///< being merged
  Ready,      ///< in the train: its tree is tested, or that of one behind it
  Aside,      ///< does not merge with what is in the train: waits for what becomes of that
  Testing,    ///< on exactly the merged tree
  Green,      ///< passed
  Red,        ///< failed, which may be the fault of one before it
  Judging,    ///< tested again for itself: what comes out is what its task is told
  Moving,     ///< the integration branch is being moved
  Waiting,    ///< to be tried again; others land meanwhile
};

template <>
struct EnumNames<LandingState> {
  static constexpr std::pair<LandingState, std::string_view> kTable[] = {
      {LandingState::Preparing, "preparing"}, {LandingState::Ready, "ready"},
      {LandingState::Aside, "aside"},         {LandingState::Testing, "testing"},
      {LandingState::Green, "green"},         {LandingState::Red, "red"},
      {LandingState::Judging, "judging"},     {LandingState::Moving, "moving"},
      {LandingState::Waiting, "waiting"}};
};

enum class LandingStep : std::uint8_t {
  Prepare,
  Join,
  StandAside,
  Test,
  Pass,
  Fail,
  Judge,
  Move,
  Wait
};

template <>
struct EnumNames<LandingStep> {
  static constexpr std::pair<LandingStep, std::string_view> kTable[] = {
      {LandingStep::Prepare, "prepare"},
      {LandingStep::Join, "join"},
      {LandingStep::StandAside, "stand-aside"},
      {LandingStep::Test, "test"},
      {LandingStep::Pass, "pass"},
      {LandingStep::Fail, "fail"},
      {LandingStep::Judge, "judge"},
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

/// So many are built on one another at most.
inline constexpr int kLongestTrain = 40;

struct Landing {
  TaskId task;     ///< whose work it is; empty: the user's own commits on the base, or an undo
  int number = 0;  ///< of the task's landings, or of the base's, from 1
  CommitId work;   ///< what is to land
  CommitId onto;   ///< what it was prepared for: the integration branch's tip, or a candidate
  CommitId candidate;
  LandingState state = LandingState::Preparing;
  std::string red{};  ///< why its tests failed in the train
  TaskId undo{};      ///< the task that is taken back, and `work` what it landed as

  ORCH_FIELDS(task, number, work, onto, candidate, state, red, undo)
  bool operator==(const Landing&) const = default;
};

}  // namespace orch
