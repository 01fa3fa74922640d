// What agents use of the machine, and that they live: written often, in one statement for all.
#include "store/impl.hpp"
#include "store/projection.hpp"

#include <nlohmann/json.hpp>

namespace orch::store {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const ResourceUse& usage) {
  return {{"cpu", usage.cpu}, {"memory", usage.memory}, {"processes", usage.processes}};
}

/// Other programs may write there as well: what is no number counts as none.
ResourceUse from_text(const std::string& text) {
  const ordered_json found = ordered_json::parse(text, nullptr, false);
  if (!found.is_object()) return {};
  ResourceUse usage;
  if (const auto cpu = found.find("cpu"); cpu != found.end() && cpu->is_number())
    usage.cpu = cpu->get<double>();
  const auto whole = [&found](const char* name) {
    const auto field = found.find(name);
    const bool good = field != found.end() && field->is_number_integer();
    return good ? field->get<std::int64_t>() : 0;
  };
  usage.memory = whole("memory");
  usage.processes = static_cast<int>(whole("processes"));
  return usage;
}

}  // namespace

Status Store::note_usage(const std::string& run, const std::vector<AgentResources>& agents,
                         std::int64_t wall_ms) {
  if (agents.empty()) return {};
  ordered_json all = ordered_json::object();
  for (const AgentResources& agent : agents)
    all[agent_id(run, agent.task, agent.attempt)] = to_json(agent.usage);
  const std::string text = all.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  const std::string now = utc_text(wall_ms);
  if (Status set = impl_->set_synced(false); !set) return set;
  return impl_->database.without_waiting([&] {
    return impl_->database.run(
        "UPDATE agent_lifecycle SET last_heartbeat = ?2, resource_usage = agent.value"
        " FROM json_each(?1) AS agent WHERE agent_id = agent.key",
        {text, now});
  });
}

Result<std::vector<AgentResources>> Store::usage(const std::string& run) const {
  std::vector<AgentResources> all;
  const Status read = impl_->database.rows(
      "SELECT task_id, attempt, resource_usage FROM agent_lifecycle"
      " WHERE run = ? AND status = 'running' AND resource_usage <> '{}'",
      {run}, [&](const Row& row) -> Status {
        all.push_back(
            {TaskId{row.text(0)}, static_cast<int>(row.number(1)), from_text(row.text(2))});
        return {};
      });
  if (!read) return passed_on(read);
  return all;
}

}  // namespace orch::store
