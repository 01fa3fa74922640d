#pragma once
// From blocks to tasks, as the native reader wants them: outermost boxes, headings, fields.
#include "tasks/markdown/outline.hpp"
#include "tasks/model/item.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// A box or a heading that is a task, before it has an id.
struct Candidate {
  bool is_heading = false;
  bool has_box = true;
  bool done = false;
  bool deferred = false;  ///< `[~]`
  int level = 0;          ///< of a heading
  int first_line = 0;     ///< of the item
  int text_line = 0;      ///< of its first words
  int last_line = 0;
  std::size_t box = 0;     ///< offset of the `[`, or of where one would stand
  std::string_view words;  ///< the rest of the first line
};

/// The outermost list items with a box that have words. What looks like one but is none (no words,
/// an unknown mark, inside a quote) is reported.
std::vector<Candidate> outermost_boxes(const Outline& outline, std::vector<Problem>& problems);

/// A note for each box in code, comments and HTML outside all tasks, which must be sorted.
void note_hidden_boxes(const Outline& outline, const std::vector<Candidate>& tasks,
                       std::vector<Problem>& problems);

enum class Fields { Read, Ignore };

/// Body, script, mark and (if wanted) fields of a task; problems are those of its fields.
Item item_of(const Outline& outline, const Candidate& candidate, Fields fields,
             std::vector<Problem>& problems);

Mark mark_of(const Candidate& candidate);

/// The content of the fence, if its language is that of a shell.
void add_script(const Outline& outline, const Block& fence, std::string& script);
/// That of all its fences.
std::string script_of(std::string_view markdown);

}  // namespace orch::tasks
