// Which windows of earlier runs are closed.
#include "app/old_windows.hpp"

#include "catch.hpp"

using namespace orch;
using namespace orch::app;

namespace {

tmuxctl::Pane pane(const std::string& window, const std::string& task, bool dead) {
  tmuxctl::Pane made;
  made.window.value = window;
  made.option = task;
  made.dead = dead;
  return made;
}

State with_agent_in(const std::string& window) {
  State state;
  AgentRun agent;
  agent.id = 1;
  agent.window = window;
  state.agents.emplace(agent.id, agent);
  return state;
}

}  // namespace

TEST_CASE("a window goes whose agent is gone and none of this run's") {
  const std::vector<tmuxctl::Pane> panes{pane("@0", "", false), pane("@1", "T1", true),
                                         pane("@2", "T2", true), pane("@2", "T2", true)};
  CHECK(old_windows(with_agent_in("@1"), panes, {}) ==
        std::vector<tmuxctl::WindowId>{tmuxctl::WindowId{"@2"}});
}

TEST_CASE("a window stays in which a program lives, which is no agent's, or at which one looks") {
  const std::vector<tmuxctl::Pane> panes{pane("@0", "", true), pane("@1", "T1", true),
                                         pane("@1", "T1", false), pane("@2", "T2", true)};
  tmuxctl::Client client;
  client.window.value = "@2";
  CHECK(old_windows({}, panes, {client}).empty());
  client.control = true;
  CHECK(old_windows({}, panes, {client}).size() == 1);
}
