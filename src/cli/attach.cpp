// A user's way to the run's windows and back.
#include "cli/attach.hpp"

#include "app/supervisor_client.hpp"
#include "app/tmux_host.hpp"
#include "cli/blocking.hpp"
#include "tmuxctl/once.hpp"
#include "tmuxctl/view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace orch::cli {
namespace {

/// A supervisor that has just been started makes the session in a moment, and connects to it. A
/// view that is opened while it does can crash tmux 3.3a, so its mark on the session is waited for.
Status await_session(const RunHandle& handle, const tmuxctl::Address& address,
                     const std::string& session) {
  constexpr int kTries = 100;
  Blocking blocking;
  for (int tries = 0; tries < kTries; ++tries) {
    const Result<std::string> mark =
        blocking.wait(tmuxctl::session_option(blocking.children, address, session, "@orch_bin"));
    if (mark && !mark->empty()) return {};
    const bool none = !mark && mark.error().fault == Fault::NotFound;
    if (none && !app::supervisor_alive(handle.paths)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return hinted(fail(Fault::NotFound, "the run has no tmux session"),
                "`tmux-orch status` says how the run stands, `tmux-orch up` goes on with it");
}

/// Would the tmux that we are in bear another window?
Status check_own_tmux(const tmuxctl::Address& address) {
  const char* const tmux = std::getenv("TMUX");
  const std::string_view value = tmux == nullptr ? "" : tmux;
  const std::string socket(value.substr(0, value.find(',')));
  if (socket.empty() || socket == address.socket(tmuxctl::tmux_tmpdir())) return {};
  Blocking blocking;
  const Result<std::string> version = blocking.wait(tmuxctl::check_tmux(blocking.children));
  if (!version) return passed_on(version);
  return blocking.wait(
      tmuxctl::check_window_sizes(blocking.children, tmuxctl::Address::at(socket), *version));
}

}  // namespace

Result<int> show_session(const RunHandle& handle, const std::optional<TaskId>& task) {
  const Result<Config> config = config_of(handle);
  if (!config) return passed_on(config);
  const tmuxctl::Address address =
      app::tmux_server(config->tmux, handle.paths.repository()).address;
  const std::string session = app::session_name(handle.paths.repository());
  if (const Status there = await_session(handle, address, session); !there) return passed_on(there);
  std::string window;
  if (task) {
    const TaskRecord* record = handle.run.state.find(*task);
    window = record == nullptr ? "" : handle.run.state.agent_of(*record).window;
    if (window.empty() || record->cleaned) {
      return hinted(fail(Fault::NotFound, "{} has no window", task->value),
                    fmt::format("`tmux-orch logs {}` shows what its agent printed", task->value));
    }
  }
  if (const Status bears = check_own_tmux(address); !bears) return passed_on(bears);
  static int views = 0;  // a window of another tmux may show an earlier one still
  const std::string view = fmt::format("{}-view-{}-{}", session, ::getpid(), ++views);
  tmuxctl::ViewSpec spec{session, view, window, "tmux-orch"};
  // The supervisor sets them in a moment; until then a menu would run nothing.
  spec.options = {{"@orch_root", handle.paths.repository().string()},
                  {"@orch_bin", own_program().string()}};
  return tmuxctl::view_session(address, spec);
}

Status close_session(const RunHandle& handle) {
  const Result<Config> config = config_of(handle);
  if (!config) return passed_on(config);
  const tmuxctl::Address address =
      app::tmux_server(config->tmux, handle.paths.repository()).address;
  const std::string session = app::session_name(handle.paths.repository());
  Blocking blocking;
  const Result<std::vector<tmuxctl::Session>> sessions =
      blocking.wait(tmuxctl::list_sessions(blocking.children, address));
  // No server there: that is what was asked for.
  if (!sessions) return sessions.error().fault == Fault::Internal ? passed_on(sessions) : Status();
  for (const tmuxctl::Session& there : *sessions) {
    // The views of people are in its group. One may have ended by itself meanwhile.
    if (there.shows(session))
      (void)blocking.wait(tmuxctl::kill_session(blocking.children, address, there.id));
  }
  return {};
}

}  // namespace orch::cli
