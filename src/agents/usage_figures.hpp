#pragma once
// Figures of use in JSON that others write; what is missing or is none is 0.
#include "orch/core/usage.hpp"

#include <cstdint>

#include <nlohmann/json_fwd.hpp>

namespace orch {

/// Of a dollar, as costs are counted.
inline constexpr double kMillionths = 1e6;

std::int64_t count_in(const nlohmann::json& object, const char* name);

/// Of dollars.
std::int64_t cost_in(const nlohmann::json& object, const char* name);

/// The parts of what went in, of a program that counts each by itself.
TokenCount parted(const nlohmann::json& figures, const char* input, const char* cache_read,
                  const char* cache_write, const char* output);

}  // namespace orch
