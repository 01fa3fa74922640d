#pragma once
// How the screen of an agent was read, for people and as JSON (names: docs/commands.md).
#include "agents/screen/classify.hpp"

#include <string>

namespace orch::ui {

std::string reading_text(const std::string& agent, const ScreenReading& reading);
std::string reading_json(const std::string& agent, const ScreenReading& reading);

}  // namespace orch::ui
