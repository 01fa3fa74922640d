#pragma once
// What is told of messages: of all of a run, those that are over for long as well.
#include "orch/core/message.hpp"

#include <cstdint>
#include <string>

namespace orch {

/// A message as the history has it, whether the run still goes by it or not.
struct PastMessage {
  MessageNumber number = 0;
  std::string id;
  std::string from;  ///< as to_text(Party) has it
  std::string to;
  std::string kind;
  std::string priority;  ///< "now" or "normal"
  MessageNumber reply_to = 0;
  std::string text;
  std::string state;
  std::string why;
  std::string sent;     ///< "2026-11-21T04:03:12.345Z"; empty: not known
  std::string changed;  ///< likewise, of its state
};

/// How many messages one party has sent another.
struct Route {
  std::string from;
  std::string to;
  std::int64_t count = 0;
};

}  // namespace orch
