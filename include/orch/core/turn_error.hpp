#pragma once
// What kind of error a turn ended in: what helps depends on it.
#include "orch/base/enum_names.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace orch {

enum class TurnError : std::uint8_t {
  Other,        ///< nobody knows
  Overloaded,   ///< the service is, or the connection broke: the same again may work
  RateLimit,    ///< too many requests, or a limit that opens again at some time
  Quota,        ///< nothing is left, or has to be paid first
  SignIn,       ///< it is not known to the service, or no more
  ContextFull,  ///< the conversation is too long
  Refused,      ///< the model does not do what is asked
  Malformed,    ///< the answer could not be read
};

template <>
struct EnumNames<TurnError> {
  static constexpr std::pair<TurnError, std::string_view> kTable[] = {
      {TurnError::Other, "other"},          {TurnError::Overloaded, "overloaded"},
      {TurnError::RateLimit, "rate-limit"}, {TurnError::Quota, "quota"},
      {TurnError::SignIn, "sign-in"},       {TurnError::ContextFull, "context-full"},
      {TurnError::Refused, "refused"},      {TurnError::Malformed, "malformed"}};
};

/// Does it pass by itself, so that the agent may be told to continue?
constexpr bool is_passing(TurnError error) {
  return error == TurnError::Overloaded || error == TurnError::RateLimit;
}

/// Is it about the user's account, and so about all agents of the kind?
constexpr bool is_of_user(TurnError error) {
  return error == TurnError::Quota || error == TurnError::SignIn;
}

}  // namespace orch
