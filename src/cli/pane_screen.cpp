// The screen of an agent that lives.
#include "cli/pane_screen.hpp"

#include "app/tmux_host.hpp"
#include "cli/blocking.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/once.hpp"

#include <fmt/format.h>

namespace orch::cli {
Result<const AgentRun*> living_agent(const RunHandle& handle, const TaskId& task) {
  const AgentRun& agent = handle.run.state.agent_of(*handle.run.state.find(task));
  if (agent.phase == AgentPhase::Live) return &agent;
  return hinted(fail(Fault::NotFound, "no agent is at work on {}", one_line(task.value, 80)),
                fmt::format("`tmux-orch logs {} --screen` shows the last screen", task.value));
}

Result<PaneScreen> screen_in(const RunHandle& handle, const Config& config, const AgentRun& agent) {
  const tmuxctl::Address address = app::tmux_server(config.tmux, handle.paths.repository()).address;
  Blocking blocking;
  const Result<tmuxctl::PaneText> text =
      blocking.wait(tmuxctl::capture_once(blocking.children, address, tmuxctl::PaneId{agent.pane}));
  if (!text) return passed_on(text);
  PaneScreen shown{screen_of(text->rows), text->rows, text->width, text->height};
  shown.screen.dead = text->dead;
  shown.screen.title = plain_row(text->title);
  return shown;
}

}  // namespace orch::cli
