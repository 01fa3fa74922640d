#pragma once
// The texts for agents, and how far each has come.
#include "orch/core/state.hpp"

#include <string>

namespace orch::ui {

/// One row a message, of the last attempt of each task, in the order of the tasks.
std::string messages_text(const State& state);
/// `{"schema":1,"messages":[{"id","to","from","kind","state","why","text"}]}`
std::string messages_json(const State& state);

}  // namespace orch::ui
