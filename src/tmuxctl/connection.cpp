// The control client: writes lines, matches blocks, notices every way it can end.
#include "tmuxctl/connection.hpp"

#include "orch/base/random.hpp"
#include "orch/base/text.hpp"
#include "orch/base/variant.hpp"
#include "tmuxctl/explain.hpp"
#include "tmuxctl/quote.hpp"

#include <csignal>
#include <utility>
#include <variant>
#include <vector>

namespace tmuxctl {

using orch::Error;
using orch::Fault;

namespace {

constexpr Span kAttachTime = std::chrono::seconds(10);

std::string beginning_of(std::string_view command) {
  return orch::one_line(command, 60);
}

orch::loop::Command client_command(const Address& address, const std::string& session) {
  orch::loop::Command command;
  command.argv = address.argv();
  // -N: attaching where no server is must not start one.
  for (const char* word : {"-N", "-C", "attach-session", "-f", "no-output", "-t"})
    command.argv.emplace_back(word);
  command.argv.push_back(session);
  command.cwd = "/";
  command.unset = {"TMUX", "TMUX_PANE"};
  return command;
}

}  // namespace

Connection::Connection(orch::loop::Loop& loop, orch::loop::Children& children, Address address,
                       const std::string& session, Events events)
    : loop_(loop),
      address_(std::move(address)),
      events_(std::move(events)),
      parser_([this](Message message) { take_message(std::move(message)); },
              [this]() -> std::string_view {
                return waiting_.empty() ? std::string_view() : waiting_.front().fence;
              }),
      soon_(loop, [this] { flush(); }),
      timeout_(loop, [this] { timed_out(); }) {
  open(children, session);
}

Connection::~Connection() {
  events_.on_lost = [](const Error&) {};
  lose({Fault::Io, "the connection was closed", {}});
}

void Connection::open(orch::loop::Children& children, const std::string& session) {
  auto pipe = children.open(
      client_command(address_, session), [this](std::string_view bytes) { take(bytes); },
      [this](const orch::loop::Finished& finished) { ended(finished); });
  if (pipe) {
    pipe_ = std::move(*pipe);
    timeout_.once(kAttachTime);
  } else {
    not_opened_ = pipe.error();
    soon_.once(Span(0));
  }
}

// Not before the attach command was answered: tmux may run a line before it, and then in whichever
// session it likes.
void Connection::handshake() {
  const auto read = [this](const Result<Reply>& reply) {
    if (!reply) return;  // on_lost comes next
    const Result<ServerInfo> info = read_server_info(reply->first());
    if (!info) return lose(info.error());
    ready_ = true;
    events_.on_ready(*info);
  };
  send(Line{"display-message -p " + quote(server_info_format())}, read);
}

void Connection::send(Line line, OnReply done) {
  const auto refuse = [&](Fault fault, std::string_view why) {
    const std::string what = fmt::format("'{}' was not sent: {}", beginning_of(line.text), why);
    loop_.post(
        [done = std::move(done), error = Error{fault, what, {}}] { done(orch::Failure(error)); });
  };
  if (lost_) return refuse(Fault::Busy, "not connected to tmux");
  if (line.text.empty() ||
      line.text.find_first_of(std::string_view("\n\0", 2)) != std::string::npos)
    return refuse(Fault::BadInput, "it is not one line");
  const std::size_t bytes = line.text.size() + unsent_.size() + (pipe_ ? pipe_->pending() : 0);
  if (waiting_.size() >= kMaxWaiting || bytes > kMaxUnsent)
    return refuse(Fault::Busy, "too many commands wait for tmux");

  Waiting waiting{beginning_of(line.text), line.blocks, line.timeout, {}, {}, std::move(done)};
  unsent_ += line.text;
  unsent_ += '\n';
  if (line.fence) {
    waiting.fence = orch::random_hex() + ' ';
    unsent_ += "display-message -p ";
    if (!line.fence->target.empty()) unsent_ += "-t " + quote(line.fence->target) + ' ';
    unsent_ += quote(waiting.fence + line.fence->format) + '\n';
  }
  waiting_.push_back(std::move(waiting));
  if (waiting_.size() == 1) watch_oldest();
  soon_.once(Span(0));
}

void Connection::flush() {
  if (not_opened_) return lose(*not_opened_);
  if (pipe_ && !unsent_.empty()) pipe_->write(std::exchange(unsent_, {}));
}

void Connection::take(std::string_view bytes) {
  if (const Status status = parser_.feed(bytes); !status) lose(status.error());
}

void Connection::take_message(Message message) {
  if (lost_) return;
  std::visit(orch::Overloaded{
                 [this](Block& block) { take_block(std::move(block)); },
                 [this](Notice& notice) { events_.on_notice(notice); },
                 [this](Exit& exit) {
                   // Before it was ready, its end tells why, on stderr.
                   if (ready_) lose(why_it_ended(exit.why));
                 },
             },
             message);
}

void Connection::take_block(Block block) {
  if (block.guard.flags != 1) {
    // The first one answers the attach command, later ones are of hooks.
    if (std::exchange(attach_answered_, true)) return;
    if (!block.error) return handshake();
    refused_ = true;
    return lose(refusal(block.reply.first()));
  }
  if (waiting_.empty()) return lose({Fault::Io, "tmux answered what was not asked", {}});
  Waiting& oldest = waiting_.front();
  if (block.error) return answer_oldest(orch::Failure(refusal(block.reply.first())));
  std::vector<std::string>& lines = oldest.reply.lines;
  if (lines.empty()) {
    lines = std::move(block.reply.lines);
  } else {
    lines.insert(lines.end(), block.reply.lines.begin(), block.reply.lines.end());
  }
  oldest.reply.fence = std::move(block.reply.fence);
  oldest.blocks -= 1;
  if (oldest.blocks <= 0) answer_oldest(std::move(oldest.reply));
}

void Connection::answer_oldest(Result<Reply> result) {
  const OnReply done = std::move(waiting_.front().done);
  waiting_.pop_front();
  watch_oldest();
  done(std::move(result));
}

void Connection::timed_out() {
  const std::string what = waiting_.empty() ? "attach-session" : waiting_.front().text;
  lose({Fault::TimedOut, fmt::format("tmux does not answer '{}'", what),
        "is the tmux server stopped or overloaded?"});
}

void Connection::watch_oldest() {
  if (waiting_.empty()) {
    timeout_.cancel();
  } else {
    timeout_.once(waiting_.front().timeout);
  }
}

void Connection::ended(const orch::loop::Finished& finished) {
  const std::string_view said = orch::trim(finished.err);
  if (!ready_ && !said.empty()) return lose(explain(address_, said));
  lose(why_it_ended(said.empty() ? finished.text("tmux") : said));
}

Error Connection::why_it_ended(std::string_view text) const {
  const std::string_view why = text.empty() ? "detached" : text;
  return {
      Fault::Io,
      fmt::format("lost tmux's control client ({}): {}", address_.text(), orch::one_line(why, 200)),
      {}};
}

orch::ProcessId Connection::client() const {
  return pipe_ ? pipe_->process() : orch::ProcessId();
}

void Connection::lose(const Error& why) {
  if (lost_) return;
  lost_ = true;
  soon_.cancel();
  timeout_.cancel();
  if (pipe_) pipe_->kill(SIGKILL);
  // The first one is the one that had no answer in time; of the others only this is known.
  Fault fault = why.fault == Fault::TimedOut ? Fault::TimedOut : Fault::Io;
  for (const Waiting& waiting : std::exchange(waiting_, {})) {
    const std::string what = fmt::format("unknown whether '{}' ran: {}", waiting.text, why.what);
    waiting.done(orch::Failure(Error{fault, what, why.hint}));
    fault = Fault::Io;
  }
  events_.on_lost(why);
}

}  // namespace tmuxctl
