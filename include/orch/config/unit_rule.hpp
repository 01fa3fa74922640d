#pragma once
// The settings that the readers of task files know as well.
#include "orch/base/enum_names.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace orch {

/// What one agent gets of a task file.
enum class UnitRule : std::uint8_t {
  Auto,   ///< what the file's convention suggests
  Task,   ///< each item alone
  Group,  ///< an item with its children, a story, a section
  Phase,  ///< the outermost sections
};

template <>
struct EnumNames<UnitRule> {
  static constexpr std::pair<UnitRule, std::string_view> kTable[] = {{UnitRule::Auto, "auto"},
                                                                     {UnitRule::Task, "task"},
                                                                     {UnitRule::Group, "group"},
                                                                     {UnitRule::Phase, "phase"}};
};

/// Which order of tasks counts.
enum class OrderRule : std::uint8_t {
  Strict,  ///< also what the convention of the file or its words imply
  Stated,  ///< only what its fields say
};

template <>
struct EnumNames<OrderRule> {
  static constexpr std::pair<OrderRule, std::string_view> kTable[] = {
      {OrderRule::Strict, "strict"}, {OrderRule::Stated, "stated"}};
};

}  // namespace orch
