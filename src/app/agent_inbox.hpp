#pragma once
// What comes from agents by itself: their spools, and the exits of their shims.
#include "app/paths.hpp"
#include "orch/port/inbox.hpp"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace orch::loop {
class Loop;
}

namespace orch::app {

class AgentInbox final : public port::Inbox {
 public:
  /// `wrote` is called soon after an agent that is followed wrote something into its spool.
  AgentInbox(loop::Loop& loop, RunPaths run, std::function<void(const TaskId&)> wrote = {});
  ~AgentInbox() override;

  std::vector<AgentReported> read(const AgentRun& agent) override;
  void forget(const AgentReported& report) override;
  void follow(const AgentRun& agent, Exited exited) override;
  void unfollow(const TaskId& task) override;

 private:
  loop::Loop& loop_;
  struct Followed;

  RunPaths run_;
  std::function<void(const TaskId&)> wrote_;
  std::map<TaskId, std::unique_ptr<Followed>> followed_;
};

}  // namespace orch::app
