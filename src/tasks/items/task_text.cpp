// A task's body without its indentation and fields, and the shell script in it.
#include "orch/base/text.hpp"
#include "tasks/items/checklist.hpp"
#include "tasks/items/fields.hpp"

#include <algorithm>
#include <string>

namespace orch::tasks {

namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(" \t"), line.size());
}

/// The white space that all lines with words begin with, byte by byte: tabs and spaces are not
/// mixed up.
std::size_t common_indent(const Outline& outline, int first, int last) {
  std::string_view common;
  bool any = false;
  for (int number = first; number <= last; ++number) {
    const std::string_view line = outline.line(number);
    const std::string_view blanks = line.substr(0, indent_of(line));
    if (blanks.size() == line.size()) continue;
    if (!any) common = blanks;
    any = true;
    const auto [end, other] = std::ranges::mismatch(common, blanks);
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  return common.size();
}

std::string_view without_indent(std::string_view line, std::size_t indent) {
  return line.substr(std::min(indent, indent_of(line)));
}

bool is_shell(std::string_view opening) {
  const std::size_t from = opening.find_first_not_of("`~", opening.find_first_of("`~"));
  if (from == std::string_view::npos) return false;
  const std::string_view info = trim(opening.substr(from));
  const std::string language = lower(info.substr(0, info.find_first_of(" \t{")));
  return language == "sh" || language == "bash" || language == "shell";
}

/// Blank lines at both ends; a first line keeps its indentation.
std::string_view without_blank_ends(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  const std::size_t start = text.rfind('\n', first);
  text = text.substr(0, text.find_last_not_of(" \t\n") + 1);
  return start == std::string_view::npos ? text : text.substr(start + 1);
}

/// Steps through the blocks within a task, line by line.
class InnerBlocks {
 public:
  InnerBlocks(const Outline& outline, int first_line)
      : outline_(outline),
        next_(std::ranges::lower_bound(outline.blocks, first_line, {}, &Block::first_line)) {}

  /// Goes on to the line, which must not lie before the last one; the fence that opens there, if
  /// any.
  const Block* enter(int line) {
    const Block* fence = nullptr;
    for (; next_ != outline_.blocks.end() && next_->first_line <= line; ++next_) {
      if (next_->first_line <= literal_end_) continue;
      if (next_->kind == Block::Kind::Box && next_->first_line > box_end_) {
        box_end_ = next_->last_line;
        box_indent_ = indent_of(outline_.line(next_->first_line));
      }
      const bool is_fence = next_->kind == Block::Kind::Fence;
      if (is_fence) fence = &*next_;
      if (is_fence || next_->kind == Block::Kind::Comment || next_->kind == Block::Kind::Html)
        literal_end_ = next_->last_line;
    }
    return fence;
  }

  /// May the line hold a field of the task? Code and comments may not, nor what belongs to a box.
  bool allow_fields(int line) const {
    if (line <= literal_end_) return false;
    return line > box_end_ || indent_of(outline_.line(line)) <= box_indent_;
  }

 private:
  const Outline& outline_;
  std::vector<Block>::const_iterator next_;
  int literal_end_ = 0;
  int box_end_ = 0;
  std::size_t box_indent_ = 0;
};

}  // namespace

void add_script(const Outline& outline, const Block& fence, std::string& script) {
  const std::string_view opening = outline.line(fence.first_line);
  if (!is_shell(opening)) return;
  const std::size_t indent = opening.find_first_of("`~");
  const std::string_view closing = trim(outline.line(fence.last_line));
  const bool is_closed = fence.last_line > fence.first_line &&
                         (closing.starts_with("```") || closing.starts_with("~~~"));
  const int last = is_closed ? fence.last_line - 1 : fence.last_line;
  for (int number = fence.first_line + 1; number <= last; ++number) {
    if (!script.empty()) script += '\n';
    script += without_indent(outline.line(number), indent);
  }
}

std::string script_of(std::string_view markdown) {
  std::string script;
  if (markdown.find("```") == markdown.npos && markdown.find("~~~") == markdown.npos) return script;
  const Outline outline = outline_of(markdown);
  for (const Block& block : outline.blocks)
    if (block.kind == Block::Kind::Fence) add_script(outline, block, script);
  return script;
}

Item item_of(const Outline& outline, const Candidate& candidate, Fields fields,
             std::vector<Problem>& problems) {
  Item task;
  task.standing = candidate.done       ? Standing::Done
                  : candidate.deferred ? Standing::Deferred
                                       : Standing::Open;
  task.mark = mark_of(candidate);
  task.line = candidate.first_line;
  const int first = candidate.text_line + 1;
  const std::size_t indent =
      candidate.is_heading ? 0 : common_indent(outline, first, candidate.last_line);
  FieldReader reader(task, problems);
  InnerBlocks blocks(outline, first);
  std::string body;
  for (int number = first; number <= candidate.last_line; ++number) {
    const std::string_view line = without_indent(outline.line(number), indent);
    const Block* fence = blocks.enter(number);
    if (fence != nullptr) add_script(outline, *fence, task.script);
    const bool may_be_field = fields == Fields::Read && blocks.allow_fields(number);
    if (may_be_field && reader.take(line, number)) continue;
    body += line;
    body += '\n';
  }
  task.body = without_blank_ends(body);
  return task;
}

}  // namespace orch::tasks
