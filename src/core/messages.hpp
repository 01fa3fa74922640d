#pragma once
// Texts for agents that live: how they begin to wait, and how they end. `sending` has those of
// others, `typing` has them typed.
#include "core/turn.hpp"

#include <string>

namespace orch::messages {

/// Tells an agent whose turn is over that it has not reported. False: it was told often enough.
bool remind(Turn& turn, TaskRecord& task);

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
bool is_guided(const State& state, const TaskRecord& task);

/// May a text of ours be typed for the task, or are they as many as there may be?
bool may_go_on(const Turn& turn, const TaskRecord& task);

/// What is ours is not typed any more; texts of others wait for the task's next agent.
void agent_is_gone(Turn& turn, TaskRecord& task);

/// It is over, and its task is told to the user as far as that is worth knowing.
void end(Turn& turn, MessageNumber number, MessageState state, std::string why = {});

/// Refused, or may have been typed: nobody can count on it.
bool is_in_vain(MessageState state);

}  // namespace orch::messages
