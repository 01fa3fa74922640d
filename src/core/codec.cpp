// Events and records as JSON: each struct by the list of fields that stands in it.
#include "orch/core/codec.hpp"

#include "core/record_reader.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <optional>

#include <nlohmann/json.hpp>

namespace nlohmann {

template <class T>
struct adl_serializer<std::optional<T>> {
  static void to_json(json& out, const std::optional<T>& value) {
    if (value) {
      out = *value;
    } else {
      out = nullptr;
    }
  }

  static void from_json(const json& in, std::optional<T>& value) {
    if (in.is_null()) {
      value.reset();
    } else {
      value = in.get<T>();
    }
  }
};

template <orch::NamedEnum E>
struct adl_serializer<E> {
  static void to_json(json& out, E value) { out = orch::to_text(value); }

  static void from_json(const json& in, E& value) {
    auto known = orch::from_text<E>(in.get_ref<const std::string&>());
    if constexpr (requires { orch::EnumNames<E>::kUnknown; }) {
      if (!known) known = orch::EnumNames<E>::kUnknown;
    }
    if (!known) throw json::other_error::create(501, "unknown word", &in);
    value = *known;
  }
};

template <>
struct adl_serializer<orch::Span> {
  static void to_json(json& out, const orch::Span& span) { out = span.count(); }

  static void from_json(const json& in, orch::Span& span) {
    span = orch::Span(in.get<std::int64_t>());
  }
};

template <>
struct adl_serializer<orch::Time> {
  static void to_json(json& out, const orch::Time& time) { out = orch::to_ms(time); }

  static void from_json(const json& in, orch::Time& time) {
    time = orch::at_ms(in.get<std::int64_t>());
  }
};

/// Fields that are missing keep their default.
template <orch::HasFields T>
struct adl_serializer<T> {
  static void to_json(json& out, const T& value) {
    out = json::object();
    orch::for_each_field(value, [&out](std::string_view name, const auto& field) {
      out[std::string(name)] = field;
    });
  }

  static void from_json(const json& in, T& value) {
    if (!in.is_object()) throw json::other_error::create(501, "not an object", &in);
    orch::for_each_field(value, [&in](std::string_view name, auto& field) {
      if (const auto found = in.find(name); found != in.end()) found->get_to(field);
    });
  }
};

/// Most of its fields are empty in most reasons. What an earlier version stored is a sentence.
template <>
struct adl_serializer<orch::Reason> {
  static void to_json(json& out, const orch::Reason& reason) {
    out = nullptr;
    orch::for_each_field(reason, [&out](std::string_view name, const auto& field) {
      if (field != std::remove_cvref_t<decltype(field)>{}) out[std::string(name)] = field;
    });
  }

  static void from_json(const json& in, orch::Reason& reason) {
    reason = in.is_string() ? orch::quoted(in.get<std::string>()) : orch::Reason();
    if (!in.is_object()) return;
    orch::for_each_field(reason, [&in](std::string_view name, auto& field) {
      if (const auto found = in.find(name); found != in.end()) found->get_to(field);
    });
  }
};

/// An earlier version stored a sentence.
template <>
struct adl_serializer<orch::Fact> {
  static void to_json(json& out, const orch::Fact& fact) {
    out = {{"kind", fact.kind}, {"task", fact.task.value}, {"reason", fact.reason}};
  }

  static void from_json(const json& in, orch::Fact& fact) {
    in.at("kind").get_to(fact.kind);
    fact.task.value = in.value("task", "");
    in.at(in.contains("text") ? "text" : "reason").get_to(fact.reason);
  }
};

/// Of those that have none, only the kind counts.
template <class T>
requires std::is_empty_v<T>

struct adl_serializer<T> {
  static void to_json(json& out, const T&) { out = json::object(); }

  static void from_json(const json&, T&) {}
};

}  // namespace nlohmann

namespace orch {

using nlohmann::json;

// Ids are their text; as keys of maps they would otherwise become arrays of pairs.
static void to_json(json& out, const TaskId& id) {
  out = id.value;
}

static void from_json(const json& in, TaskId& id) {
  id.value = in.get<std::string>();
}

static void to_json(json& out, const CommitId& id) {
  out = id.value;
}

static void from_json(const json& in, CommitId& id) {
  id.value = in.get<std::string>();
}

namespace {

// A "one of" is an object with its fields and, as `type`, the name of the alternative. (Some have a
// field `kind`.)
template <class Variant>
json kind_to_json(const Variant& value) {
  return std::visit(
      [](const auto& held) {
        json out = held;
        out["type"] = std::decay_t<decltype(held)>::kName;
        return out;
      },
      value);
}

template <class... Kinds>
bool kind_from_json(const json& in, std::variant<Kinds...>& value) {
  const std::string kind = in.value("type", "");
  const auto take = [&]<class Kind>(const Kind*) {
    if (kind != Kind::kName) return false;
    value = in.get<Kind>();
    return true;
  };
  return (take(static_cast<const Kinds*>(nullptr)) || ...);
}

}  // namespace

static void to_json(json& out, const EffectEnded& event) {
  out = json{{"effect", event.effect}, {"outcome", kind_to_json(event.outcome)}};
}

static void from_json(const json& in, EffectEnded& event) {
  event.effect = in.at("effect").get<EffectId>();
  if (!kind_from_json(in.at("outcome"), event.outcome)) {
    throw json::other_error::create(501, "unknown outcome", &in);
  }
}

namespace {

// Bytes of an agent's that are not UTF-8 are replaced, never a reason to lose the event.
std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T, class Read>
Result<T> decode(std::string_view text, std::string_view what, Read read) {
  const json parsed = json::parse(text, nullptr, false);
  try {
    T value;
    if (!parsed.is_discarded() && read(parsed, value)) return value;
  } catch (const json::exception& problem) {
    return fail(Fault::Corrupt, "stored {} cannot be read: {}", what, problem.what());
  }
  return fail(Fault::Corrupt, "stored {} cannot be read: {}", what, one_line(text, 80));
}

constexpr const char* kRetry = "retry";

constexpr auto kWhole = [](const json& in, auto& value) {
  in.get_to(value);
  return true;
};
constexpr auto kKind = [](const json& in, auto& value) { return kind_from_json(in, value); };

/// The short way; what cannot be read so is read by the long one, which knows what is wrong.
template <class T>
Result<T> decode_record(std::string_view text, std::string_view what) {
  T value;
  if (RecordReader(text).read_whole(value)) return value;
  return decode<T>(text, what, kWhole);
}

std::uint64_t entity_hash(std::string_view kind, std::string_view key, std::string_view text) {
  std::string bytes(kind);
  if (!key.empty()) (bytes += '\0').append(key);
  (bytes += '\0').append(text);
  return fnv1a(bytes);
}

}  // namespace

std::string encode(const Event& event) {
  return dump(kind_to_json(event));
}

std::string encode(const Effect& effect) {
  return dump(kind_to_json(effect));
}

std::string encode(const OutboxEntry& entry) {
  json out = kind_to_json(entry.effect);
  if (entry.retry != Retry{}) out[kRetry] = entry.retry;
  return dump(out);
}

std::string encode(const TaskRecord& task) {
  return dump(task);
}

std::string encode(const AgentRun& agent) {
  return dump(agent);
}

std::string encode(const Message& message) {
  return dump(message);
}

std::string encode(const RunRecord& run) {
  json out = json::object();
  for_each_field(run, [&out](std::string_view name, const auto& field) {
    if constexpr (!std::is_same_v<decltype(field), const Rules&>) out[std::string(name)] = field;
  });
  return dump(out);
}

std::string encode(const Rules& rules) {
  return dump(rules);
}

std::string encode(const std::vector<Fact>& facts) {
  return dump(facts);
}

std::string encode(const std::vector<StageChange>& stages) {
  return dump(stages);
}

Result<Event> decode_event(std::string_view text) {
  return decode<Event>(text, "event", kKind);
}

Result<OutboxEntry> decode_entry(std::string_view text) {
  return decode<OutboxEntry>(text, "effect", [](const json& in, OutboxEntry& entry) {
    if (!kind_from_json(in, entry.effect)) return false;
    if (const auto found = in.find(kRetry); found != in.end()) found->get_to(entry.retry);
    return true;
  });
}

Result<TaskRecord> decode_task(std::string_view text) {
  return decode_record<TaskRecord>(text, "task");
}

Result<AgentRun> decode_agent(std::string_view text) {
  return decode_record<AgentRun>(text, "agent");
}

Result<Message> decode_message(std::string_view text) {
  return decode_record<Message>(text, "message");
}

Result<RunRecord> decode_run(std::string_view text) {
  return decode_record<RunRecord>(text, "run");
}

Result<Rules> decode_rules(std::string_view text) {
  return decode_record<Rules>(text, "rules");
}

Result<std::vector<Fact>> decode_facts(std::string_view text) {
  return decode<std::vector<Fact>>(text, "facts", kWhole);
}

Result<std::vector<StageChange>> decode_stages(std::string_view text) {
  return decode<std::vector<StageChange>>(text, "stages", kWhole);
}

std::uint64_t state_hash(const State& state) {
  std::uint64_t hash = entity_hash("run", "", encode(state.run));
  hash ^= entity_hash("rules", "", encode(state.run.rules));
  for (const TaskRecord& task : state.tasks) {
    hash ^= entity_hash("task", task.id().value, encode(task));
  }
  for (const auto& [id, agent] : state.agents)
    hash ^= entity_hash("agent", fmt::format("{}", id), encode(agent));
  for (const auto& [number, message] : state.messages)
    hash ^= entity_hash("message", fmt::format("{}", number), encode(message));
  for (const auto& [id, entry] : state.pending) {
    hash ^= entity_hash("effect", fmt::format("{}", id), encode(entry));
  }
  return hash;
}

}  // namespace orch
