// From the fields of a front matter to a task.
#include "tasks/conventions/front_task.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/items/record_status.hpp"
#include "tasks/items/script.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/syntax.hpp"
#include "tasks/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace orch::tasks {

namespace {

enum class Meaning {
  Id,
  Title,
  Status,
  Depends,
  Conflicts,
  Parallel,
  Priority,
  Parent,
  Tags,
  Files,
  Agent,
  Prose
};

struct Key {
  std::string_view name;
  Meaning meaning;
};

constexpr std::array kKeys{
    Key{"id", Meaning::Id},
    Key{"task_id", Meaning::Id},
    Key{"title", Meaning::Title},
    Key{"name", Meaning::Title},
    Key{"status", Meaning::Status},
    Key{"state", Meaning::Status},
    Key{"dependencies", Meaning::Depends},
    Key{"depends_on", Meaning::Depends},
    Key{"depends", Meaning::Depends},
    Key{"dependson", Meaning::Depends},
    Key{"blocked_by", Meaning::Depends},
    Key{"blockedby", Meaning::Depends},
    Key{"conflicts_with", Meaning::Conflicts},
    Key{"parallel", Meaning::Parallel},
    Key{"priority", Meaning::Priority},
    Key{"parent_task_id", Meaning::Parent},
    Key{"parent", Meaning::Parent},
    Key{"labels", Meaning::Tags},
    Key{"tags", Meaning::Tags},
    Key{"modified_files", Meaning::Files},
    Key{"files", Meaning::Files},
    Key{"agent", Meaning::Agent},
    Key{"description", Meaning::Prose},
};

bool means_nothing(std::string_view text) {
  const std::string word = lower(trim(text));
  return word.empty() || word == "none" || word == "n/a" || word == "-" || word == "[]";
}

/// The entries of a list, or of a text with commas; without a `#` in front of a number.
std::vector<std::string> entries_of(const DataValue& value) {
  std::vector<std::string> entries;
  const auto add = [&entries](std::string_view entry) {
    entry = trim(entry);
    if (entry.size() > 1 && entry.front() == '#') entry.remove_prefix(1);
    if (!means_nothing(entry)) entries.emplace_back(entry);
  };
  if (value.is_scalar()) {
    for (const std::string_view entry : split(value.text, ','))
      add(entry);
  } else {
    for (const DataValue& entry : value.items)
      add(entry.text);
  }
  return entries;
}

/// Fills one item.
class FrontTask {
 public:
  explicit FrontTask(const StatusValues& values) : values_(values) {}

  void take(const DataField& field);

  Item item;
  ProblemList problems;

 private:
  void take_status(const DataField& field);
  void take_text(const DataField& field, std::string& into);
  void take_list(const DataField& field, std::vector<std::string>& into);

  const StatusValues& values_;
};

/// The first of two names for the same thing wins.
void FrontTask::take_text(const DataField& field, std::string& into) {
  if (!field.value.is_scalar()) {
    problems.add(Severity::Error, field.line, fmt::format("'{}' should be one text", field.key));
  } else if (into.empty()) {
    into = trim(field.value.text);
    std::ranges::replace(into, '\n', ' ');
  }
}

void FrontTask::take_list(const DataField& field, std::vector<std::string>& into) {
  if (field.value.is(DataValue::Kind::Map)) {
    problems.add(Severity::Error, field.line, fmt::format("'{}' should be a list", field.key));
    return;
  }
  std::unordered_set<std::string> seen(into.begin(), into.end());
  for (std::string& entry : entries_of(field.value)) {
    if (seen.insert(entry).second) into.push_back(std::move(entry));
  }
}

void FrontTask::take_status(const DataField& field) {
  if (!item.status.empty()) return;
  take_text(field, item.status);
  if (!field.value.is_scalar()) return;
  const std::optional<Standing> standing = standing_of_record(item.status);
  item.standing = standing.value_or(item.status.empty() ? Standing::Open : Standing::Held);
  if (!standing && !item.status.empty()) {
    problems.add(Severity::Warning, field.line,
                 fmt::format("'{}' is not a known status: this task is not started",
                             one_line(item.status, 60)),
                 fmt::format("write '{}' if it may start", values_.open));
  }
  const DataValue& value = field.value;
  if (!value.on_one_line || value.length == 0) return;
  item.mark = Mark{.done = item.done(),
                   .offset = value.offset,
                   .length = value.length,
                   .ticked = std::string(item.done() ? "" : values_.done),
                   .unticked = std::string(item.done() ? values_.open : "")};
}

void FrontTask::take(const DataField& field) {
  const auto known = std::ranges::find(kKeys, std::string_view(field.key), &Key::name);
  if (known == kKeys.end() || field.value.is(DataValue::Kind::Refused)) return;
  switch (known->meaning) {
    case Meaning::Id: return take_text(field, item.id);
    case Meaning::Title: return take_text(field, item.title);
    case Meaning::Status: return take_status(field);
    case Meaning::Depends: return take_list(field, item.depends);
    case Meaning::Conflicts: return take_list(field, item.conflicts);
    case Meaning::Parent: return take_text(field, item.parent);
    case Meaning::Tags: return take_list(field, item.tags);
    case Meaning::Files: return take_list(field, item.files);
    case Meaning::Agent: return take_text(field, item.agent);
    case Meaning::Prose: item.body = field.value.text; return;
    case Meaning::Parallel: {
      const std::string word = lower(field.value.text);
      if (word == "true" || word == "yes") item.parallel = true;
      if (word == "false" || word == "no") item.parallel = false;
      return;
    }
    case Meaning::Priority:
      item.priority = priority_of(field.value.text);
      if (item.priority || means_nothing(field.value.text)) return;
      problems.add(Severity::Warning, field.line,
                   fmt::format("'{}' is not a known priority", one_line(field.value.text, 60)),
                   "write critical, high, medium or low");
      return;
  }
}

bool is_marker(std::string_view line) {
  line = trim(line);
  return line.starts_with("<!--") && line.ends_with("-->") &&
         (line.find(":BEGIN") != std::string_view::npos ||
          line.find(":END") != std::string_view::npos);
}

std::string without_markers(std::string_view body) {
  std::string kept;
  for (const std::string_view line : split_lines(body)) {
    if (is_marker(line)) continue;
    kept += line;
    kept += '\n';
  }
  return std::string(trim(kept));
}

/// What a box is, the marker or heading above it says.
void note_boxes(const Outline& outline, const std::string& id, int lines_above,
                ProblemList& problems) {
  std::string_view kind = "a step";
  for (int number = 1; number <= outline.line_count(); ++number) {
    const std::string_view line = outline.line(number);
    const std::string words = lower(line.substr(0, 80));
    const bool is_heading = words.starts_with('#');
    const auto says = [&words](std::string_view part) {
      return words.find(part) != std::string::npos;
    };
    if (is_heading) kind = "a step";
    if ((is_heading && says("acceptance")) || says("<!-- ac:begin"))
      kind = "an acceptance criterion";
    if ((is_heading && says("definition of done")) || says("<!-- dod:begin"))
      kind = "a definition of done";
    if (!looks_like_box(line)) continue;
    problems.add(Severity::Note, lines_above + number,
                 fmt::format("this checkbox is {} of {} and is no task", kind, one_line(id, 60)));
  }
}

/// The text below the front matter, and the shell script in it.
void take_body(const Source& source, const FrontMatter& front, FrontTask& task) {
  const Outline outline = outline_of(source.text.substr(front.body_offset));
  std::vector<Problem> found = outline.problems;
  const std::string prose = std::move(task.item.body);
  task.item.body = without_markers(without_blank_ends(outline.text()));
  task.item.script = script_of(outline.text());
  if (!prose.empty()) {
    task.item.body = prose + (task.item.body.empty() ? "" : "\n\n") + task.item.body;
  }
  if (task.item.title.empty()) {
    const auto heading = std::ranges::find(outline.blocks, Block::Kind::Heading, &Block::kind);
    if (heading != outline.blocks.end()) {
      const std::string_view line = outline.line(outline.line_of(heading->offset));
      const std::size_t start = outline.line_start(outline.line_of(heading->offset));
      task.item.title = trim(line.substr(heading->offset - start));
    }
  }
  for (Problem& problem : found) {
    if (problem.line > 0) problem.line += front.body_line - 1;
    task.problems.add(std::move(problem));
  }
  note_boxes(outline, task.item.id, front.body_line - 1, task.problems);
}

}  // namespace

Reading front_task(const Source& source, const FrontMatter& front, const StatusValues& values) {
  FrontTask task(values);
  for (const Problem& problem : front.problems)
    task.problems.add(problem);
  for (const DataField& field : front.fields)
    task.take(field);
  Item& item = task.item;
  item.line = 1;
  item.has_id = !item.id.empty();
  if (!item.has_id) item.id = id_of_file(source.path);
  take_body(source, front, task);
  if (item.title.empty()) item.title = item.id;
  if (item.mark) {
    const std::string written(source.text.substr(item.mark->offset, item.mark->length));
    (item.done() ? item.mark->ticked : item.mark->unticked) = written;
  } else {
    task.problems.add(Severity::Note, 1, "this task has no status and cannot be ticked",
                      fmt::format("add 'status: {}'", values.open));
  }
  Reading reading;
  reading.items.push_back(std::move(item));
  reading.problems = task.problems.take();
  return reading;
}

bool is_epic(const FrontMatter& front) {
  return front.has("status") && (front.has("progress") || front.has("prd"));
}

std::string id_of_file(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  name = trim(name.substr(0, name.find(" - ")));
  return name.empty() ? std::string("task") : std::string(name);
}

}  // namespace orch::tasks
