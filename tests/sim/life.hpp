#pragma once
// One life of a supervisor: the loop that the program runs, and all that is lost when it is killed.
#include "orch/core/engine.hpp"
#include "orch/port/clock.hpp"
#include "run/run_loop.hpp"
#include "sim/dice.hpp"
#include "sim/hands.hpp"
#include "sim/mailbox.hpp"
#include "sim/witness.hpp"
#include "sim/world.hpp"

namespace orch::sim {

struct Life {
  Life(World& world, Dice& dice, Witness& witness, const port::Clock& clock)
      : engine(witness.read_back()),
        hands(world, dice, witness),
        mailbox(world, dice, witness, engine.state()),
        loop(engine, {witness, hands, mailbox, clock},
             {[this] { woken = true; }, [](const Decision&) {},
              [this](const Error&) { broken = true; }}) {}

  Engine engine;
  Hands hands;
  Mailbox mailbox;
  bool woken = false;   ///< the loop is to be drained
  bool broken = false;  ///< something could not be stored: this life is over
  int unanswered = 0;   ///< requests of people
  RunLoop loop;
};

}  // namespace orch::sim
