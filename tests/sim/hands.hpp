#pragma once
// The effects of one life of a supervisor: done in any order, and told of in any other.
#include "orch/port/effects.hpp"
#include "sim/dice.hpp"
#include "sim/witness.hpp"
#include "sim/world.hpp"

#include <map>
#include <optional>

namespace orch::sim {

class Hands final : public port::Effects {
 public:
  Hands(World& world, Dice& dice, const Witness& witness)
      : world_(world), dice_(dice), witness_(witness) {}

  /// Complains if it is under way already, or not stored as to be done now. Now and then it ends
  /// before this returns.
  void begin(EffectId id, const Effect& effect, Ended ended) override;

  /// Does something that is under way; false: all is done.
  bool do_one();
  /// Tells how something that is done ended; false: there is no news.
  bool tell_one();

 private:
  struct UnderWay {
    Effect effect;
    Ended ended;
    std::optional<Outcome> outcome{};  ///< it is done, and nobody knows yet
  };

  using Place = std::map<EffectId, UnderWay>::iterator;

  std::optional<Place> any(bool is_done);
  void tell(Place place);

  World& world_;
  Dice& dice_;
  const Witness& witness_;
  std::map<EffectId, UnderWay> under_way_;
};

}  // namespace orch::sim
