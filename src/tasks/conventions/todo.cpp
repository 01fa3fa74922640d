// The reader "todo": bullets without boxes, in a file or under headings that say what they are.
//
//   # TODO                  all bullets below, but not those inside another
//   * better messages
//
//   - [Import](tasks/01.md) an index of files for each task
//   ## In Progress          a board: "Done" says that its bullets are done
//   ## Done
#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

constexpr std::array<std::string_view, 26> kListNames{
    "todo",    "to do",     "to-do",    "todos",   "tasks",  "tasks.md",   "task list",
    "todo.md", "todo list", "backlog",  "bugs",    "fixme",  "wishlist",   "open tasks",
    "up next", "next up",   "aufgaben", "à faire", "tareas", "pendientes", "tarefas",
    "da fare", "задачи",    "待办",     "タスク",  "할 일"};

constexpr std::array<std::string_view, 28> kNoTasks{
    "requirements", "notes",      "note",           "rules",        "links",     "references",
    "resources",    "questions",  "overview",       "how to",       "usage",     "instructions",
    "about",        "background", "context",        "decisions",    "status",    "current status",
    "summary",      "principles", "protocol",       "see also",     "changelog", "glossary",
    "conventions",  "workflow",   "open questions", "prerequisites"};

bool begins(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  if (text.size() == word.size()) return true;
  const char next = text[word.size()];
  return next == ' ' || next == ':' || next == '(' || next == ',' ||
         static_cast<unsigned char>(next) >= 0x80;
}

/// "TODO", "TODO: parser", "Tasks (2025)"; "Tasks are files" is none.
bool names_list(const Section& section) {
  const std::string title = folded(without_signs(section.title));
  return std::ranges::any_of(kListNames, [&title](std::string_view name) {
    if (!begins(title, name)) return false;
    const std::string_view rest = trim(std::string_view(title).substr(name.size()));
    return rest.empty() || rest[0] == ':' || rest[0] == '(' || rest[0] == '-' ||
           static_cast<unsigned char>(rest[0]) >= 0x80;
  });
}

/// "Kanban", "Sprint board": all of the file, if it has stages.
bool names_board(const Section& section) {
  const std::string title = folded(without_signs(section.title));
  return begins(title, "kanban") || title == "board" || title.ends_with(" board");
}

/// "(none)" in an empty stage.
bool is_placeholder(std::string_view words) {
  constexpr std::size_t kLongest = 16;
  return words.size() < kLongest && (says_nothing(words) || folded(words) == "empty");
}

bool names_stage(const Section& section) {
  return standing_of_section(section.title) != Standing::Open || names_list(section);
}

bool holds_no_tasks(const Section& section) {
  const std::string title = folded(without_signs(section.title));
  return is_criteria(section.title) ||
         std::ranges::any_of(kNoTasks,
                             [&title](std::string_view name) { return begins(title, name); });
}

bool is_document(const Document& document) {
  if (document.line_count() < 2 || trim(document.line(1)) != "---") return false;
  bool name = false;
  bool description = false;
  for (int line = 2; line <= std::min(document.line_count(), 30); ++line) {
    if (trim(document.line(line)) == "---") break;
    name = name || document.line(line).starts_with("name:");
    description = description || document.line(line).starts_with("description:");
  }
  return name && description;
}

/// `[ruben] title`, `**[ai] title**`, `[2026-04-21] title`: who or when, not what.
std::string_view without_tag(std::string_view words) {
  const std::size_t from = words.find_first_not_of("* _");
  if (from == std::string_view::npos || words[from] != '[') return words;
  const std::size_t end = words.substr(0, 40).find(']');
  if (end == std::string_view::npos || words.substr(end + 1).starts_with('(')) return words;
  return trim(words.substr(end + 1));
}

/// `parser - done`, `parser — in progress`.
std::optional<Standing> state_at_end(std::string_view title) {
  for (const std::string_view dash : {" - ", " – ", " — "}) {
    const std::size_t at = title.rfind(dash);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = title.substr(at + dash.size());
    if (is_state_name(rest)) return standing_of(rest);
  }
  return {};
}

Draft bullet_draft(const Document& document, const Entry& entry) {
  Draft draft = draft_of(document, entry);
  const bool struck = draft.words.standing == Standing::Cancelled;
  if (draft.words.style == IdStyle::Label || draft.words.style == IdStyle::Number)
    drop_id(draft.words);
  if (struck) draft.words.standing = Standing::Done;
  if (!draft.has_id()) draft.words.title = without_tag(draft.words.title);
  if (!draft.words.standing) draft.words.standing = state_at_end(draft.words.title);
  return draft;
}

/// `[title](tasks/01-title.md)`: a link to a file that has a number.
bool is_task_link(const Entry& entry) {
  const std::string_view words = without_signs(entry.words);
  const std::size_t end = words.starts_with('[') ? words.find("](") : std::string_view::npos;
  if (end == std::string_view::npos) return false;
  const std::string_view target = words.substr(end + 2, words.find(')', end) - end - 2);
  const std::string_view name = target.substr(target.rfind('/') + 1);
  return target.find("://") == std::string_view::npos && name.ends_with(".md") &&
         name.find_first_of("0123456789") != std::string_view::npos;
}

std::vector<Draft> chosen(const Document& document) {
  std::vector<Draft> drafts;
  const bool index = 2 < std::ranges::count_if(document.entries, is_task_link);
  const bool board = std::ranges::any_of(document.sections, names_stage);
  if ((!board && !index) || is_document(document)) return drafts;
  const bool any_box = std::ranges::any_of(
      document.entries, [](const Entry& entry) { return entry.box.has_value(); });
  if (any_box) return drafts;
  const bool whole = !document.sections.empty() && (names_list(document.sections.front()) ||
                                                    names_board(document.sections.front()));
  const bool numbered = whole && std::ranges::none_of(document.entries, [](const Entry& entry) {
                          return entry.parent < 0 && !entry.ordered;
                        });
  for (const Entry& entry : document.entries) {
    const bool link = index && is_task_link(entry);
    if (entry.parent >= 0 || entry.quoted || entry.words.empty()) continue;
    if (is_placeholder(entry.words)) continue;
    if (entry.ordered && !link && !numbered) continue;
    const bool listed = whole || link || any_section(document, entry.section, names_stage);
    if (!listed || any_section(document, entry.section, [&](const Section& section) {
          return section.level > 1 && holds_no_tasks(section) && !names_stage(section);
        }))
      continue;
    drafts.push_back(bullet_draft(document, entry));
  }
  settle_ids(drafts);
  return drafts;
}

}  // namespace

bool has_list_of_bullets(const Evidence& seen) {
  return !chosen(seen.document).empty();
}

Reading read_todo(const Source& source) {
  const DocumentOf whole(source, source.text);
  const Document& document = *whole;
  std::vector<Draft> drafts = chosen(document);
  const DraftRules rules{.parents_by_place = false};
  return reading_of(document, std::move(drafts), rules);
}

}  // namespace orch::tasks
