// Decides which change between two looks is an edit.
#include "app/task_news.hpp"

#include "orch/base/log.hpp"
#include "orch/base/record.hpp"
#include "tasks/source/task_file.hpp"
#include "tasks/units/edits.hpp"
#include "tasks/write/marks.hpp"

#include <algorithm>
#include <utility>

namespace orch::app {
namespace {

using tasks::Counts;

void add_loaded(Record& record, const std::string& prefix, const tasks::Loaded& loaded) {
  record.add(prefix + ".path", loaded.path.native());
  record.add(prefix + ".folder", loaded.is_folder ? 1 : 0);
  record.add(prefix + ".text", loaded.text);
  for (const tasks::NamedText& file : loaded.files) {
    record.add(prefix + ".name", file.name);
    record.add(prefix + ".content", file.text);
  }
}

tasks::Loaded get_loaded(const Record& record, const std::string& prefix) {
  tasks::Loaded loaded{.path = record.get(prefix + ".path"),
                       .is_folder = record.number(prefix + ".folder") != 0,
                       .text = record.get(prefix + ".text"),
                       .files = {}};
  const std::vector<std::string> names = record.all(prefix + ".name");
  const std::vector<std::string> texts = record.all(prefix + ".content");
  for (std::size_t i = 0; i < names.size() && i < texts.size(); ++i)
    loaded.files.push_back({names[i], texts[i]});
  return loaded;
}

/// Git and editors do not always agree on the ends of lines.
std::string with_plain_lines(std::string text) {
  std::size_t kept = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_end = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    if (!is_end) text[kept++] = text[at];
  }
  text.resize(kept);
  return text;
}

tasks::Loaded plain(tasks::Loaded loaded) {
  loaded.text = with_plain_lines(std::move(loaded.text));
  for (tasks::NamedText& file : loaded.files)
    file.text = with_plain_lines(std::move(file.text));
  return loaded;
}

/// The tasks as they become, step by step.
class Following {
 public:
  Following(const KnownTasks& known, const ReadTasks& read)
      : tasks_(known.tasks), merged_(known.merged), read_(read) {}

  /// False: the new text cannot be read, and nothing was done.
  bool take(const tasks::Loaded& before, const tasks::Loaded& now, Counts counts) {
    const tasks::Loaded text = plain(now);
    const tasks::Loaded text_before = plain(before);
    const auto tasks_now = read_(text);
    if (!tasks_now) return false;
    // Nothing was read before: all there is is new.
    const auto was_read = before.path.empty() ? std::nullopt : read_(text_before);
    const std::vector<TaskSpec> tasks_before = was_read.value_or(std::vector<TaskSpec>());
    tasks_ = tasks::with_edits(tasks_, tasks_before, *tasks_now, counts);
    open_.clear();
    for (const TaskSpec& task : *tasks_now)
      if (!task.done) open_.push_back(task.id);
    if (counts != Counts::All) return true;
    const bool only_marks = read_.same_but_marks(text, text_before);
    for (TaskId& id : tasks::taken_back(tasks_before, *tasks_now, only_marks, merged_))
      unticked_.push_back(std::move(id));
    return true;
  }

  void tell(TaskNews& news) && {
    news.tasks = std::move(tasks_);
    news.unticked = std::move(unticked_);
    news.open = std::move(open_);
  }

 private:
  std::vector<TaskSpec> tasks_;
  std::vector<TaskId> unticked_;
  std::vector<TaskId> open_;
  const std::vector<TaskId>& merged_;
  const ReadTasks& read_;
};

}  // namespace

std::string LastRead::encode() const {
  Record record;
  record.add("commit", commit.value);
  record.add("branch", branch);
  record.add("home", home ? 1 : 0);
  add_loaded(record, "disk", disk);
  add_loaded(record, "stored", stored);
  return record.encode();
}

Result<LastRead> LastRead::decode(std::string_view text) {
  const Result<Record> record = Record::decode(text);
  if (!record) return passed_on(record);
  return LastRead{.disk = get_loaded(*record, "disk"),
                  .stored = get_loaded(*record, "stored"),
                  .commit = {record->get("commit")},
                  .branch = record->get("branch"),
                  .home = record->number("home", 1) != 0};
}

LastRead first_read(const TaskSight& sight) {
  LastRead last{.disk = {},
                .stored = sight.stored.value_or(tasks::Loaded()),
                .commit = sight.commit,
                .branch = sight.branch,
                .home = sight.home};
  if (const tasks::Loaded* read = counting(sight)) last.disk = *read;
  return last;
}

LastRead nothing_read(const TaskSight& sight) {
  return {
      .disk = {}, .stored = {}, .commit = sight.commit, .branch = sight.branch, .home = sight.home};
}

std::optional<std::vector<TaskSpec>> ReadTasks::operator()(const tasks::Loaded& loaded) const {
  TaskList list = tasks::read_task_file(loaded, format, unit, order).list();
  const auto wrong = std::ranges::find(list.problems, Severity::Error, &Problem::severity);
  if (wrong == list.problems.end()) return std::move(list.tasks);
  log_line(LogLevel::Warning, "{} is not followed: line {}: {}", loaded.path.native(), wrong->line,
           wrong->message);
  return std::nullopt;
}

bool ReadTasks::same_but_marks(const tasks::Loaded& first, const tasks::Loaded& second) const {
  const std::string& path = first.path.native();
  if (first.is_folder != second.is_folder || first.files.size() != second.files.size())
    return false;
  if (tasks::with_marks_of(second.text, first.text, path, format) != first.text) return false;
  for (std::size_t i = 0; i < first.files.size(); ++i) {
    const tasks::NamedText& file = first.files[i];
    const tasks::NamedText& other = second.files[i];
    if (file.name != other.name) return false;
    if (tasks::with_marks_of(other.text, file.text, file.name) != file.text) return false;
  }
  return true;
}

KnownTasks known_tasks(const State& state) {
  KnownTasks known;
  std::vector<std::pair<Time, TaskId>> merged;
  for (const TaskRecord& task : state.tasks) {
    if (!task.gone) known.tasks.push_back(task.plan.spec);
    if (!task.merged.empty()) merged.emplace_back(task.changed_at, task.id());
  }
  std::ranges::sort(merged);
  for (auto& [at, id] : merged)
    known.merged.push_back(std::move(id));
  return known;
}

TaskNews news_of(const KnownTasks& known, const LastRead& last, const TaskSight& sight,
                 const ReadTasks& read) {
  Following tasks(known, read);
  TaskNews news{.tasks = {}, .unticked = {}, .open = {}, .last = last};
  news.last.commit = sight.commit;
  news.last.branch = sight.branch;
  news.last.home = sight.home;
  if (sight.stored) news.last.stored = *sight.stored;
  const Counts committed = sight.forward ? Counts::All : Counts::NewTasks;
  const bool on_disk = sight.disk && (sight.home || !sight.tracked);
  const bool stayed = on_disk && sight.home && last.home && sight.forward;

  if (sight.stored && !stayed) {
    (void)tasks.take(last.stored, *sight.stored, committed);  // unreadable: it says nothing
    if (on_disk && sight.home && sight.edited)
      (void)tasks.take(*sight.stored, *sight.disk, Counts::All);
  } else if (on_disk && !(sight.stored && !sight.home)) {
    // Back to exactly what is committed, and by git itself: a stash, a restore, a reset.
    const bool set_aside =
        sight.stored && !sight.edited && sight.by_git && sight.commit == last.commit;
    if (!tasks.take(last.disk, *sight.disk, set_aside ? Counts::Nothing : Counts::All)) {
      std::move(tasks).tell(news);
      return news;
    }
  }
  if (on_disk && sight.home) news.last.disk = *sight.disk;
  if (on_disk && !sight.stored) news.last.disk = *sight.disk;
  std::move(tasks).tell(news);
  return news;
}

}  // namespace orch::app
