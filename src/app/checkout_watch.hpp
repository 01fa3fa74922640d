#pragma once
// Have files of the user's checkout changed while agents are at work? Nobody can tell who changed
// them: it is only noted.
#include "app/run_context.hpp"
#include "git/repository.hpp"
#include "loop/loop.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orch::app {

/// Those of `now` that are not in `before`; nothing new: empty. Without the task file, or what is
/// in the folder of that name, which we write ourselves.
std::vector<std::string> newly_edited(const std::set<std::string>& before,
                                      const std::vector<std::string>& now,
                                      const std::string& task_file);

class CheckoutWatch {
 public:
  /// `post` takes what was seen.
  CheckoutWatch(git::Repository& git, const State& state, const RunContext& context,
                const port::Clock& clock, std::function<void(Event)> post);

  /// Called once a second; asks git once a minute while an agent lives.
  void look();

 private:
  void compare(const std::vector<std::string>& edited);

  git::Repository& git_;
  const State& state_;
  const RunContext& context_;
  const port::Clock& clock_;
  std::function<void(Event)> post_;
  std::optional<Time> looked_;
  bool looking_ = false;
  /// As they were at the last look; none: before the first one, as the user may have edited some.
  std::optional<std::set<std::string>> edited_;
};

}  // namespace orch::app
