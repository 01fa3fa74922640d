#pragma once
// One control-mode client of one tmux server: commands in order, answers in the same order.
#include "loop/child.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"
#include "tmuxctl/address.hpp"
#include "tmuxctl/format.hpp"
#include "tmuxctl/protocol.hpp"
#include "tmuxctl/values.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tmuxctl {

using OnReply = std::function<void(Result<Reply>)>;

/// Opens, shakes hands, works, is lost once and for ever; Link makes the next one. The client takes
/// no %output: one that takes it and stops reading freezes the programs in the panes.
///
/// Must not be destroyed from within one of its callbacks.
class Connection {
 public:
  struct Events {
    /// The server said who it is; from now on send() may be called.
    std::function<void(ServerInfo)> on_ready;
    std::function<void(const Notice&)> on_notice;
    /// Once, after all waiting commands were answered; also when it never became ready.
    std::function<void(orch::Error)> on_lost;
  };

  /// `session` is `$1`, or `=name` for exactly that name.
  Connection(orch::loop::Loop& loop, orch::loop::Children& children, Address address,
             const std::string& session, Events events);
  /// Ends the client. Waiting commands get their error.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `done` is called exactly once, never from within this call. Commands of one turn of the loop
  /// go out in one write. Fault::Full when too many wait.
  void send(Line line, OnReply done);

  /// Did tmux refuse to attach the client, as there is no such session?
  bool refused() const { return refused_; }

  /// The client's own process; none when it could not be started.
  orch::ProcessId client() const;
  /// Ends the client at once; `why` is what waiting commands and on_lost are told.
  void lose(const orch::Error& why);

  static constexpr std::size_t kMaxWaiting = 8192;
  static constexpr std::size_t kMaxUnsent = 16u << 20;

 private:
  struct Waiting {
    std::string text;  ///< the command's beginning, for messages
    int blocks = 1;
    Span timeout{};
    std::string fence;
    Reply reply;
    OnReply done;
  };

  void open(orch::loop::Children& children, const std::string& session);
  void handshake();
  void flush();
  void take(std::string_view bytes);
  void take_message(Message message);
  void take_block(Block block);
  void answer_oldest(Result<Reply> result);
  void watch_oldest();
  void timed_out();
  void ended(const orch::loop::Finished& finished);
  orch::Error why_it_ended(std::string_view text) const;

  orch::loop::Loop& loop_;
  Address address_;
  Events events_;
  Parser parser_;
  orch::loop::Timer soon_;     ///< flushes what this turn of the loop has said
  orch::loop::Timer timeout_;  ///< runs for the oldest command without an answer
  std::string unsent_;
  std::deque<Waiting> waiting_;
  std::optional<orch::Error> not_opened_;
  bool attach_answered_ = false;
  bool refused_ = false;
  bool ready_ = false;
  bool lost_ = false;
  std::unique_ptr<orch::loop::Children::Pipe> pipe_;
};

}  // namespace tmuxctl
