#pragma once
// What an agent is for.
#include "orch/base/enum_names.hpp"

#include <cstdint>

namespace orch {

enum class Role : std::uint8_t {
  Implementer,  ///< does a task
  Reviewer,     ///< judges what an implementer did
  Coordinator,  ///< gives work to the others
};

template <>
struct EnumNames<Role> {
  static constexpr std::pair<Role, std::string_view> kTable[] = {
      {Role::Implementer, "implementer"},
      {Role::Reviewer, "reviewer"},
      {Role::Coordinator, "coordinator"}};
};

}  // namespace orch
