#pragma once
// The way to one tmux server: a connection, and the next one when it breaks.
//
// It belongs to one server process (pid and start time). A new connection that finds another server
// on the same socket is closed before anything is sent on it; therefore an id is safe on a
// link: whatever is sent reaches the server that gave the ids out, or nobody.
#include "loop/loop.hpp"
#include "orch/base/process.hpp"
#include "tmuxctl/connection.hpp"
#include "tmuxctl/server.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tmuxctl {

class Link {
 public:
  Link(orch::loop::Loop& loop, orch::loop::Children& children, Address address, Events& events);
  /// Commands without an answer get an error now.
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// Once: to the server as it is; `session` as Connection takes it.
  void connect(const std::string& session, std::function<void(Status)> done);
  /// As Connection::send. While the connection is being made again, commands wait for it, as long
  /// as their time-out; then they fail with Fault::Busy and never were sent.
  void send(Line line, OnReply done);
  /// Calls back with true as soon as the server is gone, with false after `limit`.
  void when_gone(Span limit, std::function<void(bool)> done);

  bool connected() const { return state_ == State::Connected; }

  const orch::ProcessId& server() const { return server_; }

  const ServerInfo& server_info() const { return server_info_; }

  orch::ProcessId client() const;

 private:
  enum class State { Idle, Connecting, Connected, Reconnecting, Lost };

  struct Held {
    Line line;
    OnReply done;
    std::int64_t until_ms = 0;
  };

  void dial(const std::string& session);
  void preflight();
  void preflight_done(const Result<orch::loop::Finished>& run);
  void open_connection();
  void ready(const ServerInfo& info);
  void connection_lost(const orch::Error& error);
  void reconnect();
  void lost_for_good(Loss loss, const std::string& why);
  void server_gone();
  void release_held();
  void expire_held();
  void tell_gone(bool gone);

  orch::loop::Loop& loop_;
  orch::loop::Children& children_;
  Address address_;
  Events& events_;
  State state_ = State::Idle;
  std::function<void(Status)> on_first_;
  std::string session_;  ///< the target of the next attach
  int preflights_ = 0;
  pid_t ended_client_ = 0;
  orch::loop::Timer preflight_again_;
  ServerInfo server_info_;
  orch::ProcessId server_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<orch::loop::ExitWatch> exit_watch_;
  orch::loop::Timer reconnect_timer_;
  Span delay_{};
  std::deque<Held> held_;
  orch::loop::Timer gone_limit_;
  std::vector<std::function<void(bool)>> on_gone_;
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);  // for a child that outlives this
};

}  // namespace tmuxctl
