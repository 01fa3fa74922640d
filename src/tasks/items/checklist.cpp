// Finds the boxes that are tasks and says what became of the others.
#include "tasks/items/checklist.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/syntax.hpp"

#include <fmt/format.h>

namespace orch::tasks {

namespace {

constexpr std::size_t kMostNotes = 100;

/// Counts what it no longer lists.
class Notes {
 public:
  explicit Notes(std::vector<Problem>& problems) : problems_(problems) {}

  void add(int line, std::string_view where) {
    if (++count_ > kMostNotes) return;
    problems_.push_back(
        {Severity::Note, line, 0, fmt::format("this checkbox is {} and is no task", where), {}});
  }

  void end() {
    if (count_ <= kMostNotes) return;
    problems_.push_back({Severity::Note,
                         0,
                         0,
                         fmt::format("{} more checkboxes are no tasks", count_ - kMostNotes),
                         {}});
  }

 private:
  std::vector<Problem>& problems_;
  std::size_t count_ = 0;
};

std::string_view name_of(Block::Kind kind) {
  switch (kind) {
    case Block::Kind::Fence: return "in a code fence";
    case Block::Kind::Indented: return "in an indented code block";
    case Block::Kind::Comment: return "in a comment";
    case Block::Kind::Html: return "in a HTML block";
    case Block::Kind::Box:
    case Block::Kind::Bullet:
    case Block::Kind::Heading: break;
  }
  return "";
}

void warn_of_strange_mark(const Block& block, std::string_view text,
                          std::vector<Problem>& problems) {
  const std::string_view mark = strange_mark(text);
  if (mark.empty()) return;
  problems.push_back({Severity::Warning, block.first_line, 0,
                      fmt::format("'{}' is neither open nor done: the line is no task", mark),
                      "write [ ] or [x]"});
}

}  // namespace

std::vector<Candidate> outermost_boxes(const Outline& outline, std::vector<Problem>& problems) {
  std::vector<Candidate> boxes;
  Notes notes(problems);
  for (const Block& block : outline.blocks) {
    if (block.kind != Block::Kind::Box) continue;
    if (!boxes.empty() && block.first_line <= boxes.back().last_line) continue;
    const int text_line = outline.line_of(block.offset);
    const std::string_view line = outline.line(text_line);
    const std::string_view text = line.substr(block.offset - outline.line_start(text_line));
    std::optional<Box> box = box_at(text);
    const bool deferred = !box && strange_mark(text) == "[~]";
    if (deferred) box = Box{false, trim(text.substr(3))};
    if (!box) {
      warn_of_strange_mark(block, text, problems);
    } else if (block.quoted) {
      notes.add(block.first_line, "in a quote");
    } else if (box->rest.empty()) {
      problems.push_back({Severity::Warning, block.first_line, 0,
                          "a checkbox without words is no task", "say what is to be done"});
    } else {
      boxes.push_back({.done = box->done,
                       .deferred = deferred,
                       .first_line = block.first_line,
                       .text_line = text_line,
                       .last_line = block.last_line,
                       .box = block.offset,
                       .words = box->rest});
    }
  }
  notes.end();
  return boxes;
}

void note_hidden_boxes(const Outline& outline, const std::vector<Candidate>& tasks,
                       std::vector<Problem>& problems) {
  Notes notes(problems);
  auto task = tasks.begin();
  for (const Block& block : outline.blocks) {
    const std::string_view where = name_of(block.kind);
    if (where.empty()) continue;
    while (task != tasks.end() && task->last_line < block.first_line)
      ++task;
    if (task != tasks.end() && task->first_line <= block.first_line) continue;
    for (int line = block.first_line; line <= block.last_line; ++line) {
      if (looks_like_box(outline.line(line))) notes.add(line, where);
    }
  }
  notes.end();
}

Mark mark_of(const Candidate& candidate) {
  if (!candidate.has_box) return {false, candidate.box, 0, "[x] ", ""};
  return {candidate.done, candidate.box + 1, 1, "x", candidate.deferred ? "~" : " "};
}

}  // namespace orch::tasks
