// Connecting, noticing every kind of loss, connecting again to the same server and to no other.
#include "tmuxctl/link.hpp"

#include "orch/base/text.hpp"
#include "tmuxctl/explain.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <utility>

namespace tmuxctl {

using orch::Error;
using orch::Fault;

namespace {

constexpr Span kFirstDelay = std::chrono::milliseconds(20);
constexpr Span kLongestDelay = std::chrono::seconds(1);
constexpr Span kPreflightTimeout = std::chrono::seconds(2);
constexpr Span kPreflightPause = std::chrono::milliseconds(10);
constexpr int kMostPreflights = 100;  // a client in another container looks dead for ever

/// Does tmux still list a client whose process is gone, or `ended`, which we killed?
bool lists_dead_client(std::string_view pids, pid_t ended) {
  for (const std::string_view line : orch::split_lines(pids)) {
    pid_t pid = 0;
    const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), pid);
    if (code == std::errc{} && (pid == ended || !orch::is_alive(orch::identify(pid)))) return true;
  }
  return false;
}

}  // namespace

Link::Link(orch::loop::Loop& loop, orch::loop::Children& children, Address address, Events& events)
    : loop_(loop),
      children_(children),
      address_(std::move(address)),
      events_(events),
      preflight_again_(loop, [this] { preflight(); }),
      reconnect_timer_(loop, [this] { reconnect(); }),
      gone_limit_(loop, [this] { tell_gone(false); }) {}

Link::~Link() {
  state_ = State::Lost;
  connection_.reset();
  release_held();
  if (on_first_) std::exchange(on_first_, nullptr)(orch::fail(Fault::Io, "tmux: closed"));
  tell_gone(false);
}

void Link::connect(const std::string& session, std::function<void(Status)> done) {
  on_first_ = std::move(done);
  state_ = State::Connecting;
  dial(session);
}

void Link::dial(const std::string& session) {
  session_ = session;
  preflights_ = 0;
  preflight();
}

// tmux 3.3a crashes when a client ends while a control client is introducing itself: it writes
// `%client-detached` to one that cannot be written to yet. Ours has often just ended when the next
// one comes, so an ordinary client looks first whether the server has noticed the end of all that
// are dead. (A session that comes or goes in that part of a millisecond has the same effect.)
void Link::preflight() {
  orch::loop::Command command;
  command.argv = address_.argv();
  for (const char* word : {"-N", "list-clients", "-F", "#{client_pid}"})
    command.argv.emplace_back(word);
  command.unset = {"TMUX", "TMUX_PANE"};
  command.timeout = kPreflightTimeout;
  const auto done = [this, here = std::weak_ptr(here_)](const Result<orch::loop::Finished>& run) {
    if (!here.expired()) preflight_done(run);
  };
  children_.run(std::move(command), done);
}

void Link::preflight_done(const Result<orch::loop::Finished>& run) {
  if (state_ != State::Connecting && state_ != State::Reconnecting) return;
  if (!run) return connection_lost(not_started(run.error()));
  if (run->timed_out) {
    return connection_lost({Fault::TimedOut,
                            fmt::format("tmux does not answer ({})", address_.text()),
                            "is the tmux server stopped or overloaded?"});
  }
  if (lists_dead_client(run->out, ended_client_) && ++preflights_ < kMostPreflights)
    return preflight_again_.once(kPreflightPause);
  open_connection();
}

void Link::open_connection() {
  connection_.reset();
  Connection::Events told;
  told.on_ready = [this](const ServerInfo& info) { ready(info); };
  told.on_notice = [this](const Notice& notice) {
    if (events_.on_notice) events_.on_notice(notice);
  };
  told.on_lost = [this](const Error& error) { connection_lost(error); };
  connection_ = std::make_unique<Connection>(loop_, children_, address_, session_, std::move(told));
}

void Link::ready(const ServerInfo& info) {
  const orch::ProcessId process = orch::identify(info.pid);
  if (state_ == State::Reconnecting && !(process == server_)) {
    // The watch on the old server's pid tells the end of it; this is another one.
    connection_->lose({Fault::Conflict, "another tmux server took its place", {}});
    return;
  }
  if (!process) {
    connection_->lose({Fault::Refused,
                       fmt::format("cannot see the tmux server's process {}", info.pid),
                       "does tmux run in another container?"});
    return;
  }
  const bool first = state_ == State::Connecting;
  state_ = State::Connected;
  server_info_ = info;
  server_ = process;
  release_held();
  if (first) {
    exit_watch_ = std::make_unique<orch::loop::ExitWatch>(loop_, static_cast<int>(info.pid),
                                                          [this] { server_gone(); });
    std::exchange(on_first_, nullptr)({});
  } else if (events_.on_connected) {
    events_.on_connected();
  }
}

void Link::connection_lost(const Error& error) {
  switch (state_) {
    case State::Idle:
    case State::Lost: return;
    case State::Connecting:
      state_ = State::Lost;
      std::exchange(on_first_, nullptr)(orch::Failure(error));
      return;
    case State::Connected:
      if (!orch::is_alive(server_)) return server_gone();
      state_ = State::Reconnecting;
      delay_ = kFirstDelay;
      reconnect_timer_.once(delay_);
      if (events_.on_lost) events_.on_lost(Loss::Client, error.what);
      return;
    case State::Reconnecting: break;
  }
  if (connection_ && connection_->refused() && orch::is_alive(server_))
    return lost_for_good(Loss::Session, error.what);
  // Somebody removed the socket of a living server: on this signal tmux makes it again.
  if (error.fault == Fault::NotFound) orch::signal_process(server_, SIGUSR1);
  delay_ = std::min(delay_ * 2, kLongestDelay);
  reconnect_timer_.once(delay_);
}

// Every broken connection ends here a little later, as it must not be destroyed by its own
// callback.
void Link::reconnect() {
  ended_client_ = client().pid;
  connection_.reset();
  if (state_ != State::Reconnecting) return;
  if (!orch::is_alive(server_)) return server_gone();
  expire_held();
  dial(server_info_.session.value);
}

void Link::server_gone() {
  if (state_ != State::Lost)
    lost_for_good(Loss::Server, fmt::format("the tmux server ended ({})", address_.text()));
  gone_limit_.cancel();
  tell_gone(true);
}

void Link::lost_for_good(Loss loss, const std::string& why) {
  state_ = State::Lost;
  preflight_again_.cancel();
  if (connection_) connection_->lose({Fault::Io, why, {}});
  reconnect_timer_.once(Span(0));
  release_held();
  if (events_.on_lost) events_.on_lost(loss, why);
}

void Link::send(Line line, OnReply done) {
  switch (state_) {
    case State::Connected: return connection_->send(std::move(line), std::move(done));
    case State::Connecting:
    case State::Reconnecting:
      if (held_.size() < Connection::kMaxWaiting) {
        const std::int64_t until = orch::loop::Loop::boottime_ms() + line.timeout.count();
        held_.push_back({std::move(line), std::move(done), until});
        return;
      }
      break;
    case State::Idle:
    case State::Lost: break;
  }
  const bool full = state_ == State::Reconnecting || state_ == State::Connecting;
  const Error error = full ? Error{Fault::Busy, "too many commands wait for tmux", {}}
                           : Error{Fault::Busy, "not connected to tmux", {}};
  loop_.post([done = std::move(done), error] { done(orch::Failure(error)); });
}

void Link::release_held() {
  for (Held& held : std::exchange(held_, {}))
    send(std::move(held.line), std::move(held.done));
}

void Link::expire_held() {
  const std::int64_t now = orch::loop::Loop::boottime_ms();
  std::deque<Held> kept;
  std::vector<Held> late;
  for (Held& held : held_) {
    if (held.until_ms <= now) {
      late.push_back(std::move(held));
    } else {
      kept.push_back(std::move(held));
    }
  }
  held_ = std::move(kept);
  for (const Held& held : late)
    held.done(orch::fail(Fault::Busy, "tmux's control client could not be started again in time"));
}

void Link::when_gone(Span limit, std::function<void(bool)> done) {
  if (server_ && !orch::is_alive(server_)) return done(true);
  on_gone_.push_back(std::move(done));
  gone_limit_.once(limit);
}

void Link::tell_gone(bool gone) {
  for (const auto& done : std::exchange(on_gone_, {}))
    done(gone);
}

orch::ProcessId Link::client() const {
  return connection_ ? connection_->client() : orch::ProcessId();
}

}  // namespace tmuxctl
