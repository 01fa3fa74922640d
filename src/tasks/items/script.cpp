// Finds fenced blocks of `sh`, `bash` and `shell`.
#include "tasks/items/script.hpp"

#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

std::string_view without_indent(std::string_view line, std::size_t indent) {
  return line.substr(std::min({indent, line.find_first_not_of(" \t"), line.size()}));
}

bool is_shell(std::string_view opening) {
  const std::size_t from = opening.find_first_not_of("`~", opening.find_first_of("`~"));
  if (from == std::string_view::npos) return false;
  const std::string_view info = trim(opening.substr(from));
  const std::string language = lower(info.substr(0, info.find_first_of(" \t{")));
  return language == "sh" || language == "bash" || language == "shell";
}

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

}  // namespace orch::tasks
