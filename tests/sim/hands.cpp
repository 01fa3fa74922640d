// The effects of one life of a supervisor.
#include "sim/hands.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace orch::sim {

void Hands::begin(EffectId id, const Effect& effect, Ended ended) {
  world_.may_kill(5);
  if (!witness_.is_to_do(id)) {
    world_.complain(fmt::format("effect {}, {} of {}, is begun and not stored as to be done", id,
                                name_of(effect), task_of(effect).value));
  }
  const auto [place, is_new] = under_way_.try_emplace(id, UnderWay{effect, std::move(ended)});
  if (!is_new) {
    return world_.complain(fmt::format("effect {}, {} of {}, is under way twice", id,
                                       name_of(effect), task_of(effect).value));
  }
  if (!dice_.chance(5)) return;
  place->second.outcome = world_.carry_out(id, effect);
  tell(place);
}

std::optional<Hands::Place> Hands::any(bool is_done) {
  std::vector<Place> places;
  for (auto place = under_way_.begin(); place != under_way_.end(); ++place) {
    if (place->second.outcome.has_value() == is_done) places.push_back(place);
  }
  if (places.empty()) return {};
  return dice_.pick(places);
}

bool Hands::do_one() {
  const std::optional<Place> place = any(false);
  if (!place) return false;
  auto& [id, one] = **place;
  one.outcome = world_.carry_out(id, one.effect);
  // Between the deed and the news of it: it will be done again.
  world_.may_kill(30);
  return true;
}

bool Hands::tell_one() {
  const std::optional<Place> place = any(true);
  if (place) tell(*place);
  return place.has_value();
}

void Hands::tell(Place place) {
  const UnderWay one = std::move(under_way_.extract(place).mapped());
  one.ended(*one.outcome);
}

}  // namespace orch::sim
