// Sessions, windows and options of a connected server.
#include "tmuxctl/server.hpp"

#include "loop/loop.hpp"
#include "orch/base/random.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/format.hpp"
#include "tmuxctl/link.hpp"
#include "tmuxctl/quote.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace tmuxctl {

using orch::Fault;

namespace {

/// Killing a thousand windows takes a server five seconds.
constexpr Span kKillTime = std::chrono::seconds(30);

Line targeted(std::string_view command, std::string_view target) {
  return Line{fmt::format("{} -t {}", command, quote(target))};
}

Status check(const WindowSpec& spec) {
  if (!is_id('$', spec.session.value))
    return orch::fail(Fault::BadInput, "'{}' is no tmux session id", spec.session.value);
  if (!spec.after.value.empty() && !is_id('@', spec.after.value))
    return orch::fail(Fault::BadInput, "'{}' is no tmux window id", spec.after.value);
  if (spec.argv.size() < 2)
    return orch::fail(Fault::BadInput, "a window needs a command of two or more words");
  std::error_code ignored;  // a folder that cannot be looked at cannot be entered
  if (!std::filesystem::is_directory(spec.cwd, ignored))
    return orch::fail(Fault::NotFound, "there is no folder {}", orch::one_line(spec.cwd, 200));
  return {};
}

/// One line, so that nothing runs in between and even a program that ends at once finds its window
/// set up. The window has a name of its own meanwhile, as its id is not known yet.
Line new_window_line(const WindowSpec& spec, const std::string& passing_name) {
  std::string place = spec.session.value + ':';
  if (spec.index) place += std::to_string(*spec.index);
  if (!spec.after.value.empty()) place += spec.after.value;
  Line line{fmt::format("new-window -d{} -P -F {} -t {} -n {} -c {}",
                        spec.after.value.empty() ? "" : " -a", quote(opened_format()), quote(place),
                        passing_name, quote(literal(spec.cwd)))};
  for (const auto& [name, value] : spec.env)
    line.text += " -e " + quote(fmt::format("{}={}", name, value));
  line.text += " -- " + command_line(spec.argv);

  const std::string target = quote(spec.session.value + ":=" + passing_name);
  const auto then = [&line](std::string command) {
    line.text += " ; " + std::move(command);
    line.blocks += 1;
  };
  const auto set = [&](std::string_view name, std::string_view value) {
    then(fmt::format("set-option -wq -t {} {} {}", target, quote(name), quote(value)));
  };
  // Sets window-size manual as well: people who look do not resize it.
  then(fmt::format("resize-window -t {} -x {} -y {}", target, spec.width, spec.height));
  set("remain-on-exit", "on");
  set("remain-on-exit-format", "");
  set("allow-rename", "off");
  for (const auto& [name, value] : spec.options)
    set(name, value);
  then(fmt::format("rename-window -t {} -- {}", target, quote(literal(spec.name))));
  return line;
}

std::string_view scope_of(const std::string& target) {
  if (is_id('$', target)) return "set-option";
  if (is_id('@', target)) return "set-option -w";
  if (is_id('%', target)) return "set-option -p";
  return "";
}

}  // namespace

bool may_have_run(const orch::Error& error) {
  return error.fault == Fault::TimedOut || error.fault == Fault::Io;
}

Server::Server(orch::loop::Loop& loop, orch::loop::Children& children, Address address)
    : loop_(loop), children_(children), address_(std::move(address)) {}

Server::~Server() = default;

bool Server::connected() const {
  return link_ && link_->connected();
}

orch::ProcessId Server::process() const {
  return link_ ? link_->server() : orch::ProcessId();
}

orch::ProcessId Server::client() const {
  return link_ ? link_->client() : orch::ProcessId();
}

SessionId Server::session() const {
  return link_ ? link_->server_info().session : SessionId();
}

std::string Server::version() const {
  return link_ ? link_->server_info().version : std::string();
}

void Server::send(Line line, std::function<void(Result<Reply>)> done) {
  if (link_) return link_->send(std::move(line), std::move(done));
  loop_.post([done = std::move(done)] { done(orch::fail(Fault::Busy, "not connected to tmux")); });
}

Awaiter<Result<Reply>> Server::ask(Line line) {
  return Awaiter<Result<Reply>>(
      [this, line = std::move(line)](std::function<void(Result<Reply>)> done) {
        send(line, std::move(done));
      });
}

Job<Status> Server::command(Line line) {
  const Result<Reply> reply = co_await ask(line);
  if (!reply) co_return orch::passed_on(reply);
  co_return Status();
}

Job<Result<Opened>> Server::open_window(WindowSpec spec) {
  if (const Status status = check(spec); !status) co_return orch::passed_on(status);
  const std::string passing_name = "opening-" + orch::random_hex();
  const Result<Reply> reply = co_await ask(new_window_line(spec, passing_name));
  if (reply) co_return read_opened(reply->first());
  // The window may be there, half set up: nobody else would ever find it.
  if (!may_have_run(reply.error()))
    send(targeted("kill-window", spec.session.value + ":=" + passing_name),
         [](const Result<Reply>&) {});
  co_return orch::because(reply, fmt::format("cannot open window '{}'", orch::one_line(spec.name)));
}

Job<Status> Server::on_window(std::string_view verb, WindowId window, std::string words) {
  if (!is_id('@', window.value))
    co_return orch::fail(Fault::BadInput, "'{}' is no tmux window id",
                         orch::one_line(window.value, 40));
  Job<Status> doing = command({fmt::format("{} -t {}{}", verb, window.value, words)});
  co_return co_await doing;
}

Job<Status> Server::kill_window(WindowId window) {
  return on_window("kill-window", std::move(window), "");
}

Job<Status> Server::respawn_window(WindowId window, std::vector<std::string> argv) {
  return on_window("respawn-window", std::move(window), " -k -- " + command_line(argv));
}

Job<Status> Server::resize_window(WindowId window, int columns, int rows) {
  return on_window("resize-window", std::move(window), fmt::format(" -x {} -y {}", columns, rows));
}

void Server::show_window(const SessionId& session, const WindowId& window) {
  if (!is_id('$', session.value) || !is_id('@', window.value)) return;
  // A session or a window that is gone by now shows nothing.
  send(targeted("select-window", session.value + ':' + window.value), [](const Result<Reply>&) {});
}

Job<Status> Server::kill_session(SessionId session) {
  if (!is_id('$', session.value))
    co_return orch::fail(Fault::BadInput, "'{}' is no tmux session id",
                         orch::one_line(session.value, 40));
  Line line = targeted("kill-session", session.value);
  line.timeout = kKillTime;
  Job<Status> killing = command(std::move(line));
  co_return co_await killing;
}

Job<Status> Server::kill_server() {
  const Line line{"kill-server", 1, kKillTime};
  const Result<Reply> reply = co_await ask(line);
  // Mostly the connection is gone before the answer: only the end of the process tells.
  if (!reply && !may_have_run(reply.error())) co_return orch::passed_on(reply);
  Awaiter<bool> ending(
      [this](std::function<void(bool)> done) { link_->when_gone(kKillTime, std::move(done)); });
  if (co_await ending) co_return Status();
  co_return orch::fail(Fault::TimedOut, "the tmux server does not end ({})", address_.text());
}

Job<Result<bool>> Server::has_session(std::string name) {
  const Result<Reply> reply = co_await ask(targeted("has-session", '=' + name));
  if (reply) co_return true;
  if (reply.error().fault == Fault::NotFound) co_return false;
  co_return orch::passed_on(reply);
}

Job<Result<std::vector<Session>>> Server::list_sessions() {
  const Line line{"list-sessions -F " + quote(session_format())};
  const Result<Reply> reply = co_await ask(line);
  if (!reply) co_return orch::passed_on(reply);
  co_return read_sessions(reply->lines);
}

Job<Result<std::vector<Client>>> Server::list_clients() {
  const Line line{"list-clients -F " + quote(client_format())};
  const Result<Reply> reply = co_await ask(line);
  if (!reply) co_return orch::passed_on(reply);
  co_return read_clients(reply->lines);
}

Job<Result<std::string>> Server::session_option(SessionId session, std::string name) {
  if (!is_id('$', session.value))
    co_return orch::fail(Fault::BadInput, "'{}' is no tmux session id",
                         orch::one_line(session.value, 40));
  Line line = targeted("show-options -qv", session.value);
  line.text += ' ' + quote(name);
  const Result<Reply> reply = co_await ask(std::move(line));
  if (!reply) co_return orch::passed_on(reply);
  co_return std::string(reply->first());
}

Job<Status> Server::set_options(std::vector<Option> options) {
  std::vector<Line> lines;
  for (const Option& option : options) {
    const std::string_view scope = scope_of(option.target);
    if (scope.empty())
      co_return orch::fail(Fault::BadInput, "'{}' is no tmux id",
                           orch::one_line(option.target, 40));
    lines.push_back(targeted(scope, option.target));
    lines.back().text += ' ' + quote(option.name) + ' ' + quote(option.value);
  }
  if (lines.empty()) co_return Status();
  // Shared with the callbacks, which may outlive this frame. Answers come in order.
  const auto first_error = std::make_shared<Status>();
  Line last = std::move(lines.back());
  lines.pop_back();
  for (Line& line : lines) {
    send(std::move(line), [first_error](const Result<Reply>& reply) {
      if (!reply && *first_error) *first_error = orch::passed_on(reply);
    });
  }
  const Result<Reply> reply = co_await ask(std::move(last));
  if (!reply && *first_error) *first_error = orch::passed_on(reply);
  co_return *first_error;
}

}  // namespace tmuxctl
