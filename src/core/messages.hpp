#pragma once
// Texts for agents that live: queued, typed when the agent is at its prompt, never twice.
#include "core/turn.hpp"
#include "orch/core/event.hpp"

#include <optional>
#include <string>

namespace orch::messages {

/// The user's text for the task's agent, or why not.
void send(Turn& turn, TaskRecord& task, const UserAsked& asked);

/// Tells an agent whose turn is over that it has not reported. False: it was told often enough.
bool remind(Turn& turn, TaskRecord& task);

/// Begins to type what can be typed now.
void type_next(Turn& turn);
/// When the next text may be typed that waits for a time.
std::optional<Time> next_time(const State& state, const Agenda& agenda);

/// Its agent is gone: nothing will be typed any more.
/// Our text: its turn has failed, and may be gone on with.
void tell_to_continue(Turn& turn, TaskRecord& task);

/// What it is told about its work, which did not land.
void give_back(Turn& turn, TaskRecord& task, const std::string& text);

/// Our text about something that is wrong with what it does, as the rule of this name has it; not
/// while one waits already.
void guide(Turn& turn, TaskRecord& task, const std::string& anomaly);

/// It is well again: such a text that waits is not typed.
void withdraw_guidance(Turn& turn, TaskRecord& task, const std::string& anomaly);

/// Does such a text wait?
bool is_guided(const AgentRun& agent);

/// May a text of ours be typed for the task, or are they as many as there may be?
bool may_go_on(const Turn& turn, const TaskRecord& task);

void refuse_all(Turn& turn, AgentRun& agent);

void on(Turn& turn, const TypeText& effect, const TypeText::Ends& end);

}  // namespace orch::messages
