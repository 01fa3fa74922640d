#pragma once
// What comes from agents by itself: their spools and status files, what their screens say for
// them, and the exits of their shims.
#include "app/paths.hpp"
#include "orch/core/state.hpp"
#include "orch/port/inbox.hpp"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace orch::loop {
class Loop;
}

namespace orch::app {

struct InboxCalls {
  /// Soon after an agent that is followed wrote something that may be a report.
  std::function<void(const TaskId&)> wrote{};
  /// Where its worktree is; without this there are no status files.
  std::function<fs::path(const AgentRun&)> worktree_of{};
  /// An agent writes a status file.
  std::function<void()> has_status_file{};
  /// What one writes is no report.
  std::function<void(AnomalySeen)> wrote_badly{};
};

class AgentInbox final : public port::Inbox {
 public:
  AgentInbox(loop::Loop& loop, RunPaths run, InboxCalls calls = {});
  ~AgentInbox() override;

  std::vector<AgentReported> read(const AgentRun& agent) override;
  /// What the screen of an agent says for it: it is in the inbox until it is stored, and once. Of
  /// an attempt that `state` does not have any more it is dropped.
  void offer(AgentReported report, const State& state);
  void forget(const AgentReported& report) override;
  void follow(const AgentRun& agent, Exited exited) override;
  void unfollow(const TaskId& task) override;

 private:
  struct Followed;
  struct Seen;

  Seen& seen_of(const AgentRun& agent);
  void read_status(const AgentRun& agent, std::vector<AgentReported>& reports);
  void tell_wrong(const AgentRun& agent, Seen& seen, const std::string& wrong);
  void watch(const AgentRun& agent, Followed& followed);

  loop::Loop& loop_;
  RunPaths run_;
  InboxCalls calls_;
  std::map<TaskId, std::unique_ptr<Followed>> followed_;
  std::map<TaskId, std::unique_ptr<Seen>> seen_;  ///< of the attempt that was read last
};

}  // namespace orch::app
