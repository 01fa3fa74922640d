#pragma once
// What a tool is: actions with their arguments, and who may call them. The tables in worktree.cpp
// and coordinate.cpp are all there is to a tool: help, JSON Schema and checks are made of them.
#include "orch/base/enum_names.hpp"
#include "orch/base/result.hpp"
#include "orch/core/ids.hpp"
#include "tools/json.hpp"
#include "tools/run.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace orch::tools {

/// Who calls. It is found out by whoever carries out the call; nothing in a call can claim it.
enum class CallerRole : std::uint8_t {
  User,         ///< a person, or a program that a person has started
  Coordinator,  ///< the agent that coordinates the run
  Implementer,  ///< an agent that works on a task
};

struct Caller {
  CallerRole role = CallerRole::User;
  TaskId task{};  ///< of an agent that implements
};

enum class Type : std::uint8_t { Text, Texts, Flag, Number };

struct Argument {
  std::string_view name;
  Type type = Type::Text;
  bool required = false;
  std::string_view what;
};

/// How far a call is, which takes longer: `done` of `total`, and at what it is.
using Progress = std::function<void(double done, double total, std::string_view text)>;

/// A call whose arguments fit the action's table.
struct Call {
  Run& run;
  Caller caller;
  Json args;
  Progress progress{};     ///< may be empty
  std::stop_token stop{};  ///< nobody waits for the answer any more

  /// The text; empty where it was not given.
  std::string text(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;
  bool flag(std::string_view name) const;
  double number(std::string_view name, double otherwise) const;
};

struct Action {
  std::string_view name;
  std::string_view what;     ///< one sentence
  std::string_view example;  ///< its arguments
  std::span<const Argument> arguments;
  bool for_implementers = false;  ///< the others may do everything
  Result<Json> (*run)(const Call& call) = nullptr;
};

struct Tool {
  std::string_view name;
  std::string_view what;
  std::span<const Action> actions;
};

}  // namespace orch::tools
