// An amount of money for people.
#include "ui/cost_text.hpp"

#include <fmt/format.h>

namespace orch::ui {

std::string cost_text(std::int64_t cost) {
  constexpr double kMillionths = 1e6;
  const double amount = static_cast<double>(cost) / kMillionths;
  return amount < 1 ? fmt::format("${:.3f}", amount) : fmt::format("${:.2f}", amount);
}

}  // namespace orch::ui
