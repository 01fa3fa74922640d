#pragma once
// Events and records as JSON text, for the trace and the store, and back.
#include "orch/base/result.hpp"
#include "orch/core/engine.hpp"
#include "orch/core/event.hpp"
#include "orch/core/stage.hpp"
#include "orch/core/state.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

std::string encode(const Event& event);
std::string encode(const Effect& effect);
/// The effect with its retries, if there were any.
std::string encode(const OutboxEntry& entry);
std::string encode(const TaskRecord& task);
std::string encode(const AgentRun& agent);
std::string encode(const Message& message);
/// Without its rules, which are large and seldom change: they are a text of their own.
std::string encode(const RunRecord& run);
std::string encode(const Rules& rules);
std::string encode(const std::vector<Fact>& facts);
std::string encode(const std::vector<StageChange>& stages);

/// Fault::Corrupt on anything that encode() did not write. Fields that are missing take their
/// default, so that a newer version reads what an older one wrote.
Result<Event> decode_event(std::string_view json);
Result<OutboxEntry> decode_entry(std::string_view json);
Result<TaskRecord> decode_task(std::string_view json);
Result<AgentRun> decode_agent(std::string_view json);
Result<Message> decode_message(std::string_view json);
Result<RunRecord> decode_run(std::string_view json);
Result<Rules> decode_rules(std::string_view json);
Result<std::vector<Fact>> decode_facts(std::string_view json);
Result<std::vector<StageChange>> decode_stages(std::string_view json);

/// One number for a whole state: equal states give equal numbers on every machine.
std::uint64_t state_hash(const State& state);

}  // namespace orch
