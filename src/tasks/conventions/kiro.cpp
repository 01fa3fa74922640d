// The reader "kiro": Kiro and cc-sdd.
//
//   - [x] 2. Sync engine                 major tasks
//     - [-] 2.1 (P) Parse the feed       parts, indented or not: the number says whose
//       - details                        `[-]`: in progress; (P): in parallel with its neighbours
//       - _Depends: 1.2_                 all else is one after the other
//     - [ ]* 2.2 Test the feed           optional
#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"

#include <algorithm>
#include <unordered_set>

namespace orch::tasks {

namespace {

bool is_number(const TaskWords& words) {
  return words.style == IdStyle::Number;
}

bool is_major(const TaskWords& words) {
  return is_number(words) && words.id.find('.') == std::string::npos;
}

/// `2 title`: elsewhere that is a number of something, here the dot is only forgotten.
void take_plain_number(TaskWords& words) {
  constexpr std::size_t kLongest = 4;
  const std::size_t digits = words.whole.find_first_not_of("0123456789");
  if (words.style != IdStyle::None || digits == 0 || digits > kLongest) return;
  if (words.whole[digits] != ' ') return;
  words.style = IdStyle::Number;
  words.id = words.whole.substr(0, digits);
  words.title = trim(words.whole.substr(digits));
}

/// `_Requirements: 1.1, 1.2_` in any language, or `**Validates: ..**`.
bool is_footer(std::string_view line) {
  line = trim(line);
  if (line.starts_with("- ") || line.starts_with("* ")) line = trim(line.substr(2));
  const bool cursive =
      line.size() > 4 && line.starts_with('_') && line.ends_with('_') && !line.starts_with("__");
  return (cursive && (line.find(':') != line.npos || line.find("：") != line.npos)) ||
         line.starts_with("**Validates:");
}

bool has_footers(const Document& document, const std::vector<Draft>& drafts) {
  for (const Draft& draft : drafts) {
    for (int line = draft.text_line + 1; line <= draft.last_line; ++line) {
      if (is_footer(document.line(line))) return true;
    }
  }
  return false;
}

bool has_parts(const std::vector<Draft>& drafts) {
  std::unordered_set<std::string_view> majors;
  for (const Draft& draft : drafts) {
    if (is_major(draft.words)) majors.insert(draft.words.id);
  }
  return std::ranges::any_of(drafts, [&majors](const Draft& draft) {
    const std::string_view id = draft.words.id;
    return is_number(draft.words) && !is_major(draft.words) &&
           majors.contains(id.substr(0, id.find('.')));
  });
}

/// No other ids and no priorities; `[-]` means in progress.
void adapt(Draft& draft, std::string_view text) {
  if (draft.words.style == IdStyle::Label || draft.words.style == IdStyle::Bare)
    drop_id(draft.words);
  take_plain_number(draft.words);
  draft.words.priority.reset();
  if (!draft.box->doubtful || text[draft.offset + 1] != '-') return;
  draft.box->standing = Standing::InProgress;
  draft.box->doubtful = false;
}

/// Boxes without numbers in sections where none has one: notes, checks.
void drop_strangers(std::vector<Draft>& drafts, Skipped& skipped) {
  std::unordered_set<int> numbered;
  for (const Draft& draft : drafts) {
    if (is_number(draft.words)) numbered.insert(draft.section);
  }
  std::erase_if(drafts, [&](const Draft& draft) {
    const bool stranger = !draft.has_id() && !numbered.contains(draft.section);
    if (stranger) skipped.add(draft.line, "without a number, in a section of its own");
    return stranger;
  });
}

void choose(const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
  for (Draft& draft : drafts)
    adapt(draft, document.outline().text());
  drop_strangers(drafts, skipped);
}

/// Leaves one after the other, and the major tasks too.
void order(Reading& reading) {
  std::unordered_set<std::string_view> parents;
  for (const Item& item : reading.items)
    parents.insert(item.parent);
  std::vector<int> leaves;
  std::vector<int> majors;
  for (int i = 0; i < static_cast<int>(reading.items.size()); ++i) {
    const Item& item = reading.items[static_cast<std::size_t>(i)];
    if (!parents.contains(item.id))
      leaves.push_back(i);
    else if (item.parent.empty())
      majors.push_back(i);
  }
  order_in_runs(reading.items, leaves, "the order of the list");
  order_in_runs(reading.items, majors, "the order of the list");
}

bool mostly_numbered(const Evidence& seen) {
  return count_ids(seen.boxes, is_major) > 0 &&
         2 * count_ids(seen.boxes, is_number) >= seen.boxes.size();
}

}  // namespace

bool has_kiro_requirements(const Evidence& seen) {
  return mostly_numbered(seen) && has_footers(seen.document, seen.boxes);
}

bool has_kiro_parts(const Evidence& seen) {
  const bool stars = std::ranges::any_of(
      seen.boxes, [](const Draft& draft) { return draft.box && draft.box->optional; });
  return mostly_numbered(seen) && (stars || has_parts(seen.boxes));
}

bool lies_in_kiro(const Evidence& seen) {
  return mostly_numbered(seen) && seen.path_has(".kiro/");
}

Reading read_kiro(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.priorities = false, .parents_by_number = true, .word_order = false};
  Reading reading = read_boxes(*whole, rules, choose);
  order(reading);
  return reading;
}

}  // namespace orch::tasks
