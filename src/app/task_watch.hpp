#pragma once
// Follows the task file of a run: looks when it, or the checkout that it lies in, changed.
#include "app/run_context.hpp"
#include "app/task_news.hpp"
#include "loop/loop.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace orch::app {

class TaskWatch {
 public:
  /// `post` queues the event; what is given to the loop after it runs when the event was handled.
  TaskWatch(loop::Loop& loop, loop::Children& children, git::Repository& git, const State& state,
            const RunContext& context, std::function<void(Event)> post);
  ~TaskWatch();
  TaskWatch(const TaskWatch&) = delete;
  TaskWatch& operator=(const TaskWatch&) = delete;

  void start();
  /// Once a second: HEAD and the base move without a change in the file's folder.
  void heartbeat();
  /// Looks once more if there may be something new, and then calls back.
  void look_last(std::function<void()> then);

 private:
  std::string outside() const;
  void look();
  loop::Job<bool> look_now();
  loop::Job<bool> take(TaskSight sight);
  loop::Job<bool> keep(LastRead last);

  loop::Loop& loop_;
  loop::Children& children_;
  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  std::function<void(Event)> post_;
  loop::Timer later_;
  std::chrono::steady_clock::time_point not_before_{};  ///< the next look
  std::unique_ptr<loop::Watch> watch_;
  std::optional<LastRead> last_;
  std::string seen_;  ///< the outside of file and checkout when it was looked at last
  bool looking_ = false;
  bool again_ = false;
  std::function<void()> then_;  ///< when no look is under way
};

}  // namespace orch::app
