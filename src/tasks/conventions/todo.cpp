// The reader "todo": bullets without boxes, in a file or under headings that say what they are.
//
//   # TODO                  all bullets below, but not those inside another; TODO.md is called so
//   too
//   * better messages
//   1. a page on errors     in a list of work a number is a bullet
//
//   - [Import](tasks/01.md) an index of files for each task
//   ## In Progress          a board: "Done" says that its bullets are done
//   ## Out of scope         none of the work
//
//   ## P0 - Correctness     in a plan: lists below priorities,
//   ## Steps                and numbered steps, one after the other
#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/bullets.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/items/word_order.hpp"
#include "tasks/model/index.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

/// "Kanban", "Sprint board": all of the file, if it has stages.
bool names_board(const Section& section) {
  const std::string title = folded(without_signs(section.title));
  return title.starts_with("kanban") || title == "board" || title.ends_with(" board");
}

bool names_stage(const Section& section) {
  return standing_of_section(section.title) != Standing::Open || names_list(section.title);
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

/// Are all boxes in sections that check the work?
bool are_checks(const Document& document) {
  return std::ranges::none_of(document.entries, [&document](const Entry& entry) {
    return entry.box && !any_section(document, entry.section, [](const Section& section) {
             return is_weak_check(section.title) || is_criteria(section.title);
           });
  });
}

/// Which bullets of a document are the work.
class Choice {
 public:
  Choice(const Document& document, std::string_view path)
      : document_(document),
        plan_(is_plan(document, path) && !is_manual(document, path) && are_checks(document)) {
    ranked_ = plan_ && 1 < std::ranges::count_if(document.sections, is_ranked);
    index_ = 2 < std::ranges::count_if(document.entries, is_task_link);
    const bool named = !document.sections.empty() && names_list(document.sections.front().title);
    const bool board = !document.sections.empty() && names_board(document.sections.front());
    const bool stages = std::ranges::any_of(document.sections, names_stage);
    whole_ = named || is_called_list(path) || (board && stages);
    const bool any_box = std::ranges::any_of(
        document.entries, [](const Entry& entry) { return entry.box.has_value(); });
    if (is_document(document) || (any_box && !plan_)) return;
    if (stages || index_ || whole_ || plan_) take_work();
  }

  std::vector<Draft> drafts;
  bool steps = false;  ///< they are the numbered steps of a plan

 private:
  void take_work() {
    for (const Entry& entry : document_.entries) {
      const bool work = is_work(entry);
      const bool step = !work && is_step(entry);
      if (work || step) drafts.push_back(bullet_draft(document_, entry));
      steps = steps || step;
    }
    settle_ids(drafts);
  }

  /// "P0 - Correctness", "High priority".
  static bool is_ranked(const Section& section) {
    return section.level > 1 && priority_of_section(section.title).has_value();
  }

  /// A number of its own in a list below "Steps".
  bool is_step(const Entry& entry) const {
    return plan_ && entry.ordered && entry.parent < 0 && !entry.quoted && !entry.box &&
           entry.section >= 0 && !introduces_other(document_, entry) &&
           names_steps(document_.sections[at(entry.section)].title);
  }

  bool is_work(const Entry& entry) const {
    const bool link = index_ && is_task_link(entry);
    if (entry.parent >= 0 || entry.quoted || entry.words.empty() || entry.box) return false;
    if (introduces_other(document_, entry)) return false;
    if (is_empty_mark(entry.words) || (entry.ordered && !link && !whole_ && !ranked_)) return false;
    const bool listed =
        whole_ || link || any_section(document_, entry.section, [this](const Section& section) {
          return names_stage(section) || (ranked_ && is_ranked(section));
        });
    return listed && !any_section(document_, entry.section, [](const Section& section) {
             return section.level > 1 && names_no_tasks(section.title) && !names_stage(section);
           });
  }

  const Document& document_;
  const bool plan_;      // and there are no boxes but those of checks
  bool ranked_ = false;  // its sections are priorities
  bool index_ = false;   // of files that are the tasks
  bool whole_ = false;   // all of the file is the list
};

}  // namespace

bool has_list_of_bullets(const Evidence& seen) {
  return !Choice(seen.document, seen.source.path).drafts.empty();
}

bool has_steps_of_plan(const Evidence& seen) {
  return Choice(seen.document, seen.source.path).steps;
}

Reading read_todo(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.parents_by_place = false};
  const Choice choice(*whole, source.path);
  Reading reading = reading_of(*whole, choice.drafts, rules);
  if (choice.steps) order_items(reading, "the order of the steps");
  return reading;
}

}  // namespace orch::tasks
