#pragma once
// Types texts, answers and interrupts into the windows of agents, each at most once
// (orch/attempt/delivery.hpp). All of it goes through the shim, so that it is not taken for a
// person's typing.
#include "agents/screen/dialog.hpp"
#include "app/pane_watch.hpp"
#include "app/run_context.hpp"
#include "loop/auto_reset_event.hpp"
#include "loop/job.hpp"
#include "orch/attempt/delivery.hpp"
#include "orch/core/effect.hpp"
#include "tmuxctl/values.hpp"

#include <filesystem>
#include <functional>
#include <list>
#include <optional>
#include <string>

namespace orch::loop {
class Loop;
}

namespace orch::app {

class TmuxHost;

class Deliveries {
 public:
  /// `digest` makes the text for the agent that coordinates, when one is typed.
  Deliveries(loop::Loop& loop, TmuxHost& tmux, PaneWatch& panes, const RunContext& context,
             std::function<std::string()> digest = {});

  /// Nothing is typed unless the agent is seen at its prompt at that moment.
  loop::Job<TypeText::Ends> type(const TypeText& effect);
  /// The same, and does not wait for the turn that begins by it. Nothing: it was typed.
  loop::Job<std::optional<TypeText::Ends>> hand_over(const TypeText& effect);
  /// Presses the key of one option, or moves the pointer to it and presses Enter once the screen
  /// shows it there; another question than the one that is meant is refused.
  loop::Job<AnswerQuestion::Ends> answer(const AnswerQuestion& effect);
  /// Presses the keys that end a turn while the screen shows that it works, and waits until it is
  /// at its prompt.
  loop::Job<InterruptTurn::Ends> interrupt(const InterruptTurn& effect);

 private:
  using Answer = Result<shim::DeliveryAnswer>;

  loop::Job<Answer> have_typed(std::filesystem::path attempt, std::string id, tmuxctl::PaneId pane,
                               std::string text, bool open = false);
  loop::Job<Answer> have_pressed(std::filesystem::path attempt, std::string id,
                                 tmuxctl::PaneId pane, std::string key);
  loop::Job<Answer> order(std::filesystem::path attempt, std::string id, tmuxctl::PaneId pane,
                          std::filesystem::path file, std::string content);
  loop::Job<Answer> await_answer(std::filesystem::path attempt, std::string id);
  loop::Job<Status> press(std::filesystem::path attempt, std::string id, tmuxctl::PaneId pane,
                          std::string key);
  loop::Job<Status> mark(const AnswerQuestion& effect, std::string label);
  loop::Job<bool> send_off(const TypeText& effect);
  loop::Job<bool> await_start(const TypeText& effect);
  loop::Job<bool> pause(Span time);
  bool still_asks_for(const AnswerQuestion& effect, const PaneWatch::Seen& seen,
                      const Dialog& dialog) const;
  std::string text_of(const TypeText& effect) const;

  loop::Loop& loop_;
  TmuxHost& tmux_;
  PaneWatch& panes_;
  const RunContext& context_;
  std::function<std::string()> digest_;
  /// Kept here and not by the job that waits, which may never go on.
  std::list<loop::AutoResetEvent> pauses_;
};

}  // namespace orch::app
