// What agents report, as files.
#include "app/spool.hpp"

#include "app/reminders.hpp"
#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"
#include "orch/core/state.hpp"

#include <fmt/format.h>
#include <sys/random.h>
#include <time.h>

#include <algorithm>
#include <utility>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

const std::string kSpool(kSpoolFolder);
const std::string kBad = "bad";
constexpr std::size_t kReadAtOnce = 100;
// Of a flood no more names are looked at; the rest waits for the next look.
constexpr std::size_t kSeenAtOnce = 1000;
constexpr std::size_t kLargestReport = kLongestMessage + (4u << 10);
constexpr std::size_t kLongestName = 80;
constexpr std::size_t kLongestText = 160;

HookCall hook_call(const Record& record) {
  HookCall call;
  call.event = one_line(record.get("hook_event"), kLongestName);
  if (const std::string id = record.get("session"); is_session_id(id)) call.session = id;
  call.replaces = record.number("session_replaces", 0) == 1;
  call.activity = from_text<Activity>(record.get("activity")).value_or(Activity::Unknown);
  call.kind = one_line(record.get("asks_for"), kLongestName);
  call.text = one_line(record.get("hook_text"), kLongestText);
  call.reminded = record.number("reminded") != 0;
  call.asks_for.tool = one_line(record.get("tool"), kLongestName);
  if (std::string command = record.get("command"); command.size() <= kLongestSubject)
    call.asks_for.text = std::move(command);
  if (std::string log = record.get("log"); is_log_path(log)) call.log = std::move(log);
  return call;
}

Result<AgentReported> parse(const std::string& text, const std::string& token) {
  const Result<Record> record = Record::decode(text);
  if (!record) return passed_on(record);
  if (!token.empty() && record->get("token") != token) {
    return fail(Fault::Refused, "the report is not from this attempt");
  }
  AgentReported report;
  report.id = record->get("id");
  report.text = record->get("text");
  report.head.value = record->get("head");
  report.no_changes = record->number("no_changes") != 0;
  report.items = record->all("item");
  report.progress = static_cast<double>(record->number("progress_permille")) / 1000.0;
  report.to = one_line(record->get("to"), kLongestName);
  report.reply_to = record->number("reply_to", 0);
  const std::string word = record->get("kind");
  const std::optional<ReportKind> kind = from_text<ReportKind>(word);
  if (!kind) return fail(Fault::BadInput, "'{}' is not a kind of report", one_line(word, 40));
  report.kind = *kind;
  if (report.kind == ReportKind::Hook) report.hook = hook_call(*record);
  return report;
}

void add_hook_call(Record& record, const HookCall& call) {
  record.add("hook_event", call.event);
  record.add("session", call.session);
  if (call.replaces) record.add("session_replaces", 1);
  record.add("activity", to_text(call.activity));
  record.add("asks_for", call.kind);
  record.add("hook_text", call.text);
  record.add("reminded", call.reminded ? 1 : 0);
  record.add("tool", call.asks_for.tool);
  record.add("command", call.asks_for.text);
  record.add("log", call.log);
}

/// Names that begin with a dot are no reports.
fs::path draft_in(const fs::path& attempt, const std::string& id) {
  return attempt / kSpool / ("." + id);
}

Record record_of(const AgentReported& report, const std::string& token) {
  Record record;
  record.add("id", report.id);
  record.add("token", token);
  record.add("kind", to_text(report.kind));
  record.add("text", report.text);
  record.add("head", report.head.value);
  record.add("no_changes", report.no_changes ? 1 : 0);
  for (const std::string& item : report.items)
    record.add("item", item);
  record.add("progress_permille", static_cast<long long>(report.progress * 1000.0 + 0.5));
  record.add("to", report.to);
  record.add("reply_to", static_cast<long long>(report.reply_to));
  if (report.kind == ReportKind::Hook) add_hook_call(record, report.hook);
  return record;
}

}  // namespace

Status spool_report(const fs::path& attempt, const AgentReported& report,
                    const std::string& token) {
  const fs::path folder = attempt / kSpool;
  if (Status made = make_folders(folder, 0700); !made) return made;
  // For the hook at the end of a turn, which knows nothing of what is stored.
  const bool is_final = report.kind == ReportKind::Done || report.kind == ReportKind::Blocked;
  if (is_final) mark(attempt, kReported, true);
  const bool is_hook = report.kind == ReportKind::Hook;
  // What an agent says is lost with this file; what its program says, its screen shows as well.
  return write_file(folder / report.id, record_of(report, token).encode(), 0600, !is_hook);
}

Status draft_report(const fs::path& attempt, const AgentReported& report,
                    const std::string& token) {
  if (Status made = make_folders(attempt / kSpool, 0700); !made) return made;
  return write_file(draft_in(attempt, report.id), record_of(report, token).encode(), 0600);
}

Status spool_draft(const fs::path& attempt, const std::string& id) {
  std::error_code ec;
  fs::rename(draft_in(attempt, id), attempt / kSpool / id, ec);
  if (ec) return fail(Fault::Io, "cannot record it in {}: {}", attempt.native(), ec.message());
  return {};
}

fs::path agents_text(const fs::path& attempt, const std::string& id) {
  return draft_in(attempt, id);
}

Result<std::string> read_agents_text(const fs::path& attempt, const std::string& id,
                                     std::size_t longest) {
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  if (!folder) return passed_on(folder);
  const Result<UntrustedFolder> spool = folder->folder(kSpool);
  if (!spool) return passed_on(spool);
  return spool->read("." + id, longest);
}

void forget_draft(const fs::path& attempt, const std::string& id) {
  std::error_code ec;
  fs::remove(draft_in(attempt, id), ec);
}

Spool::Spool(const fs::path& attempt, TaskId task, int number, std::string token)
    : task_(std::move(task)), number_(number), token_(std::move(token)) {
  Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  if (!folder) return;
  attempt_.emplace(std::move(*folder));
  Result<UntrustedFolder> spool = attempt_->folder(kSpool);
  if (spool) spool_.emplace(std::move(*spool));
}

std::vector<AgentReported> Spool::read() const {
  std::vector<AgentReported> found;
  if (!spool_) return found;
  std::vector<std::string> names = spool_->names(kSeenAtOnce);
  // Temporary files of a report that is being written begin with a dot.
  std::erase_if(names, [](const std::string& name) { return name.starts_with('.'); });
  std::ranges::sort(names);
  if (names.size() > kReadAtOnce) names.resize(kReadAtOnce);
  for (const std::string& name : names) {
    const Result<std::string> text = spool_->read(name, kLargestReport);
    Result<AgentReported> report = text ? parse(*text, token_) : passed_on(text);
    if (!report) {
      put_aside(name);
      continue;
    }
    report->id = name;
    report->task = task_;
    report->attempt = number_;
    found.push_back(std::move(*report));
  }
  return found;
}

Result<AgentReported> Spool::read_draft(const std::string& id) const {
  if (!spool_) return fail(Fault::NotFound, "its attempt has no spool");
  const Result<std::string> text = spool_->read("." + id, kLargestReport);
  if (!text) return passed_on(text);
  Result<AgentReported> report = parse(*text, token_);
  if (!report) return report;
  report->id = id;
  report->task = task_;
  report->attempt = number_;
  return report;
}

void Spool::forget(const AgentReported& report) const {
  if (spool_) spool_->remove(report.id);
}

void Spool::put_aside(const std::string& name) const {
  attempt_->make(kBad);
  const Result<UntrustedFolder> bad = attempt_->folder(kBad);
  // Where its agent made even that impossible, the file is of no use to anybody.
  if (!bad || !spool_->move(name, *bad)) spool_->remove(name);
}

std::string fresh_id() {
  // The time goes first, so that names sort in the order of writing.
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) {
    random = static_cast<std::uint64_t>(now.tv_nsec);
  }
  return fmt::format("{:08x}{:08x}{:016x}", now.tv_sec, now.tv_nsec, random);
}

}  // namespace orch::app
