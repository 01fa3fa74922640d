// From the fields of a front matter to a task.
#include "tasks/conventions/front_task.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/items/script.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::tasks {

namespace {

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
void take_body(const Source& source, const FrontMatter& front, Item& item, ProblemList& problems) {
  const Outline outline = outline_of(source.text.substr(front.body_offset));
  std::vector<Problem> found = outline.problems;
  const std::string prose = std::move(item.body);
  item.body = without_markers(without_blank_ends(outline.text()));
  item.script = script_of(outline.text());
  if (!prose.empty()) item.body = prose + (item.body.empty() ? "" : "\n\n") + item.body;
  if (item.title.empty()) {
    const auto heading = std::ranges::find(outline.blocks, Block::Kind::Heading, &Block::kind);
    if (heading != outline.blocks.end()) {
      const std::string_view line = outline.line(outline.line_of(heading->offset));
      const std::size_t start = outline.line_start(outline.line_of(heading->offset));
      item.title = trim(line.substr(heading->offset - start));
    }
  }
  for (Problem& problem : found) {
    if (problem.line > 0) problem.line += front.body_line - 1;
    problems.add(std::move(problem));
  }
  note_boxes(outline, item.id, front.body_line - 1, problems);
}

}  // namespace

Reading front_task(const Source& source, const FrontMatter& front, const StatusValues& values,
                   std::string_view id) {
  ProblemList problems;
  for (const Problem& problem : front.problems)
    problems.add(problem);
  const RecordRules rules{.words = values, .all_prose = false, .children = false};
  RecordTask task = record_task(front.fields, source.text, rules, problems);
  take_level(task, problems);
  Item& item = task.item;
  item.line = 1;
  if (!item.has_id) item.id = id.empty() ? id_of_file(source.path) : std::string(id);
  item.has_id = item.has_id || !id.empty();
  take_body(source, front, item, problems);
  if (item.title.empty()) item.title = item.id;
  if (!item.mark) {
    problems.add(Severity::Note, 1, "this task has no status and cannot be ticked",
                 fmt::format("add 'status: {}'", values.open));
  }
  Reading reading;
  reading.items.push_back(std::move(item));
  reading.problems = problems.take();
  return reading;
}

bool is_epic(const FrontMatter& front) {
  return front.has("status") && (front.has("progress") || front.has("prd"));
}

std::string id_of_file(std::string_view path) {
  constexpr std::string_view kInFolder = "/task.json";
  if (path.ends_with(kInFolder)) {
    path.remove_suffix(kInFolder.size());
    return std::string(path.substr(path.rfind('/') + 1));
  }
  std::string_view name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  name = trim(name.substr(0, name.find(" - ")));
  return name.empty() ? std::string("task") : std::string(name);
}

}  // namespace orch::tasks
