// Looks at a text from every side that a convention may ask for.
#include "tasks/conventions/evidence.hpp"

#include "tasks/conventions/box_lists.hpp"

namespace orch::tasks {

Evidence::Evidence(const Source& text, const Document& sample)
    : source(text), document(sample), front(front_matter_of(text.text)) {
  std::vector<Problem> ignored;
  Skipped skipped(ignored);
  boxes = box_drafts(document, skipped);
  listed = boxes;
  settle_ids(listed);
  drop_steps(document, listed, skipped);
  native = look_for_native(document, boxes);
  headed = look_for_headings(document);
  table = look_for_table(document, boxes);
}

}  // namespace orch::tasks
