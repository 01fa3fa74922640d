// The history of messages.
#include "store/impl.hpp"
#include "store/schema.hpp"

#include <algorithm>

namespace orch::store {
namespace {

PastMessage past_from(const Message& message) {
  return {.number = message.number,
          .id = message.id,
          .from = to_text(message.from),
          .to = to_text(message.to),
          .kind = std::string(to_text(message.kind)),
          .priority = message.now ? "now" : "normal",
          .reply_to = message.reply_to,
          .text = message.text,
          .state = std::string(to_text(message.state)),
          .why = message.why};
}

PastMessage past_from(const Row& row) {
  return {row.number(0), row.text(1), row.text(2), row.text(3), row.text(4),  row.text(5),
          row.number(6), row.text(7), row.text(8), row.text(9), row.text(10), row.text(11)};
}

/// A schema before 6 has them in the records of agents.
std::vector<PastMessage> messages_of(const State& state, const std::string& party, int limit) {
  std::vector<PastMessage> found;
  for (const auto& [number, message] : state.messages) {
    PastMessage stored = past_from(message);
    if (party.empty() || stored.from == party || stored.to == party)
      found.push_back(std::move(stored));
  }
  const auto most = static_cast<std::size_t>(std::max(limit, 0));
  if (found.size() > most)
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(most));
  return found;
}

}  // namespace

Result<std::vector<PastMessage>> Store::messages(const std::string& run, const std::string& party,
                                                 int limit) const {
  const Result<int> version = schema_version(impl_->database);
  if (!version) return passed_on(version);
  if (*version < 6) {
    const Result<State> state = load(run);
    if (!state) return passed_on(state);
    return messages_of(*state, party, limit);
  }
  std::vector<PastMessage> found;
  const Status read = impl_->database.rows(
      "SELECT message_number, message_id, from_agent, to_agent, kind, priority, reply_to, text,"
      " state, why, coalesce(created_at, ''), coalesce(changed_at, '') FROM agent_message"
      " WHERE run = ?1 AND message_number > 0 AND ?2 IN ('', from_agent, to_agent)"
      " ORDER BY message_number DESC LIMIT ?3",
      {run, party, std::max(limit, 0)}, [&](const Row& row) -> Status {
        found.push_back(past_from(row));
        return {};
      });
  if (!read) return passed_on(read);
  std::ranges::reverse(found);
  return found;
}

Result<std::vector<Route>> Store::routes(const std::string& run) const {
  const Result<int> version = schema_version(impl_->database);
  if (!version) return passed_on(version);
  std::vector<Route> routes;
  if (*version < 6) return routes;
  const Status read = impl_->database.rows(
      "SELECT from_agent, to_agent, count(*) AS messages FROM agent_message"
      " WHERE run = ? AND message_number > 0 GROUP BY from_agent, to_agent"
      " ORDER BY messages DESC, from_agent, to_agent",
      {run}, [&](const Row& row) -> Status {
        routes.push_back({row.text(0), row.text(1), row.number(2)});
        return {};
      });
  if (!read) return passed_on(read);
  return routes;
}

}  // namespace orch::store
