// Panes of a connected server: what they show and what is written to them.
#include "orch/base/text.hpp"
#include "tmuxctl/format.hpp"
#include "tmuxctl/quote.hpp"
#include "tmuxctl/server.hpp"

#include <algorithm>

namespace tmuxctl {

using orch::Fault;

namespace {

constexpr std::string_view kWordBytes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// Names that stand inside a format or a command inside a command, where quoting ends.
Status check_word(std::string_view what, std::string_view word) {
  if (!word.empty() && word.find_first_not_of(kWordBytes) == std::string_view::npos) return {};
  return orch::fail(Fault::BadInput, "'{}' cannot be {}", orch::one_line(word, 60), what);
}

Status check_pane(const PaneId& pane) {
  if (is_id('%', pane.value)) return {};
  return orch::fail(Fault::BadInput, "'{}' is no tmux pane id", orch::one_line(pane.value, 40));
}

}  // namespace

Job<Result<std::vector<Pane>>> Server::list_panes(SessionId session, std::string option) {
  if (!is_id('$', session.value))
    co_return orch::fail(Fault::BadInput, "'{}' is no tmux session id",
                         orch::one_line(session.value, 40));
  if (!option.empty()) {
    const std::string_view name = std::string_view(option).substr(option[0] == '@' ? 1 : 0);
    if (const Status status = check_word("an option's name", name); !status)
      co_return orch::passed_on(status);
  }
  const Line line{
      fmt::format("list-panes -s -t {} -F {}", quote(session.value), quote(pane_format(option)))};
  const Result<Reply> reply = co_await ask(line);
  if (!reply) co_return orch::passed_on(reply);
  co_return read_panes(reply->lines);
}

Job<Result<Screen>> Server::capture(PaneId pane, CaptureSpec spec) {
  if (const Status status = check_pane(pane); !status) co_return orch::passed_on(status);
  Line line{"capture-pane -p -t " + pane.value};
  if (spec.colours) line.text += " -e";
  if (spec.history > 0) line.text += fmt::format(" -S -{}", spec.history);
  line.fence = Fence{pane.value, screen_format()};
  Result<Reply> reply = co_await ask(std::move(line));
  if (!reply) co_return orch::passed_on(reply);
  Result<Captured> captured = read_screen(reply->fence);
  if (!captured) co_return orch::passed_on(captured);
  const int rows = captured->screen.height + std::min(spec.history, captured->history);
  if (std::cmp_not_equal(reply->lines.size(), rows))
    co_return orch::fail(Fault::Conflict, "pane {} changed its size while it was read", pane.value);
  captured->screen.rows = std::move(reply->lines);
  co_return std::move(captured->screen);
}

Job<Status> Server::load_buffer(std::string buffer, std::string file) {
  if (const Status status = check_word("a buffer's name", buffer); !status) co_return status;
  if (!file.starts_with('/'))
    co_return orch::fail(Fault::BadInput, "'{}' is no absolute path", orch::one_line(file, 200));
  Job<Status> loading =
      command({fmt::format("load-buffer -b {} {}", buffer, quote(literal(file)))});
  if (const Status status = co_await loading; !status) co_return status;
  // A file that cannot be read is no error to tmux.
  Job<Result<bool>> looking = has_buffer(buffer);
  const Result<bool> loaded = co_await looking;
  if (!loaded) co_return orch::passed_on(loaded);
  if (*loaded) co_return Status();
  co_return orch::fail(Fault::Io, "tmux cannot read {}", orch::one_line(file, 200));
}

Job<Result<bool>> Server::has_buffer(std::string buffer) {
  if (const Status status = check_word("a buffer's name", buffer); !status)
    co_return orch::passed_on(status);
  const Line line{"list-buffers -F " + quote("#{buffer_name}")};
  const Result<Reply> reply = co_await ask(line);
  if (!reply) co_return orch::passed_on(reply);
  co_return std::ranges::find(reply->lines, buffer) != reply->lines.end();
}

// Condition and paste run in one pass of the server, so the pane cannot die between them.
Job<Status> Server::paste(PaneId pane, std::string buffer) {
  if (const Status status = check_pane(pane); !status) co_return status;
  if (const Status status = check_word("a buffer's name", buffer); !status) co_return status;
  const std::string paste = fmt::format("paste-buffer -p -d -b {} -t {}", buffer, pane.value);
  const Line line{fmt::format("if-shell -F -t {} {} {} {}", pane.value, quote("#{pane_dead}"),
                              quote("display-message -p dead"), quote(paste)),
                  2};
  const Result<Reply> reply = co_await ask(line);
  if (!reply) co_return orch::passed_on(reply);
  if (reply->first() != "dead") co_return Status();
  co_return orch::fail(Fault::Refused, "the program in pane {} has ended", pane.value);
}

Job<Status> Server::press(PaneId pane, std::string key) {
  if (const Status status = check_pane(pane); !status) co_return status;
  if (const Status status = check_word("a key", key); !status) co_return status;
  Job<Status> pressing = command({fmt::format("send-keys -t {} {}", pane.value, key)});
  co_return co_await pressing;
}

Job<Status> Server::leave_mode(PaneId pane) {
  if (const Status status = check_pane(pane); !status) co_return status;
  Job<Status> leaving = command({fmt::format("copy-mode -q -t {}", pane.value)});
  co_return co_await leaving;
}

}  // namespace tmuxctl
