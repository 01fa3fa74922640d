// Plain GitHub task lists: every outermost box is a task, called after its words.
#include "tasks/markdown.hpp"

#include "tasks/checklist.hpp"
#include "tasks/text_id.hpp"

namespace orch::tasks {

Detection detect_markdown(const Source& source) {
  std::vector<Problem> ignored;
  const bool has_boxes = !outermost_boxes(outline_of(sample_of(source.text)), ignored).empty();
  return has_boxes ? Detection{40, "it has checkboxes"} : Detection{};
}

Reading read_markdown(const Source& source) {
  Reading reading;
  Outline outline = outline_of(source.text);
  reading.problems = std::move(outline.problems);
  const std::vector<Candidate> boxes = outermost_boxes(outline, reading.problems);
  note_hidden_boxes(outline, boxes, reading.problems);
  TextIds ids;
  for (const Candidate& box : boxes) {
    Item item = item_of(outline, box, Fields::Ignore, reading.problems);
    item.title = box.words;
    item.id = ids.next(item.title);
    reading.items.push_back(std::move(item));
  }
  return reading;
}

std::string_view sample_of(std::string_view text) {
  constexpr std::size_t kSample = 256u << 10;
  if (text.size() <= kSample) return text;
  const std::size_t end = text.rfind('\n', kSample);
  return text.substr(0, end == std::string_view::npos ? kSample : end + 1);
}

}  // namespace orch::tasks
