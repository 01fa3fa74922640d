#pragma once
// What comes from agents by itself: their spools, and the exits of their shims.
#include "app/paths.hpp"
#include "orch/port/inbox.hpp"

#include <map>
#include <memory>
#include <vector>

namespace orch::loop {
class ExitWatch;
class Loop;
}  // namespace orch::loop

namespace orch::app {

class AgentInbox final : public port::Inbox {
 public:
  AgentInbox(loop::Loop& loop, RunPaths run);
  ~AgentInbox() override;

  std::vector<AgentReported> read(const AgentRun& agent) override;
  void forget(const AgentReported& report) override;
  void follow(const AgentRun& agent, Exited exited) override;
  void unfollow(const TaskId& task) override;

 private:
  loop::Loop& loop_;
  RunPaths run_;
  std::map<TaskId, std::unique_ptr<loop::ExitWatch>> watches_;
};

}  // namespace orch::app
