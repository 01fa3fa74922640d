// tmux by a process of its own for one command: the version, and what the command line needs.
#include "tmuxctl/once.hpp"

#include "loop/child.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/explain.hpp"
#include "tmuxctl/format.hpp"
#include "tmuxctl/quote.hpp"
#include "tmuxctl/server.hpp"
#include "tmuxctl/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tmuxctl {

using orch::Fault;
using orch::loop::Children;
using orch::loop::Finished;

namespace {

constexpr int kOldestMajor = 3;
constexpr int kOldestMinor = 2;

Result<std::string> output_of(const Address& address, const Result<Finished>& run) {
  if (!run) return orch::Failure(not_started(run.error()));
  if (run->timed_out)
    return orch::fail(Fault::TimedOut, "tmux did not answer in time ({})", address.text());
  // tmux ends with 0 after some of its errors, such as a socket that it cannot make.
  if (run->ok() && (!run->out.empty() || run->err.empty())) return run->out;
  if (run->err.empty()) return orch::fail(Fault::Io, "{}", run->text("tmux"));
  return orch::Failure(explain(address, orch::trim(run->err)));
}

}  // namespace

Job<Result<std::string>> check_tmux(Children& children) {
  orch::loop::Command command;
  command.argv = {"tmux", "-V"};
  const Result<Finished> run = co_await children.run(std::move(command));
  if (!run) co_return orch::Failure(not_started(run.error()));
  std::string_view version = orch::trim(run->out);
  if (!run->ok() || !version.starts_with("tmux "))
    co_return orch::fail(Fault::Refused, "cannot learn tmux's version: {}", run->text("tmux -V"));
  version = orch::trim(version.substr(5));
  if (!is_before(version, kOldestMajor, kOldestMinor)) co_return std::string(version);
  co_return orch::hinted(orch::fail(Fault::Refused, "tmux {} is too old (need {}.{} or newer)",
                                    orch::one_line(version, 40), kOldestMajor, kOldestMinor),
                         "apt install tmux");
}

Job<Result<std::string>> run_once(Children& children, Address address,
                                  std::vector<std::string> words, Span timeout) {
  if (const Status status = address.check(tmux_tmpdir()); !status)
    co_return orch::passed_on(status);
  orch::loop::Command command;
  command.argv = address.argv();
  for (const std::string& word : words)
    command.argv.push_back(shell_word(word));
  command.unset = {"TMUX", "TMUX_PANE"};
  command.timeout = timeout;
  const Result<Finished> run = co_await children.run(std::move(command));
  co_return output_of(address, run);
}

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : orch::split_lines(text))
    lines.emplace_back(line);
  return lines;
}

}  // namespace

Job<Status> check_window_sizes(Children& children, Address address, std::string version) {
  if (!is_before(version, 3, 7)) co_return Status();
  std::vector<std::string> words = {"show-options", "-gwv", "window-size"};
  Job<Result<std::string>> asking = run_once(children, address, std::move(words));
  const Result<std::string> size = co_await asking;
  if (!size || orch::trim(*size) != "manual") co_return Status();
  co_return orch::hinted(
      orch::fail(Fault::Refused,
                 "tmux {} would crash: its server ({}) has `window-size manual` for all windows",
                 version, address.text()),
      fmt::format("tmux {} set-option -gw window-size latest", address.text()));
}

Job<Result<std::vector<Session>>> list_sessions(Children& children, Address address) {
  std::vector<std::string> words = {"list-sessions", "-F", session_format()};
  Job<Result<std::string>> job = run_once(children, std::move(address), std::move(words));
  const Result<std::string> output = co_await job;
  if (!output) co_return orch::passed_on(output);
  co_return read_sessions(lines_of(*output));
}

Job<Status> kill_session(Children& children, Address address, SessionId session) {
  if (!is_id('$', session.value))
    co_return orch::fail(Fault::BadInput, "'{}' is no tmux session id",
                         orch::one_line(session.value, 40));
  std::vector<std::string> words = {"kill-session", "-t", session.value};
  Job<Result<std::string>> job = run_once(children, std::move(address), std::move(words));
  const Result<std::string> output = co_await job;
  if (!output) co_return orch::passed_on(output);
  co_return Status();
}

Job<Result<std::string>> session_option(Children& children, Address address,
                                        std::string session_name, std::string option) {
  std::vector<std::string> words = {"show-options", "-v", "-t", fmt::format("={}:", session_name),
                                    std::move(option)};
  Job<Result<std::string>> job = run_once(children, std::move(address), std::move(words));
  const Result<std::string> output = co_await job;
  if (!output) co_return orch::passed_on(output);
  co_return std::string(orch::trim(*output));
}

Job<Status> tell_client(Children& children, Address address, std::string client, std::string text,
                        Span time) {
  std::vector<std::string> words = {
      "display-message", "-d",         fmt::format("{}", time.count()), "-c",
      std::move(client), literal(text)};
  Job<Result<std::string>> job = run_once(children, std::move(address), std::move(words));
  const Result<std::string> output = co_await job;
  if (!output) co_return orch::passed_on(output);
  co_return Status();
}

Job<Status> select_window(Children& children, Address address, WindowId window, std::string option,
                          std::string value) {
  if (!is_id('@', window.value))
    co_return orch::fail(Fault::BadInput, "'{}' is no tmux window id",
                         orch::one_line(window.value, 40));
  std::vector<std::string> ask = {"show-options", "-w",         "-v",
                                  "-t",           window.value, std::move(option)};
  Job<Result<std::string>> asked = run_once(children, address, std::move(ask));
  const Result<std::string> found = co_await asked;
  if (!found) co_return orch::passed_on(found);
  if (orch::trim(*found) != value)
    co_return orch::fail(Fault::NotFound, "window {} is another one by now", window.value);
  std::vector<std::string> words = {"select-window", "-t", window.value};
  Job<Result<std::string>> job = run_once(children, std::move(address), std::move(words));
  const Result<std::string> output = co_await job;
  if (!output) co_return orch::passed_on(output);
  co_return Status();
}

Job<Status> open_popup(Children& children, Address address, std::string client,
                       std::vector<std::string> argv) {
  constexpr Span kOpenFor = std::chrono::hours(1);
  std::vector<std::string> words = {
      "display-popup", "-c", std::move(client), "-w", "90%", "-h", "80%", "-E", "--"};
  words.insert(words.end(), argv.begin(), argv.end());
  Job<Result<std::string>> job = run_once(children, std::move(address), std::move(words), kOpenFor);
  const Result<std::string> shown = co_await job;
  if (!shown) co_return orch::passed_on(shown);
  co_return Status();
}

namespace {

int number_in(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Job<Result<PaneText>> capture_once(orch::loop::Children& children, Address address, PaneId pane) {
  std::vector<std::string> capture = {"capture-pane", "-p", "-t", pane.value};
  Result<std::string> rows = co_await run_once(children, address, std::move(capture));
  if (!rows) co_return orch::passed_on(rows);
  // The title is the program's to choose, so it comes last.
  std::vector<std::string> describe = {"display-message", "-p", "-t", pane.value,
                                       "#{pane_width} #{pane_height} #{pane_dead} #{pane_title}"};
  const Result<std::string> about = co_await run_once(children, address, std::move(describe));
  if (!about) co_return orch::passed_on(about);
  const std::vector<std::string_view> words = orch::split(*about, ' ');
  constexpr std::size_t kNumbers = 3;
  if (words.size() <= kNumbers) co_return orch::fail(Fault::Io, "tmux does not describe its pane");
  PaneText text{.rows = std::move(*rows), .title = {}};
  text.width = number_in(words[0]);
  text.height = number_in(words[1]);
  text.dead = words[2] == "1";
  const auto begin = static_cast<std::size_t>(words[kNumbers].data() - about->data());
  text.title = orch::trim(std::string_view(*about).substr(begin));
  co_return text;
}

Job<Status> kill_server(orch::loop::Children& children, Address address) {
  std::vector<std::string> words = {"kill-server"};
  const Result<std::string> killed = co_await run_once(children, address, std::move(words));
  if (!killed) co_return orch::passed_on(killed);
  co_return Status();
}

}  // namespace tmuxctl
