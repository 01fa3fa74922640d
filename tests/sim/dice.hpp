#pragma once
// Dice that fall the same way on every machine for the same seed.
#include <cstddef>
#include <cstdint>

namespace orch::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}

  std::uint64_t roll() {  // splitmix64
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
  }

  /// 0 .. count-1; 0 when there is nothing to choose from.
  int below(int count) {
    return count <= 0 ? 0 : static_cast<int>(roll() % static_cast<std::uint64_t>(count));
  }

  bool chance(int percent) { return below(100) < percent; }

  bool per_mille(int parts) { return below(1000) < parts; }

  template <class Container>
  auto& pick(Container& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace orch::sim
