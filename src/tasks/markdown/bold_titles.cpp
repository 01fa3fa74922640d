// Looks at lines that begin with two stars; what is not numbered is no title.
#include "tasks/markdown/bold_titles.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/stages.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace orch::tasks {

namespace {

constexpr int kOutermost = 7;  // below "######"

/// What a numbered title names, the outer ones first.
enum class Kind : std::uint8_t { None, Phase, Step };

/// "1. Title", "1.2 Title", "3) Title".
bool has_number(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789.");
  if (end == 0 || end == text.npos || !is_digit(text[0])) return false;
  const std::string_view number = text.substr(0, end);
  const std::string_view rest = text.substr(end + (text[end] == ')' || text[end] == ':' ? 1 : 0));
  const bool marked = number.find('.') != number.npos || rest.size() < text.size() - end;
  return marked && rest.starts_with(' ');
}

bool names_task(std::string_view text) {
  constexpr std::array<std::string_view, 8> kNames{"task ",  "todo ",   "aufgabe ", "tâche ",
                                                   "tarea ", "tarefa ", "任务",     "タスク"};
  const std::string small = lower(text.substr(0, 16));
  return std::ranges::any_of(kNames, [&small](std::string_view name) {
    return small.starts_with(name) && small.find_first_of("0123456789") <= name.size() + 1;
  });
}

Kind kind_of(std::string_view title) {
  const std::string_view text = without_signs(without_box(title));
  if (has_number(text) || names_task(text)) return Kind::Step;
  const std::optional<Stage> stage = stage_of(text);
  if (!stage) return Kind::None;
  constexpr std::array<std::string_view, 7> kSteps{"step", "schritt", "paso",    "passo",
                                                   "шаг",  "步骤",    "ステップ"};
  return std::ranges::find(kSteps, stage->word) == kSteps.end() ? Kind::Phase : Kind::Step;
}

/// All of the line is bold, but for a box in front and a sign or a remark in brackets after it.
bool is_bold(std::string_view line) {
  const std::string_view text = without_box(line);
  if (!text.starts_with("**") || text.starts_with("***")) return false;
  const std::size_t end = text.find("**", 2);
  if (end == text.npos) return false;
  const std::string_view rest = without_signs(text.substr(end + 2));
  return rest.empty() || rest[0] == '[' || (rest[0] == '(' && rest.ends_with(')'));
}

/// Without the bold, if there is nothing else in the line.
std::string_view plain(std::string_view line) {
  line = trim(line);
  const bool whole = line.find("**", 2) + 2 == line.size();
  return whole ? trim(line.substr(2, line.size() - 4)) : line;
}

/// Does the line begin a paragraph?
bool begins_paragraph(const Document& document, int line) {
  const std::string_view before = line > 1 ? trim(document.line(line - 1)) : "";
  const bool heading = before.starts_with('#') || before.find_first_not_of("-=*_ ") == before.npos;
  return heading && !document.is_literal(line);
}

/// Is one of the headings around the line a task by its name? Then what is numbered is a part of
/// it.
bool lies_in_task(const Document& document, int line) {
  return any_section(document, document.section_at(line), [line](const Section& section) {
    return section.last_line >= line && kind_of(section.title) == Kind::Step;
  });
}

}  // namespace

std::vector<Section> bold_titles(const Document& document) {
  std::vector<Section> titles;
  for (int line = 1; line <= document.line_count(); ++line) {
    const std::string_view text = document.line(line);
    if (!text.starts_with("**") && !text.starts_with("[")) continue;
    if (!is_bold(text)) continue;
    const Kind kind = kind_of(text);
    if (kind == Kind::None || !begins_paragraph(document, line) || lies_in_task(document, line))
      continue;
    titles.push_back({.line = line,
                      .text_line = line,
                      .level = kOutermost + (kind == Kind::Step ? 1 : 0),
                      .offset = document.outline().offset_of(text),
                      .title = plain(text)});
  }
  if (titles.size() < 2) titles.clear();
  return titles;
}

}  // namespace orch::tasks
