// Answers a client of the Model Context Protocol.
#include "tools/mcp_server.hpp"

#include "tools/describe.hpp"
#include "tools/mcp_resources.hpp"
#include "tools/tools.hpp"

#include <algorithm>
#include <utility>

namespace orch::tools {
namespace {

constexpr std::size_t kMostWaiting = 64;

Json text_content(std::string text, bool failed) {
  return {{"content", {{{"type", "text"}, {"text", std::move(text)}}}}, {"isError", failed}};
}

Json tool_list(const Caller& caller) {
  Json tools = Json::array();
  for (const Tool* tool : all_tools())
    tools.push_back({{"name", tool->name},
                     {"description", description_of(*tool, caller)},
                     {"inputSchema", schema_of(*tool, caller)}});
  return {{"tools", tools}};
}

Json greeting(const Json& params, const std::string& version) {
  const std::string theirs = params.value("protocolVersion", std::string());
  return {{"protocolVersion", agreed_mcp_version(theirs)},
          {"capabilities", {{"tools", Json::object()}, {"resources", Json::object()}}},
          {"serverInfo", {{"name", "tmux-orch"}, {"version", version}}}};
}

}  // namespace

McpServer::McpServer(Run& run, Caller caller, std::string version,
                     std::function<void(std::string)> send)
    : run_(run),
      caller_(std::move(caller)),
      version_(std::move(version)),
      send_(std::move(send)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

McpServer::~McpServer() {
  thread_.request_stop();
  const std::lock_guard lock(mutex_);
  hurry_.request_stop();
}

void McpServer::send(const Json& message) {
  const std::lock_guard lock(sending_);
  send_(dump(message));
}

void McpServer::take(std::string_view line) {
  McpRead read = read_mcp_line(line);
  if (!read.refusal.is_null()) return send(read.refusal);
  if (read.message.method == "notifications/cancelled") return cancel(read.message);
  // An answer, or another notification: there is nothing to do about these.
  if (read.message.method.empty() || !read.message.wants_answer()) return;
  if (const std::optional<Json> answer = answer_at_once(read.message)) return send(*answer);
  enqueue(std::move(read.message));
}

std::optional<Json> McpServer::answer_at_once(const McpMessage& message) const {
  const std::string& method = message.method;
  try {
    if (method == "initialize") return mcp_result(message.id, greeting(message.params, version_));
  } catch (const Json::exception&) {
    return mcp_error(message.id, McpFault::InvalidParams, "protocolVersion is a text");
  }
  if (method == "ping") return mcp_result(message.id, Json::object());
  if (method == "tools/list") return mcp_result(message.id, tool_list(caller_));
  if (method == "resources/templates/list") return mcp_result(message.id, resource_templates());
  const bool needs_run =
      method == "tools/call" || method == "resources/list" || method == "resources/read";
  if (needs_run) return std::nullopt;
  return mcp_error(message.id, McpFault::UnknownMethod, "there is no such method");
}

void McpServer::cancel(const McpMessage& message) {
  const Json id = message.params.value("requestId", Json());
  const std::lock_guard lock(mutex_);
  // Who has cancelled wants no answer.
  std::erase_if(waiting_, [&id](const McpMessage& each) { return each.id == id; });
  if (current_.is_null() || current_ != id) return;
  is_cancelled_ = true;
  hurry_.request_stop();
}

void McpServer::enqueue(McpMessage message) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kMostWaiting) {
      waiting_.push_back(std::move(message));
      changed_.notify_all();
      return;
    }
  }
  send(mcp_error(message.id, McpFault::TooManyCalls, "64 calls wait already"));
}

void McpServer::finish() {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  hurry_.request_stop();
  changed_.wait(lock, [this] { return waiting_.empty() && current_.is_null(); });
}

void McpServer::work(const std::stop_token& stop) {
  for (;;) {
    McpMessage message;
    std::stop_token hurry;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
      if (stop.stop_requested()) return;
      message = std::move(waiting_.front());
      waiting_.pop_front();
      current_ = message.id;
      is_cancelled_ = false;
      hurry_ = std::stop_source();
      if (is_finishing_) hurry_.request_stop();
      hurry = hurry_.get_token();
    }
    const Json answered = answer(message, hurry);
    bool is_wanted = false;
    {
      const std::lock_guard lock(mutex_);
      is_wanted = !is_cancelled_;
    }
    if (is_wanted) send(answered);
    const std::lock_guard lock(mutex_);
    current_ = nullptr;
    changed_.notify_all();
  }
}

Json McpServer::answer(const McpMessage& message, std::stop_token stop) {
  if (message.method == "tools/call") return call(message, std::move(stop));
  const bool reads = message.method == "resources/read";
  const Result<Json> found =
      reads ? read_resource(run_, message.params.value("uri", Json())) : list_resources(run_);
  if (found) return mcp_result(message.id, *found);
  const bool unknown =
      found.error().fault == Fault::BadInput || found.error().fault == Fault::NotFound;
  return mcp_error(message.id, unknown ? McpFault::UnknownResource : McpFault::Internal,
                   to_text(found.error()));
}

Json McpServer::call(const McpMessage& message, std::stop_token stop) {
  const Json name = message.params.value("name", Json());
  const Json arguments = message.params.value("arguments", Json::object());
  if (!name.is_string() || find_tool(name.get<std::string>()) == nullptr)
    return mcp_error(message.id, McpFault::InvalidParams, "there is no such tool");
  const Json meta = message.params.value("_meta", Json::object());
  const Json token = meta.is_object() ? meta.value("progressToken", Json()) : Json();
  Progress progress;
  if (token.is_string() || token.is_number_integer())
    progress = [this, token](double done, double total, std::string_view text) {
      send(mcp_notification(
          "notifications/progress",
          {{"progressToken", token}, {"progress", done}, {"total", total}, {"message", text}}));
    };
  const Result<Json> answer = call_tool(name.get<std::string>(), arguments, run_, caller_,
                                        std::move(progress), std::move(stop));
  // A tool that says no is no error of the protocol: the model is to read it.
  if (!answer) return mcp_result(message.id, text_content(to_text(answer.error()), true));
  const std::string text = answer->is_string() ? answer->get<std::string>() : dump(*answer);
  return mcp_result(message.id, text_content(text, false));
}

}  // namespace orch::tools
