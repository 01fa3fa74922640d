// A user's look at a session.
#include "tmuxctl/view.hpp"

#include "loop/detach.hpp"

#include <cstdlib>
#include <string_view>
#include <utility>

namespace tmuxctl {
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

}  // namespace

std::vector<std::string> view_command(const Address& address, const ViewSpec& spec, Around around) {
  const bool inside_same = around == Around::SameTmux;
  std::vector<std::string> words = address.argv();
  words = with(words, {"new-session", "-t", spec.session, "-s", spec.view});
  if (inside_same) {
    words = with(words, {"-d", ";", "set-option", "-t", spec.view, "destroy-unattached", "on"});
  } else {
    words = with(words, {"-f", "ignore-size", ";", "set-option", "destroy-unattached", "on"});
  }
  for (const auto& [name, value] : spec.options)
    words = with(words, {";", "set-option", "-t", spec.view, name, value});
  if (!spec.window.empty())
    words = with(words, {";", "select-window", "-t", spec.view + ":" + spec.window});
  if (inside_same) words = with(words, {";", "switch-client", "-t", spec.view});
  if (around != Around::OtherTmux) return words;
  words = with(words, {";", "set-option", "prefix", "None"});
  words = with({"tmux", "new-window", "-n", spec.title, "env", "-u", "TMUX"}, words);
  for (std::string& word : words) {
    if (word == ";") word = "\\;";
  }
  return words;
}

Result<int> view_session(const Address& address, const ViewSpec& spec) {
  const std::string around = surrounding_socket();
  const bool inside_same = around == address.socket(tmux_tmpdir()).string();
  const Around where = inside_same      ? Around::SameTmux
                       : around.empty() ? Around::Nothing
                                        : Around::OtherTmux;
  orch::loop::Command show;
  show.argv = view_command(address, spec, where);
  if (!inside_same) show.unset = {"TMUX_PANE"};
  return orch::loop::run_on_terminal(show);
}

}  // namespace tmuxctl
