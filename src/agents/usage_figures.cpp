// All figures are looked at for whether they are some.
#include "agents/usage_figures.hpp"

#include "agents/json_fields.hpp"

#include <algorithm>
#include <cmath>

namespace orch {
namespace {

using json_fields::in;
using nlohmann::json;

double number_in(const json& object, const char* name) {
  const json& value = in(object, name);
  const double number = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(number) ? std::clamp(number, 0.0, static_cast<double>(kMostUsed)) : 0;
}

}  // namespace

std::int64_t count_in(const json& object, const char* name) {
  return std::llround(number_in(object, name));
}

std::int64_t cost_in(const json& object, const char* name) {
  const double cost = number_in(object, name) * kMillionths;
  return std::llround(std::min(cost, static_cast<double>(kMostUsed)));
}

TokenCount parted(const json& figures, const char* input, const char* cache_read,
                  const char* cache_write, const char* output) {
  TokenCount tokens{count_in(figures, input), count_in(figures, cache_read),
                    count_in(figures, cache_write), count_in(figures, output)};
  tokens.input += tokens.cache_read + tokens.cache_write;
  return tokens;
}

}  // namespace orch
