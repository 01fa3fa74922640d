// A person's way to the run's windows and back.
#include "cli/attach.hpp"

#include "app/supervisor_client.hpp"
#include "app/tmux_host.hpp"
#include "cli/blocking.hpp"
#include "loop/detach.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/server.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace orch::cli {
namespace {

/// The socket of the tmux server this terminal is inside of; empty: of none.
std::string surrounding_socket() {
  const char* tmux = std::getenv("TMUX");
  if (tmux == nullptr) return {};
  const std::string_view value = tmux;
  return std::string(value.substr(0, value.find(',')));
}

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// A supervisor that has just been started makes the session in a moment, and connects to it. A
/// view that is opened while it does can crash tmux 3.3a, so its mark on the session is waited for.
Status await_session(const Site& site, const tmuxctl::Address& address,
                     const std::string& session) {
  constexpr int kTries = 100;
  Blocking blocking;
  for (int tries = 0; tries < kTries; ++tries) {
    const Result<std::string> mark = blocking.wait(
        tmuxctl::run_once(blocking.children, address,
                          {"show-options", "-v", "-t", fmt::format("={}:", session), "@orch_bin"}));
    if (mark && !trim(*mark).empty()) return {};
    const bool none = !mark && mark.error().fault == Fault::NotFound;
    if (none && !app::supervisor_alive(site.places)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return hinted(fail(Fault::NotFound, "the run has no tmux session"),
                "`tmux-orch status` says how the run stands, `tmux-orch up` goes on with it");
}

}  // namespace

Result<int> show_session(const Site& site, const std::optional<TaskId>& task) {
  const Result<Config> config = config_of(site);
  if (!config) return passed_on(config);
  const tmuxctl::Address address = app::tmux_server(config->tmux, site.places.repository()).address;
  const std::string session = session_name(site.places.repository());
  if (const Status there = await_session(site, address, session); !there) return passed_on(there);
  std::string window;
  if (task) {
    const TaskRecord* record = site.run.state.find(*task);
    window = record == nullptr ? "" : record->attempt.window;
    if (window.empty() || record->cleaned) {
      return hinted(fail(Fault::NotFound, "{} has no window", task->value),
                    fmt::format("`tmux-orch logs {}` shows what its agent printed", task->value));
    }
  }
  // A session of the person's own in the group of the run's: it ends when they leave it.
  const std::string view = fmt::format("{}-view-{}", session, ::getpid());
  std::vector<std::string> words = address.argv();
  const std::string socket = address.socket(tmuxctl::tmux_tmpdir()).string();
  const bool inside_same = surrounding_socket() == socket;
  words = with(words, {"new-session", "-t", session, "-s", view});
  if (inside_same) {
    words = with(words, {"-d", ";", "set-option", "-t", view, "destroy-unattached", "on"});
  } else {
    words = with(words, {"-f", "ignore-size", ";", "set-option", "destroy-unattached", "on"});
  }
  if (!window.empty()) words = with(words, {";", "select-window", "-t", view + ":" + window});
  if (inside_same) words = with(words, {";", "switch-client", "-t", view});
  if (!surrounding_socket().empty() && !inside_same) {
    // A window of the surrounding tmux shows it; the inner one has no prefix key that could clash.
    words = with(words, {";", "set-option", "prefix", "None"});
    words = with({"tmux", "new-window", "-n", "tmux-orch", "env", "-u", "TMUX"}, words);
    for (std::string& word : words) {
      if (word == ";") word = "\\;";
    }
  }
  loop::Command show;
  show.argv = std::move(words);
  if (!inside_same) show.unset = {"TMUX_PANE"};
  return loop::run_on_terminal(show);
}

Status close_session(const Site& site) {
  const Result<Config> config = config_of(site);
  if (!config) return passed_on(config);
  const tmuxctl::Address address = app::tmux_server(config->tmux, site.places.repository()).address;
  const std::string session = session_name(site.places.repository());
  Blocking blocking;
  const auto tmux = [&](std::vector<std::string> words) {
    return blocking.wait(tmuxctl::run_once(blocking.children, address, std::move(words)));
  };
  const Result<std::string> sessions =
      tmux({"list-sessions", "-F",
            "#{session_id} #{?session_grouped,#{session_group},#{session_name}}"});
  // No server there: that is what was asked for.
  if (!sessions) return sessions.error().fault == Fault::Internal ? passed_on(sessions) : Status();
  for (const std::string_view row : split_lines(*sessions)) {
    const std::size_t blank = row.find(' ');
    if (blank == row.npos || row.substr(blank + 1) != session) continue;
    // The views of people are in its group. One may have ended by itself meanwhile.
    (void)tmux({"kill-session", "-t", std::string(row.substr(0, blank))});
  }
  return {};
}

}  // namespace orch::cli
