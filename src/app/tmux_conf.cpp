// The configuration of a run's own tmux server.
#include "app/tmux_conf.hpp"

namespace orch::app {

std::string tmux_conf(const TmuxRules& rules) {
  constexpr std::string_view kKey = "@prefix@";
  std::string text(tmux_conf_template());
  for (std::size_t at = text.find(kKey); at != std::string::npos; at = text.find(kKey, at)) {
    text.replace(at, kKey.size(), rules.prefix);
    at += rules.prefix.size();
  }
  return text;
}

}  // namespace orch::app
