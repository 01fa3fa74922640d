#pragma once
// Where what an agent of a kind uses is written down.
#include "orch/core/usage.hpp"

#include <string>

namespace orch {

struct UsageRule {
  UsageFormat format = UsageFormat::Unknown;
  /// The files of conversations lie below it; `~` is the user's home.
  std::string folder = "~";
  std::string folder_env;  ///< the variable that names another one, where it is set
  /// Where its program names no file to its hooks: from that folder, with `*` for any part of a
  /// name, `{session}` for the id of the conversation and `{session_start}` for 8 characters of it.
  std::string file;

  bool operator==(const UsageRule&) const = default;
};

}  // namespace orch
