#pragma once
// The tools as a server of the Model Context Protocol. Calls are carried out one after the other in
// a thread, so that a client can cancel one, and ask whether we live, while another is under way.
#include "tools/mcp_messages.hpp"
#include "tools/tool.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace orch::tools {

class McpServer {
 public:
  /// `send` gets whole messages, each without a newline, from two threads but never at once. `run`
  /// is used in the thread of the calls alone, and outlives the server.
  McpServer(Run& run, Caller caller, std::string version, std::function<void(std::string)> send);
  /// Cancels what is under way and waits for it.
  ~McpServer();
  McpServer(const McpServer&) = delete;
  McpServer& operator=(const McpServer&) = delete;

  /// A line of the client's. Waits for nothing.
  void take(std::string_view line);
  /// The client sends nothing more: returns when all is answered, and nothing is waited for.
  void finish();

 private:
  void send(const Json& message);
  /// What can be answered without the run; nothing: it is no such thing.
  std::optional<Json> answer_at_once(const McpMessage& message) const;
  void cancel(const McpMessage& message);
  void enqueue(McpMessage message);
  void work(const std::stop_token& stop);
  Json answer(const McpMessage& message, std::stop_token stop);
  Json call(const McpMessage& message, std::stop_token stop);

  Run& run_;
  Caller caller_;
  std::string version_;
  std::function<void(std::string)> send_;
  std::mutex sending_;

  std::mutex mutex_;  ///< of the six below
  std::condition_variable_any changed_;
  std::deque<McpMessage> waiting_;
  Json current_;            ///< the id of what is under way; null: nothing is
  std::stop_source hurry_;  ///< it is to end early
  bool is_finishing_ = false;
  bool is_cancelled_ = false;  ///< and nobody wants its answer

  std::jthread thread_;
};

}  // namespace orch::tools
