// What agents report, as files.
#include "app/spool.hpp"

#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"
#include "orch/core/state.hpp"

#include <fmt/format.h>
#include <sys/random.h>
#include <time.h>

#include <algorithm>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadAtOnce = 100;
constexpr std::size_t kLargestReport = 64u << 10;

Result<AgentReported> parse(const std::string& text) {
  const Result<Record> record = Record::decode(text);
  if (!record) return passed_on(record);
  AgentReported report;
  report.id = record->get("id");
  report.text = record->get("text");
  report.head.value = record->get("head");
  report.no_changes = record->number("no_changes") != 0;
  report.items = record->all("item");
  report.progress = static_cast<double>(record->number("progress_permille")) / 1000.0;
  const std::string word = record->get("kind");
  const std::optional<ReportKind> kind = from_text<ReportKind>(word);
  if (!kind) return fail(Fault::BadInput, "'{}' is not a kind of report", one_line(word, 40));
  report.kind = *kind;
  return report;
}

}  // namespace

Status spool_report(const fs::path& attempt, const AgentReported& report) {
  const fs::path folder = attempt / "spool";
  if (Status made = make_folders(folder, 0700); !made) return made;
  Record record;
  record.add("id", report.id);
  record.add("kind", to_text(report.kind));
  record.add("text", report.text);
  record.add("head", report.head.value);
  record.add("no_changes", report.no_changes ? 1 : 0);
  for (const std::string& item : report.items)
    record.add("item", item);
  record.add("progress_permille", static_cast<long long>(report.progress * 1000.0 + 0.5));
  return write_file(folder / report.id, record.encode(), 0600, true);
}

std::vector<Spooled> read_spool(const fs::path& attempt, const TaskId& task, int number) {
  std::vector<std::string> names;
  std::error_code ec;
  for (fs::directory_iterator it(attempt / "spool", ec), end; !ec && it != end; it.increment(ec)) {
    const std::string name = it->path().filename().string();
    // Temporary files begin with a dot; what was put aside stays for a person to look at.
    if (name.starts_with('.') || name.starts_with("bad-")) continue;
    names.push_back(name);
  }
  std::ranges::sort(names);
  if (names.size() > kReadAtOnce) names.resize(kReadAtOnce);
  std::vector<Spooled> found;
  for (const std::string& name : names) {
    const fs::path file = attempt / "spool" / name;
    const Result<std::string> text = read_file(file, kLargestReport);
    Result<AgentReported> report = text ? parse(*text) : passed_on(text);
    if (!report) {
      fs::rename(file, attempt / "spool" / ("bad-" + name), ec);
      continue;
    }
    report->id = name;
    report->task = task;
    report->attempt = number;
    found.push_back({file, std::move(*report)});
  }
  return found;
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
