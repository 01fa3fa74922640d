#pragma once
// How the screen of an agent was read, for people and as JSON (names: docs/commands.md).
#include "agents/screen/classify.hpp"
#include "orch/core/ruling.hpp"

#include <optional>
#include <string>

namespace orch::ui {

std::string reading_text(const std::string& agent, const ScreenReading& reading);
/// With what the rules say to the permission that it asks for, if it asks for one.
std::string reading_json(const std::string& agent, const ScreenReading& reading,
                         const std::optional<Ruling>& ruling = std::nullopt);
std::string ruling_text(const Ruling& ruling);

}  // namespace orch::ui
