// From the JSON of a status file to the report that it is.
#include "agents/status_file.hpp"

#include "agents/json_fields.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

constexpr std::size_t kLongestStatus = 300;
constexpr std::size_t kLongestWord = 40;
constexpr std::size_t kNamesShown = 8;

struct StatusWord {
  std::string_view word;
  ReportKind kind;
};

constexpr StatusWord kWords[] = {
    {"working", ReportKind::Progress}, {"in_progress", ReportKind::Progress},
    {"done", ReportKind::Done},        {"completed", ReportKind::Done},
    {"blocked", ReportKind::Blocked},  {"failed", ReportKind::Blocked},
};

std::optional<ReportKind> kind_of(std::string_view status) {
  const std::string wanted = lower(status);
  for (const StatusWord& known : kWords)
    if (known.word == wanted) return known.kind;
  return std::nullopt;
}

/// A gate is a word or yes and no.
std::string gate_text(const json& object, const char* field, std::string_view name) {
  const json& gate = in(object, field);
  if (gate.is_boolean()) return fmt::format("{}: {}", name, gate.get<bool>() ? "passed" : "failed");
  if (gate.is_string()) return fmt::format("{}: {}", name, gate.get<std::string>());
  return {};
}

std::string names_in(const json& object, const char* field) {
  const json& list = in(object, field);
  if (!list.is_array()) return {};
  std::vector<std::string> names;
  for (const json& name : list)
    if (name.is_string() && names.size() < kNamesShown) names.push_back(name.get<std::string>());
  return join(names, ", ");
}

std::string files_text(const json& object) {
  const json& files = in(object, "filesChanged");
  if (files.is_array() && !files.empty()) return fmt::format("{} files changed", files.size());
  if (files.is_number_unsigned()) return fmt::format("{} files changed", files.get<unsigned>());
  return {};
}

/// Its message, and what it claims besides: for people, as nothing is decided by it.
std::string told_text(const json& object) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::string text) {
    if (!trim(text).empty()) parts.push_back(std::move(text));
  };
  add(text_in(object, "message"));
  add(files_text(object));
  add(gate_text(object, "securityGate", "security gate"));
  add(gate_text(object, "complianceGate", "compliance gate"));
  if (const std::string names = names_in(object, "reviewAgents"); !names.empty())
    add("reviewed by " + names);
  if (const std::string commit = text_in(object, "commit"); !commit.empty())
    add("commit " + commit);
  return one_line(join(parts, "; "), kLongestStatus);
}

Failure wrong_name(const json& object, const char* field, const std::string& wanted) {
  const json& given = in(object, field);
  if (given.is_null()) return fail(Fault::BadInput, "it has no {}, which is \"{}\"", field, wanted);
  if (!given.is_string()) return fail(Fault::BadInput, "its {} is no text", field);
  return fail(Fault::BadInput, "its {} is \"{}\", not \"{}\"", field,
              one_line(given.get<std::string>(), kLongestWord), wanted);
}

/// Nothing: it does not say.
Result<std::optional<double>> progress_in(const json& object) {
  const json& given = in(object, "progress");
  if (given.is_null()) return std::optional<double>();
  const double value = given.is_number() ? given.get<double>() : -1;
  if (value >= 0 && value <= 1) return std::optional(value);
  return fail(Fault::BadInput, "its progress is no number from 0 to 1");
}

}  // namespace

std::string report_id(std::string_view way, const ReportsFor& who, std::string_view content) {
  const std::uint64_t seed = fnv1a(fmt::format("{}\n{}\n{}\n", way, who.agent_id, who.last_text));
  return fmt::format("{}-{}", way, hex(fnv1a(content, seed)));
}

Result<std::optional<AgentReported>> read_status_file(std::string_view text,
                                                      const ReportsFor& who) {
  if (text.size() > kLongestStatusFile)
    return fail(Fault::BadInput, "it is larger than {} bytes", kLongestStatusFile);
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(Fault::BadInput, "it is no JSON object");
  if (text_in(object, "taskId") != who.task.value)
    return wrong_name(object, "taskId", one_line(who.task.value, kLongestWord));
  if (text_in(object, "agentId") != who.agent_id)
    return wrong_name(object, "agentId", one_line(who.agent_id, kLongestWord));
  const std::string status = text_in(object, "status");
  const std::optional<ReportKind> kind = kind_of(status);
  if (!kind) {
    return fail(Fault::BadInput, "its status is {}, not working, done, blocked or failed",
                status.empty() ? "no text" : '"' + one_line(status, kLongestWord) + '"');
  }
  const Result<std::optional<double>> progress = progress_in(object);
  if (!progress) return passed_on(progress);
  if (*kind == ReportKind::Progress && !*progress) return std::optional<AgentReported>();
  AgentReported report;
  report.id = report_id("status", who, text);
  report.task = who.task;
  report.attempt = who.attempt;
  report.kind = *kind;
  report.text = told_text(object);
  if (*kind == ReportKind::Progress) report.progress = **progress;
  if (*kind == ReportKind::Blocked && report.text.empty())
    report.text = "its status file says " + lower(status);
  return std::optional(std::move(report));
}

}  // namespace orch
