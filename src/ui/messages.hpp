#pragma once
// Messages, how far each has come, and who has told whom how much.
#include "orch/core/message_history.hpp"

#include <string>
#include <vector>

namespace orch::ui {

struct MessageView {
  std::vector<PastMessage> messages;  ///< the oldest first
  std::vector<Route> routes;
};

/// One row a message, then one a route.
std::string messages_text(const MessageView& view);
/// `{"schema":1,"messages":[{"id","number","to","from",...}],"routes":[{"from","to","count"}]}`
std::string messages_json(const MessageView& view);

}  // namespace orch::ui
