// Plain GitHub task lists: every outermost box is a task, called after its words.
#include "tasks/markdown.hpp"

#include "tasks/checklist.hpp"
#include "tasks/text_id.hpp"

namespace orch::tasks {

Detection detect_markdown(std::string_view text, std::string_view /*path*/) {
  std::vector<Problem> ignored;
  const bool has_boxes = !outermost_boxes(outline_of(sample_of(text)), ignored).empty();
  return has_boxes ? Detection{40, "it has checkboxes"} : Detection{};
}

TaskList read_markdown(std::string_view text) {
  TaskList list{.format = "markdown"};
  Outline outline = outline_of(text);
  list.problems = std::move(outline.problems);
  const std::vector<Candidate> boxes = outermost_boxes(outline, list.problems);
  note_hidden_boxes(outline, boxes, list.problems);
  TextIds ids;
  for (const Candidate& box : boxes) {
    TaskSpec task = spec_of(outline, box, Fields::Ignore, list.problems);
    task.title = box.words;
    task.id = {ids.next(task.title)};
    list.tasks.push_back(std::move(task));
  }
  return list;
}

std::vector<Mark> marks_of_markdown(std::string_view text) {
  const Outline outline = outline_of(text);
  std::vector<Problem> ignored;
  std::vector<Mark> marks;
  TextIds ids;
  for (const Candidate& box : outermost_boxes(outline, ignored))
    marks.push_back(mark_of(box, {ids.next(box.words)}));
  return marks;
}

std::string_view sample_of(std::string_view text) {
  constexpr std::size_t kSample = 256u << 10;
  if (text.size() <= kSample) return text;
  const std::size_t end = text.rfind('\n', kSample);
  return text.substr(0, end == std::string_view::npos ? kSample : end + 1);
}

}  // namespace orch::tasks
