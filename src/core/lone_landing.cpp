// One step after the other, as long as the run goes on.
#include "core/lone_landing.hpp"

#include "core/outbox.hpp"

#include <utility>

namespace orch::lone_landing {

void begin(Turn& turn, Landing landing) {
  RunRecord& run = turn.edit_run();
  landing.number = ++run.base_landing;
  landing.onto = run.integration;
  const Landing& begun = turn.begin_landing(std::move(landing));
  const TaskRecord* undone = turn.find(begun.undo);
  outbox::emit(turn, PrepareLanding{.task = {},
                                    .landing = begun.number,
                                    .onto = begun.onto,
                                    .work = begun.work,
                                    .undo = begun.undo,
                                    .parts = undone ? undone->parts : std::vector<CommitId>()});
}

void test_or_move(Turn& turn, Landing& landing, const CommitId& candidate) {
  landing.candidate = candidate;
  turn.enter(landing, LandingStep::Join);
  if (!turn.run().rules.tested) return move(turn, landing);
  if (turn.run().phase != RunPhase::Running) return turn.end_landing({});
  turn.enter(landing, LandingStep::Test);
  turn.make_durable();
  outbox::emit(turn, TestLanding{.task = {},
                                 .landing = landing.number,
                                 .candidate = candidate,
                                 .onto = turn.run().integration,
                                 .undo = landing.undo,
                                 .anew = true});
}

void move(Turn& turn, Landing& landing) {
  if (turn.run().phase != RunPhase::Running) return turn.end_landing({});
  turn.enter(landing, LandingStep::Move);
  turn.make_durable();
  outbox::emit(turn, Land{.task = {},
                          .landing = landing.number,
                          .candidate = landing.candidate,
                          .onto = turn.run().integration,
                          .undo = landing.undo});
}

}  // namespace orch::lone_landing
