#pragma once
// Who sends what to whom: the user and agents, to agents, to all of a kind, and to the user.
#include "core/turn.hpp"
#include "orch/core/event.hpp"

#include <string>

namespace orch::sending {

/// What somebody wants to send.
struct Wanted {
  std::string id;  ///< by it it counts once
  Party from;
  std::string to;  ///< as it was written; empty: who is replied to
  MessageNumber reply_to = 0;
  std::string text;
  bool now = false;
};

/// One message for each receiver, or why there is none.
void send(Turn& turn, const Wanted& wanted);
/// Its receiver has read it.
void acknowledge(Turn& turn, const Party& by, MessageNumber number);
/// The user has been shown those up to this one.
void read(Turn& turn, MessageNumber up_to);

/// What an agent sends or acknowledges.
void on(Turn& turn, const TaskRecord& task, const AgentReported& report);

}  // namespace orch::sending
