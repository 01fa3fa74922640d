#pragma once
// JSON-RPC 2.0 as the Model Context Protocol uses it: one message a line.
// https://modelcontextprotocol.io/specification
#include "tools/json.hpp"

#include <string>
#include <string_view>

namespace orch::tools {

/// A line that is longer is answered with an error, and not read.
inline constexpr std::size_t kLongestMcpLine = std::size_t{1} << 20;

/// What a client sends. One without an id wants no answer.
struct McpMessage {
  Json id;
  std::string method;  ///< empty: an answer to something, which we never ask
  Json params = Json::object();

  bool wants_answer() const { return !id.is_null(); }
};

/// The codes of JSON-RPC.
enum class McpFault {
  Parse = -32700,
  InvalidRequest = -32600,
  UnknownMethod = -32601,
  InvalidParams = -32602,
  Internal = -32603,
  UnknownResource = -32002,
  TooManyCalls = -32000,
};

/// An answer to send in the place of the message, where the line is none.
struct McpRead {
  McpMessage message;
  Json refusal;  ///< null: there is a message
};

McpRead read_mcp_line(std::string_view line);

Json mcp_result(const Json& id, Json result);
Json mcp_error(const Json& id, McpFault fault, std::string_view what);
Json mcp_notification(std::string_view method, Json params);

/// The newest version that both know: the client's, where we know it, else our newest.
std::string agreed_mcp_version(std::string_view clients);

}  // namespace orch::tools
