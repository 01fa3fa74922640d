// The reader "markdown": lists with boxes of any kind.
//
//   - [ ] Add retry to the uploader      a task; boxes inside it are tasks that are parts of it
//     - [x] with a test
//   - [ ] T1: title (depends: T0) @name  with an id its own boxes without one are steps: its body
//   - [-] not now                        neither open nor done: never started by itself
//
// Without an id a task is called after its words (text_id.hpp). Boxes that are acceptance criteria,
// examples or legends are no tasks.
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

void note_doubtful(const std::vector<Draft>& drafts, std::string_view text,
                   std::vector<Problem>& problems) {
  constexpr std::size_t kMost = 50;
  std::size_t count = 0;
  for (const Draft& draft : drafts) {
    if (!draft.box || !draft.box->doubtful || ++count > kMost) continue;
    const std::string_view mark = text.substr(draft.offset, draft.box->inner + 2);
    const bool starts = draft.box->standing == Standing::Open;
    problems.push_back({Severity::Note, draft.line, 0,
                        "'" + std::string(mark) + "' is neither open nor done: " +
                            (starts ? "the task is taken for open" : "the task is not started"),
                        "write [ ] or [x]"});
  }
}

void choose(const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
  settle_ids(drafts);
  drop_steps(document, drafts, skipped);
}

}  // namespace

bool has_fields_in_lines(const Evidence& seen) {
  return std::ranges::any_of(seen.listed, [](const Draft& draft) {
    return std::ranges::any_of(draft.words.fields, [](const InlineField& field) {
      return field.kind == FieldKind::Depends || field.kind == FieldKind::Owner ||
             field.kind == FieldKind::Priority || field.kind == FieldKind::Files;
    });
  });
}

bool has_nested_boxes(const Evidence& seen) {
  for (std::size_t i = 1; i < seen.listed.size(); ++i)
    if (seen.listed[i].line <= seen.listed[i - 1].last_line) return true;
  return false;
}

bool has_boxes(const Evidence& seen) {
  return !seen.listed.empty();
}

Reading read_markdown(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.parents_by_number = true, .statements = true};
  std::vector<Problem> doubts;
  Reading reading = read_boxes(
      *whole, rules, [&](const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
        choose(document, drafts, skipped);
        note_doubtful(drafts, source.text, doubts);
      });
  reading.problems.insert(reading.problems.end(), doubts.begin(), doubts.end());
  order_stages(reading);
  return reading;
}

}  // namespace orch::tasks
