// Tells lists of work from other lists by their headings.
#include "tasks/conventions/bullets.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/heading_status.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace orch::tasks {

namespace {

constexpr auto kListNames = std::to_array<std::string_view>(
    {"todo",          "to do",        "to-do",          "todos",
     "tasks",         "tasks.md",     "task list",      "todo.md",
     "todo list",     "backlog",      "bugs",           "fixme",
     "wishlist",      "open tasks",   "up next",        "next up",
     "next steps",    "roadmap",      "future work",    "open work",
     "work items",    "action items", "remaining work", "aufgaben",
     "offene punkte", "fahrplan",     "à faire",        "feuille de route",
     "tareas",        "pendientes",   "hoja de ruta",   "tarefas",
     "roteiro",       "da fare",      "задачи",         "план работ",
     "待办",          "任务列表",     "路线图",         "タスク",
     "ロードマップ",  "할 일",        "로드맵"});

constexpr auto kStepNames = std::to_array<std::string_view>({"steps",
                                                             "implementation steps",
                                                             "implementation",
                                                             "implementation plan",
                                                             "implementation order",
                                                             "implementation tasks",
                                                             "step-by-step",
                                                             "step-by-step plan",
                                                             "migration steps",
                                                             "changes",
                                                             "proposed changes",
                                                             "planned changes",
                                                             "required changes",
                                                             "changes required",
                                                             "code changes",
                                                             "file changes",
                                                             "detailed changes",
                                                             "changes by file",
                                                             "plan",
                                                             "action plan",
                                                             "execution plan",
                                                             "plan of work",
                                                             "concrete steps",
                                                             "tasks",
                                                             "work items",
                                                             "umsetzung",
                                                             "schritte",
                                                             "umsetzungsschritte",
                                                             "änderungen",
                                                             "étapes",
                                                             "modifications",
                                                             "pasos",
                                                             "cambios",
                                                             "passos",
                                                             "etapas",
                                                             "mudanças",
                                                             "alterações",
                                                             "passi",
                                                             "modifiche",
                                                             "шаги",
                                                             "изменения",
                                                             "步骤",
                                                             "实施步骤",
                                                             "实现步骤",
                                                             "修改内容",
                                                             "変更内容",
                                                             "手順",
                                                             "実装手順",
                                                             "단계",
                                                             "변경 사항"});

constexpr auto kNoTasks = std::to_array<std::string_view>({"requirements",
                                                           "notes",
                                                           "note",
                                                           "rules",
                                                           "links",
                                                           "references",
                                                           "resources",
                                                           "questions",
                                                           "overview",
                                                           "how to",
                                                           "usage",
                                                           "instructions",
                                                           "about",
                                                           "background",
                                                           "context",
                                                           "decisions",
                                                           "status",
                                                           "current status",
                                                           "summary",
                                                           "principles",
                                                           "protocol",
                                                           "see also",
                                                           "changelog",
                                                           "glossary",
                                                           "conventions",
                                                           "workflow",
                                                           "open questions",
                                                           "prerequisites",
                                                           "goals",
                                                           "goal",
                                                           "non-goals",
                                                           "non goals",
                                                           "out of scope",
                                                           "not in scope",
                                                           "explicit non-goals",
                                                           "vision",
                                                           "motivation",
                                                           "risks",
                                                           "assumptions",
                                                           "constraints",
                                                           "success metrics",
                                                           "metrics",
                                                           "deliverables",
                                                           "timeline",
                                                           "history",
                                                           "legend",
                                                           "exit criteria",
                                                           "validation",
                                                           "verification",
                                                           "nicht ziele",
                                                           "ziele",
                                                           "risiken",
                                                           "hinweise",
                                                           "objetivos",
                                                           "riesgos",
                                                           "riscos",
                                                           "fora do escopo",
                                                           "hors périmètre",
                                                           "objectifs",
                                                           "не входит",
                                                           "цели",
                                                           "риски",
                                                           "范围外",
                                                           "目标",
                                                           "风险",
                                                           "対象外",
                                                           "目的",
                                                           "備考"});

bool begins(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  if (text.size() == word.size()) return true;
  const char next = text[word.size()];
  return next == ' ' || next == ':' || next == '(' || next == ',' ||
         static_cast<unsigned char>(next) >= 0x80;
}

/// Is it one of the names, alone or with a remark after it?
bool is_called(std::string_view heading, std::span<const std::string_view> names) {
  const std::string title = folded(without_signs(heading));
  return std::ranges::any_of(names, [&title](std::string_view name) {
    if (!begins(title, name)) return false;
    const std::string_view rest = trim(std::string_view(title).substr(name.size()));
    return rest.empty() || rest[0] == ':' || rest[0] == '(' || rest[0] == '-' ||
           rest.starts_with("for ") || static_cast<unsigned char>(rest[0]) >= 0x80;
  });
}

/// `[ruben] title`, `**[ai] title**`, `[2026-04-21] title`: who or when, not what.
std::string_view without_tag(std::string_view words) {
  const std::size_t from = words.find_first_not_of("* _");
  if (from == std::string_view::npos || words[from] != '[') return words;
  const std::size_t end = words.substr(0, 40).find(']');
  if (end == std::string_view::npos || words.substr(end + 1).starts_with('(')) return words;
  return trim(words.substr(end + 1));
}

}  // namespace

Draft bullet_draft(const Document& document, const Entry& entry) {
  Draft draft = draft_of(document, entry);
  TaskWords& words = draft.words;
  if (words.style == IdStyle::Label || words.style == IdStyle::Number) drop_id(words);
  if (words.standing == Standing::Cancelled) words.standing = Standing::Done;
  if (!draft.has_id()) words.title = without_tag(words.title);
  if (entry.lead >= 0 && !words.standing) {
    const Document::Lead& lead = document.leads[static_cast<std::size_t>(entry.lead)];
    const std::string_view line = trim(document.line(lead.line));
    const Standing said = standing_of_section(line);
    if (line.ends_with(':') && said != Standing::Open) words.standing = said;
  }
  const std::optional<HeadingStatus> front = status_in_front(words.whole);
  if (front && !draft.has_id() && !words.standing) {
    words.standing = front->standing;
    words.title = front->title;
  }
  const std::optional<HeadingStatus> status = heading_status(words.title);
  if (status && !words.standing) {
    words.standing = status->standing;
    words.title = status->title;
  }
  return draft;
}

bool names_list(std::string_view heading) {
  return is_called(heading, kListNames);
}

bool names_steps(std::string_view heading) {
  return is_called(heading, kStepNames);
}

bool is_called_list(std::string_view path) {
  constexpr std::array<std::string_view, 7> kNames{"todo",    "todos",       "tasks", "backlog",
                                                   "roadmap", "future-work", "to-do"};
  std::string_view name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.rfind('.'));
  return std::ranges::find(kNames, lower(name)) != kNames.end();
}

bool names_no_tasks(std::string_view heading) {
  const std::string title = folded(without_signs(heading));
  return is_criteria(heading) || std::ranges::any_of(kNoTasks, [&title](std::string_view name) {
           return begins(title, name);
         });
}

bool introduces_other(const Document& document, const Entry& entry) {
  constexpr std::array<std::string_view, 4> kTests{"tests", "test cases", "testing", "files"};
  const auto is_other = [&](std::string_view line) {
    const std::string words = folded(without_signs(line));
    return names_no_tasks(line) || std::ranges::find(kTests, words) != kTests.end();
  };
  for (int lead = entry.lead; lead >= 0;) {
    const Document::Lead& own = document.leads[static_cast<std::size_t>(lead)];
    if (is_other(document.line(own.line))) return true;
    lead = own.above;
  }
  return false;
}

bool is_manual(const Document& document, std::string_view path) {
  constexpr std::array<std::string_view, 10> kNames{"readme",   "guide",   "how to", "how-to",
                                                    "tutorial", "runbook", "manual", "handbook",
                                                    "usage",    "playbook"};
  const auto names = [&](std::string_view text) {
    const std::string small = lower(text);
    return std::ranges::any_of(
        kNames, [&small](std::string_view name) { return small.find(name) != small.npos; });
  };
  return names(path.substr(path.rfind('/') + 1)) ||
         (!document.sections.empty() && names(document.sections.front().title));
}

bool is_plan(const Document& document, std::string_view path) {
  constexpr std::array<std::string_view, 8> kNames{
      "plan", "roadmap", "todo", "task", "migration", "milestone", "refactoring", "improvement"};
  const auto names = [&](std::string_view text) {
    const std::string small = lower(text);
    return std::ranges::any_of(
        kNames, [&small](std::string_view name) { return small.find(name) != small.npos; });
  };
  const auto is_of_plan = [](const Section& section) {
    const std::string small = folded(without_signs(section.title));
    return names_steps(section.title) &&
           (small.starts_with("implementation ") || small.find(" plan") != small.npos ||
            small.find(" changes") != small.npos || small.starts_with("plan of"));
  };
  return names(path.substr(path.rfind('/') + 1)) ||
         (!document.sections.empty() && names(document.sections.front().title)) ||
         std::ranges::any_of(document.sections, is_of_plan);
}

bool is_empty_mark(std::string_view words) {
  constexpr std::size_t kLongest = 16;
  return words.size() < kLongest && (says_nothing(words) || folded(words) == "empty");
}

}  // namespace orch::tasks
