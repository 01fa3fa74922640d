// Reads and writes the messages.
#include "tools/mcp_messages.hpp"

#include <algorithm>
#include <array>

namespace orch::tools {
namespace {

// The newest first. Between them nothing differs of what we offer.
constexpr std::array<std::string_view, 4> kVersions{"2025-11-25", "2025-06-18", "2025-03-26",
                                                    "2024-11-05"};

bool is_id(const Json& id) {
  return id.is_string() || id.is_number_integer();
}

}  // namespace

McpRead read_mcp_line(std::string_view line) {
  const auto refused = [](const Json& id, McpFault fault, std::string_view what) {
    return McpRead{{}, mcp_error(id, fault, what)};
  };
  if (line.size() > kLongestMcpLine)
    return refused({}, McpFault::InvalidRequest, "a message may have 1 MiB");
  const std::optional<Json> parsed = parse_json(line);
  if (!parsed) return refused({}, McpFault::Parse, "this is no JSON");
  const Json& read = *parsed;
  if (!read.is_object())
    return refused({}, McpFault::InvalidRequest, "a message is an object; batches are not read");
  McpMessage message;
  if (const auto id = read.find("id"); id != read.end() && is_id(*id))
    message.id = *id;
  else if (id != read.end())
    return refused({}, McpFault::InvalidRequest, "an id is a text or a whole number");
  const auto method = read.find("method");
  const bool answers = read.contains("result") || read.contains("error");
  if (method == read.end() && answers) return {std::move(message), {}};
  if (method == read.end())
    return refused(message.id, McpFault::InvalidRequest, "a request has a method");
  if (!method->is_string())
    return refused(message.id, McpFault::InvalidRequest, "a method is a text");
  message.method = method->get<std::string>();
  if (const auto params = read.find("params"); params != read.end()) {
    if (!params->is_object())
      return refused(message.id, McpFault::InvalidParams, "params is an object");
    message.params = *params;
  }
  return {std::move(message), {}};
}

Json mcp_result(const Json& id, Json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json mcp_error(const Json& id, McpFault fault, std::string_view what) {
  return {{"jsonrpc", "2.0"},
          {"id", id},
          {"error", {{"code", static_cast<int>(fault)}, {"message", what}}}};
}

Json mcp_notification(std::string_view method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

std::string agreed_mcp_version(std::string_view clients) {
  const bool known = std::ranges::find(kVersions, clients) != kVersions.end();
  return std::string(known ? clients : kVersions.front());
}

}  // namespace orch::tools
