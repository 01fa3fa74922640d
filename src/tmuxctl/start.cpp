// How a server and its session come to be, and how the first connection is made.
#include "loop/child.hpp"
#include "loop/descriptors.hpp"
#include "loop/loop.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/explain.hpp"
#include "tmuxctl/link.hpp"
#include "tmuxctl/once.hpp"
#include "tmuxctl/quote.hpp"
#include "tmuxctl/server.hpp"

#include <algorithm>
#include <array>

namespace tmuxctl {

using orch::Fault;
using orch::loop::Finished;
using orch::loop::Loop;

namespace {

constexpr Span kTimeout = std::chrono::seconds(5);
constexpr Span kPause = std::chrono::milliseconds(50);

struct Setting {
  std::string_view flags;
  std::string_view name;
  std::string value;
};

/// Of the whole server, before its first window: history-limit is read when a pane is made, and a
/// program may end before anything else was said. Never a global `window-size manual`: it crashes
/// tmux up to 3.6. -q: options that a version does not know are passed over.
std::vector<Setting> server_settings(const StartSpec& spec) {
  return {
      {"-sq", "message-limit", "0"},  // it would keep the full text of every command
      {"-gq", "default-size", fmt::format("{}x{}", spec.width, spec.height)},
      {"-gq", "destroy-unattached", "off"},
      {"-gq", "detach-on-destroy", "on"},
      {"-gq", "history-limit", std::to_string(spec.history_limit)},
      {"-gq", "renumber-windows", "off"},
      {"-gq", "set-titles", "off"},
      {"-gwq", "allow-rename", "off"},
      {"-gwq", "automatic-rename", "off"},
      {"-gwq", "remain-on-exit", "on"},
      {"-gwq", "remain-on-exit-format", ""},  // it would be written into the screen
  };
}

/// On a server that others use: of our session and of its first window alone. Further windows get
/// theirs when they are opened. A pane reads history-limit from its session when it is made, so the
/// first one has the server's.
std::vector<Setting> session_settings(const StartSpec& spec) {
  return {
      {"-q", "destroy-unattached", "off"},
      {"-q", "default-size", fmt::format("{}x{}", spec.width, spec.height)},
      {"-q", "history-limit", std::to_string(spec.history_limit)},
      {"-q", "renumber-windows", "off"},
      {"-wq", "allow-rename", "off"},
      {"-wq", "remain-on-exit", "on"},
      {"-wq", "remain-on-exit-format", ""},
  };
}

Status check(const StartSpec& spec) {
  // Names that tmux would change, or read as something else than a name in a target.
  const std::string_view name = spec.session;
  const bool odd = name.empty() || name.find_first_of(":.#\\") != std::string_view::npos ||
                   std::string_view("$@%=+-!{~^ ").find(name[0]) != std::string_view::npos ||
                   orch::one_line(name) != name;
  if (odd)
    return orch::fail(Fault::BadInput, "'{}' cannot be the name of a tmux session",
                      orch::one_line(name, 60));
  if (spec.argv.size() == 1)
    return orch::fail(Fault::BadInput, "'{}' alone would be run by a shell: give two or more words",
                      orch::one_line(spec.argv[0], 60));
  return {};
}

orch::loop::Command new_session_command(const Address& address, const StartSpec& spec) {
  orch::loop::Command command;
  command.argv = address.argv();
  const auto add = [&command](std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words)
      command.argv.push_back(shell_word(word));
  };
  // tmux reads this only when the command starts the server.
  if (!spec.config.empty() || spec.own_server)
    add({"-f", spec.config.empty() ? "/dev/null" : std::string_view(spec.config)});
  for (const Setting& setting : spec.own_server ? server_settings(spec) : std::vector<Setting>()) {
    add({"set-option", setting.flags, setting.name, setting.value});
    command.argv.emplace_back(";");
  }
  add({"new-session", "-d", "-P", "-F", "#{session_id}", "-s", spec.session});
  add({"-n", literal(spec.window), "-c", literal(spec.cwd)});
  add({"-x", std::to_string(spec.width), "-y", std::to_string(spec.height)});
  for (const auto& [name, value] : spec.env)
    add({"-e", fmt::format("{}={}", name, value)});
  if (!spec.argv.empty()) add({"--"});
  for (const std::string& word : spec.argv)
    add({word});
  // In the same pass of the server: with `destroy-unattached on` it would end the session right
  // after.
  const std::string target = fmt::format("={}:", spec.session);
  for (const Setting& setting : spec.own_server ? std::vector<Setting>() : session_settings(spec)) {
    command.argv.emplace_back(";");
    add({"set-option", setting.flags, "-t", target, setting.name, setting.value});
  }
  command.cwd = std::string("/");
  command.many_files = true;
  command.unset = {"COLUMNS", "LINES", "TMUX", "TMUX_PANE"};
  command.unset.insert(command.unset.end(), spec.unset.begin(), spec.unset.end());
  return command;
}

}  // namespace

// The id of the session just made, or of the one that is there.
Job<Result<std::string>> Server::ensure_session(StartSpec spec) {
  const Result<Finished> run = co_await children_.run(new_session_command(address_, spec));
  if (!run) co_return orch::Failure(not_started(run.error()));
  if (run->timed_out)
    co_return orch::fail(Fault::TimedOut, "tmux did not start in time ({})", address_.text());
  const std::string_view id = orch::trim(run->out);
  if (run->ok() && is_id('$', id)) co_return std::string(id);
  const std::string_view said = orch::trim(run->err);
  if (said.starts_with("duplicate session")) co_return '=' + spec.session;
  // A server that ends under the command may leave it without a word.
  if (said.empty()) co_return orch::fail(Fault::Busy, "{}", run->text("tmux"));
  if (is_passing(said)) co_return orch::fail(Fault::Busy, "tmux: {}", orch::one_line(said, 200));
  co_return orch::Failure(explain(address_, said));
}

Job<Status> Server::start(StartSpec spec) {
  if (const Status status = address_.check(tmux_tmpdir()); !status) co_return status;
  if (const Status status = check(spec); !status) co_return status;
  Job<Result<std::string>> checking = check_tmux(children_);
  const Result<std::string> version = co_await checking;
  if (!version) co_return orch::passed_on(version);
  // One that has no descriptor left accepts no client any more.
  orch::loop::raise_descriptor_limit();
  if (!spec.own_server) {
    Job<Status> checking_sizes = check_sizes(*version);
    if (const Status status = co_await checking_sizes; !status) co_return status;
  }

  const std::int64_t give_up = Loop::boottime_ms() + kTimeout.count();
  while (true) {
    Job<Result<std::string>> ensuring = ensure_session(spec);
    const Result<std::string> session = co_await ensuring;
    Status status = session ? Status() : Status(orch::passed_on(session));
    if (session) {
      Job<Status> linking = link_to(*session);
      status = co_await linking;
    }
    if (status) break;
    // A server that is just ending: it still answers, or its socket is still there.
    const bool passing = status.error().fault == Fault::Busy || session;
    if (!passing || Loop::boottime_ms() >= give_up) co_return status;
    co_await orch::loop::pause(loop_, kPause);
  }
  Job<Status> setting = set_session_defaults(std::move(spec));
  co_return co_await setting;
}

Job<Status> Server::check_sizes(std::string version) {
  Job<Status> checking = check_window_sizes(children_, address_, std::move(version));
  co_return co_await checking;
}

Job<Status> Server::connect(std::string session_name) {
  if (const Status status = address_.check(tmux_tmpdir()); !status) co_return status;
  Job<Status> linking = link_to('=' + session_name);
  co_return co_await linking;
}

Job<Status> Server::link_to(std::string session) {
  if (link_ && link_->server())
    co_return orch::fail(Fault::Internal, "this tmux server was connected already");
  if (link_) {
    // We may be running inside a callback of the one that failed.
    co_await orch::loop::pause(loop_, Span(0));
    link_.reset();
  }
  link_ = std::make_unique<Link>(loop_, children_, address_, events);
  Awaiter<Status> connecting([this, session](std::function<void(Status)> done) {
    link_->connect(session, std::move(done));
  });
  co_return co_await connecting;
}

// Also of a session that was there already.
Job<Status> Server::set_session_defaults(StartSpec spec) {
  if (spec.own_server) co_return Status();
  std::vector<Option> options;
  for (const Setting& setting : session_settings(spec)) {
    if (setting.flags == "-q")
      options.push_back({session().value, std::string(setting.name), setting.value});
  }
  Job<Status> setting = set_options(std::move(options));
  co_return co_await setting;
}

}  // namespace tmuxctl
