// Writes and reads the records that supervisor and shim hand each other.
#include "orch/attempt/attempt.hpp"

#include "orch/base/files.hpp"
#include "orch/base/untrusted.hpp"

#include <utility>

namespace orch::shim {
namespace {

constexpr std::string_view kAgentMode = "agent";
constexpr std::string_view kGateMode = "gate";

void add_all(Record& record, std::string_view name, const std::vector<std::string>& values) {
  for (const std::string& value : values)
    record.add(name, value);
}

void add_process(Record& record, const std::string& name, const ProcessId& process) {
  record.add(name + ".pid", process.pid);
  record.add(name + ".start", static_cast<long long>(process.start_ticks));
  record.add(name + ".boot", process.boot_id);
}

ProcessId process_of(const Record& record, const std::string& name) {
  return {static_cast<pid_t>(record.number(name + ".pid")),
          static_cast<std::uint64_t>(record.number(name + ".start")), record.get(name + ".boot")};
}

void add_outcome(Record& record, const ProcessEnd& outcome) {
  record.add("ending", to_text(outcome.ending));
  record.add("code", outcome.code);
  record.add("signal", outcome.signal);
  record.add("reason", outcome.reason);
  record.add("ran_ms", outcome.ran.count());
  record.add("bytes", static_cast<long long>(outcome.bytes));
  record.add("left_over", outcome.left_over);
  record.add("survivors", outcome.survivors);
}

Result<ProcessEnd> outcome_of(const Record& record) {
  const std::string word = record.get("ending");
  const std::optional<EndKind> ending = from_text<EndKind>(word);
  if (!ending) return fail(Fault::Corrupt, "unknown ending '{}'", word);
  return ProcessEnd{.ending = *ending,
                    .code = static_cast<int>(record.number("code")),
                    .signal = static_cast<int>(record.number("signal")),
                    .reason = record.get("reason"),
                    .ran = Span(record.number("ran_ms")),
                    .bytes = static_cast<std::uint64_t>(record.number("bytes")),
                    .left_over = static_cast<int>(record.number("left_over")),
                    .survivors = static_cast<int>(record.number("survivors"))};
}

Result<Record> read_record(const std::filesystem::path& folder, std::string_view name) {
  // An agent can write there, and the largest of these files is a spec with its environment.
  constexpr std::size_t kLargest = 8u << 20;
  const auto place = UntrustedFolder::open(folder);
  if (!place) return passed_on(place);
  const auto bytes = place->read(std::string(name), kLargest);
  if (!bytes) return passed_on(bytes);
  auto record = Record::decode(*bytes);
  if (!record) return because(record, fmt::format("cannot read {}", (folder / name).native()));
  return record;
}

/// The spec, if it is one of that mode that can be run.
Result<Record> read_spec(const std::filesystem::path& folder, std::string_view mode) {
  auto record = read_record(folder, attempt_file::kSpec);
  if (record && record->get("mode") != mode) {
    return fail(Fault::TooNew, "the spec in {} has mode '{}', not '{}'", folder.native(),
                record->get("mode"), mode);
  }
  return record;
}

Status write_record(const std::filesystem::path& path, const Record& record) {
  return write_file(path, record.encode(), 0600);
}

GateCommand command_of(const Record& record) {
  return {.argv = record.all("argv"),
          .cwd = record.get("cwd"),
          .timeout = Span(record.number("timeout_ms")),
          .env = record.all("env")};
}

}  // namespace

Record to_record(const AttemptSpec& spec) {
  Record record;
  record.add("mode", kAgentMode);
  record.add("key", spec.key);
  add_all(record, "argv", spec.argv);
  add_all(record, "wrapper", spec.wrapper);
  if (spec.boxed) record.add("boxed", 1);
  record.add("cwd", spec.cwd);
  add_all(record, "env", spec.env);
  add_all(record, "inherit", spec.inherit);
  record.add("input", spec.input);
  record.add("socket", spec.socket);
  if (spec.open_files > 0) {
    record.add("open_files", static_cast<long long>(spec.open_files));
  }
  record.add("grace_ms", spec.grace.count());
  record.add("log_segment", spec.log_segment);
  record.add("log_segments", spec.log_segments);
  return record;
}

Record to_record(const AttemptClaim& claim) {
  Record record;
  record.add("key", claim.key);
  record.add("nonce", claim.nonce);
  record.add("pane", claim.pane);
  record.add("tmux_socket", claim.tmux_socket);
  add_process(record, "tmux", claim.tmux);
  add_process(record, "shim", claim.shim);
  return record;
}

Record to_record(const AttemptPids& pids) {
  Record record;
  record.add("key", pids.key);
  add_process(record, "shim", pids.shim);
  add_process(record, "agent", pids.agent);
  record.add("pty", pids.pty);
  return record;
}

Record to_record(const AttemptExit& exit) {
  Record record;
  record.add("key", exit.key);
  add_outcome(record, exit.outcome);
  record.add("started_ms", exit.started_ms);
  record.add("ended_ms", exit.ended_ms);
  record.add("log_error", exit.log_error);
  return record;
}

Record to_record(const GateSpec& spec) {
  Record record;
  record.add("mode", kGateMode);
  record.add("key", spec.key);
  record.add("tree", spec.tree);
  for (const GateCommand& command : spec.commands) {
    Record nested;
    add_all(nested, "argv", command.argv);
    nested.add("cwd", command.cwd);
    nested.add("timeout_ms", command.timeout.count());
    add_all(nested, "env", command.env);
    record.add("command", nested.encode());
  }
  add_all(record, "env", spec.env);
  record.add("grace_ms", spec.grace.count());
  record.add("title", spec.title);
  return record;
}

Record to_record(const GateResult& result) {
  Record record;
  record.add("key", result.key);
  record.add("tree", result.tree);
  record.add("passed", result.passed ? 1 : 0);
  for (const ProcessEnd& outcome : result.outcomes) {
    Record nested;
    add_outcome(nested, outcome);
    record.add("outcome", nested.encode());
  }
  record.add("started_ms", result.started_ms);
  record.add("ended_ms", result.ended_ms);
  record.add("log_error", result.log_error);
  return record;
}

Status write_spec(const std::filesystem::path& folder, const AttemptSpec& spec) {
  return write_record(folder / attempt_file::kSpec, to_record(spec));
}

Status write_spec(const std::filesystem::path& folder, const GateSpec& spec) {
  return write_record(folder / attempt_file::kSpec, to_record(spec));
}

Result<AttemptSpec> read_attempt_spec(const std::filesystem::path& folder) {
  const auto record = read_spec(folder, kAgentMode);
  if (!record) return passed_on(record);
  AttemptSpec spec{.key = record->get("key"),
                   .argv = record->all("argv"),
                   .wrapper = record->all("wrapper"),
                   .boxed = record->number("boxed") == 1,
                   .cwd = record->get("cwd"),
                   .env = record->all("env"),
                   .inherit = record->all("inherit"),
                   .input = record->get("input"),
                   .socket = record->get("socket")};
  if (spec.argv.empty()) return fail(Fault::Corrupt, "the spec in {} has no argv", folder.native());
  spec.open_files = static_cast<std::uint64_t>(record->number("open_files"));
  spec.grace = Span(record->number("grace_ms", spec.grace.count()));
  spec.log_segment = record->number("log_segment", spec.log_segment);
  spec.log_segments = static_cast<int>(record->number("log_segments", spec.log_segments));
  return spec;
}

Result<AttemptClaim> read_claim(const std::filesystem::path& folder) {
  const auto record = read_record(folder, attempt_file::kClaim);
  if (!record) return passed_on(record);
  return AttemptClaim{.key = record->get("key"),
                      .nonce = record->get("nonce"),
                      .pane = record->get("pane"),
                      .tmux_socket = record->get("tmux_socket"),
                      .tmux = process_of(*record, "tmux"),
                      .shim = process_of(*record, "shim")};
}

Result<AttemptPids> read_pids(const std::filesystem::path& folder) {
  const auto record = read_record(folder, attempt_file::kPids);
  if (!record) return passed_on(record);
  return AttemptPids{.key = record->get("key"),
                     .shim = process_of(*record, "shim"),
                     .agent = process_of(*record, "agent"),
                     .pty = record->get("pty")};
}

Result<AttemptExit> read_exit(const std::filesystem::path& folder) {
  const auto record = read_record(folder, attempt_file::kExit);
  if (!record) return passed_on(record);
  auto outcome = outcome_of(*record);
  if (!outcome) return passed_on(outcome);
  return AttemptExit{.key = record->get("key"),
                     .outcome = std::move(*outcome),
                     .started_ms = record->number("started_ms"),
                     .ended_ms = record->number("ended_ms"),
                     .log_error = record->get("log_error")};
}

Result<GateSpec> read_gate_spec(const std::filesystem::path& folder) {
  const auto record = read_spec(folder, kGateMode);
  if (!record) return passed_on(record);
  GateSpec spec{.key = record->get("key"), .tree = record->get("tree"), .env = record->all("env")};
  spec.title = record->get("title");
  spec.grace = Span(record->number("grace_ms", spec.grace.count()));
  for (const std::string& bytes : record->all("command")) {
    const auto nested = Record::decode(bytes);
    if (!nested) return passed_on(nested);
    spec.commands.push_back(command_of(*nested));
    if (spec.commands.back().argv.empty()) {
      return fail(Fault::Corrupt, "a command in {} has no argv", folder.native());
    }
  }
  return spec;
}

Result<GateResult> read_gate_result(const std::filesystem::path& folder) {
  const auto record = read_record(folder, attempt_file::kGateResult);
  if (!record) return passed_on(record);
  GateResult result{.key = record->get("key"),
                    .tree = record->get("tree"),
                    .passed = record->number("passed") == 1};
  for (const std::string& bytes : record->all("outcome")) {
    const auto nested = Record::decode(bytes);
    if (!nested) return passed_on(nested);
    auto outcome = outcome_of(*nested);
    if (!outcome) return passed_on(outcome);
    result.outcomes.push_back(std::move(*outcome));
  }
  result.started_ms = record->number("started_ms");
  result.ended_ms = record->number("ended_ms");
  result.log_error = record->get("log_error");
  return result;
}

}  // namespace orch::shim
