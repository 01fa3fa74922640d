// The reader "native": our own form, boxes and headings with ids and fields.
//
//   - [ ] T1: Write the parser       the outermost boxes are tasks; what stands inside is their
//   text
//     Depends: T0                    fields are taken out of the text
//     Files: create src/parser.c
//   ## T2: Write the printer         a heading with an id or a box, with all that stands below it
#include "tasks/conventions/native.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/items/heading_status.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_set>

namespace orch::tasks {

namespace {

std::set<std::string, std::less<>> ids_depended_on(const Document& document) {
  std::set<std::string, std::less<>> ids;
  for (int line = 1; line <= document.line_count(); ++line) {
    const FieldText field = field_text(document.line(line));
    if (field.kind != FieldKind::Depends) continue;
    for (std::string& id : listed_ids(field.value))
      ids.insert(std::move(id));
  }
  return ids;
}

/// Drops what only looks like an id: "S3" in a list where no other task begins with such a sign.
class IdRules {
 public:
  explicit IdRules(const Document& document) : document_(document) {}

  void count(Draft& draft) {
    const IdStyle style = draft.words.style;
    if (style == IdStyle::Number || style == IdStyle::Word) drop_id(draft.words);
    if (draft.is_heading && !draft.has_id()) return;
    ++tasks_;
    if (style == IdStyle::Bare) ++bare_[letters(draft)];
    if (style == IdStyle::Strong) strong_.insert(letters(draft));
    if (style == IdStyle::Label) ++labels_[draft.words.id];
  }

  void apply(Draft& draft) {
    const IdStyle style = draft.words.style;
    const bool doubtful_label = style == IdStyle::Label && labels_[draft.words.id] > 1;
    const bool doubtful_bare = style == IdStyle::Bare && !writes_such(draft);
    if (!doubtful_label && !doubtful_bare) return;
    if (!looked_) depended_on_ = ids_depended_on(document_);
    looked_ = true;
    if (!depended_on_.contains(draft.words.id)) drop_id(draft.words);
  }

 private:
  static std::string letters(const Draft& draft) { return std::string(letters_of(draft.words.id)); }

  bool writes_such(const Draft& draft) const {
    const std::string own = letters(draft);
    return strong_.contains(own) || 2 * bare_.at(own) >= tasks_;
  }

  const Document& document_;
  std::map<std::string, int> bare_;
  std::map<std::string, int> labels_;
  std::set<std::string> strong_;
  std::set<std::string, std::less<>> depended_on_;
  int tasks_ = 0;
  bool looked_ = false;
};

/// Chooses the boxes and headings that are tasks.
class Choice {
 public:
  Choice(const Document& document, Skipped& skipped, std::vector<Problem>& notes)
      : document_(document), notes_(notes) {
    for (Draft& box : box_drafts(document, skipped)) {
      const bool inside = !boxes_.empty() && box.line <= boxes_.back().last_line;
      if (!inside) boxes_.push_back(std::move(box));
    }
    for (int i = 0; i < static_cast<int>(document.sections.size()); ++i)
      headings_.push_back(draft_of(document, i));
    settle_ticks(document, headings_);
    settle_ids();
    collect();
  }

  std::vector<Draft> drafts;

 private:
  void settle_ids();
  bool has_own_fields(const Draft& heading) const;
  bool is_title(const Draft& heading) const;
  bool is_group(const Draft& heading) const;
  std::vector<Draft> task_headings();
  void collect();

  const Document& document_;
  std::vector<Problem>& notes_;
  std::vector<Draft> boxes_;
  std::vector<Draft> headings_;
  std::vector<int> lines_with_ids_;  // of boxes and headings, ascending
};

void Choice::settle_ids() {
  IdRules rules(document_);
  for (std::vector<Draft>* all : {&boxes_, &headings_}) {
    for (Draft& draft : *all)
      rules.count(draft);
  }
  for (std::vector<Draft>* all : {&boxes_, &headings_}) {
    for (Draft& draft : *all) {
      rules.apply(draft);
      if (draft.has_id()) lines_with_ids_.push_back(draft.line);
    }
  }
  std::ranges::sort(lines_with_ids_);
}

/// Is there a field between the heading and the next one, outside all boxes?
bool Choice::has_own_fields(const Draft& heading) const {
  const std::size_t next = at(heading.section) + 1;
  const int end =
      next < document_.sections.size() ? document_.sections[next].line : document_.line_count() + 1;
  auto box = std::ranges::lower_bound(boxes_, heading.line, {}, &Draft::line);
  for (int line = heading.text_line + 1; line < end; ++line) {
    while (box != boxes_.end() && box->last_line < line)
      ++box;
    const bool in_box = box != boxes_.end() && box->line <= line;
    if (!in_box && is_field(document_.line(line))) return true;
  }
  return false;
}

/// The only heading of the first level, called like no other task, is the name of the file.
bool Choice::is_title(const Draft& heading) const {
  if (heading.section != 0 || heading.box || document_.sections[0].level > 1) return false;
  if (std::ranges::count(document_.sections, 1, &Section::level) > 1) return false;
  if (lines_with_ids_.size() < 2 || has_own_fields(heading)) return false;
  const auto alike = [&heading](const Draft& draft) {
    return draft.has_id() && letters_of(draft.words.id) == letters_of(heading.words.id);
  };
  return std::ranges::count_if(headings_, alike) + std::ranges::count_if(boxes_, alike) == 1;
}

/// Does the heading only hold other tasks together?
bool Choice::is_group(const Draft& heading) const {
  if (heading.box) return false;
  const auto below = std::ranges::upper_bound(lines_with_ids_, heading.line);
  if (below == lines_with_ids_.end() || *below > heading.last_line) return false;
  return !has_own_fields(heading);
}

std::vector<Draft> Choice::task_headings() {
  constexpr int kMostNotes = 20;
  std::vector<Draft> chosen;
  int groups = 0;
  for (Draft& heading : headings_) {
    const bool may_be_task = heading.has_id() || heading.box.has_value();
    if (!may_be_task || heading.words.title.empty()) continue;
    if (is_title(heading)) continue;
    if (!is_group(heading)) {
      chosen.push_back(std::move(heading));
    } else if (++groups <= kMostNotes) {
      notes_.push_back(
          {Severity::Note, heading.line, 0,
           fmt::format("{} only holds the tasks below it", one_line(heading.words.id, 60)),
           "a box makes it a task: '## [ ] title'"});
    }
  }
  return chosen;
}

/// Task headings, and the boxes outside of these.
void Choice::collect() {
  drafts = task_headings();
  std::vector<Draft> outside;
  auto heading = drafts.begin();
  int end = 0;
  for (Draft& box : boxes_) {
    for (; heading != drafts.end() && heading->line < box.line; ++heading)
      end = std::max(end, heading->last_line);
    if (box.line > end) outside.push_back(std::move(box));
  }
  drafts.insert(drafts.end(), std::make_move_iterator(outside.begin()),
                std::make_move_iterator(outside.end()));
  std::ranges::stable_sort(drafts, {}, &Draft::line);
}

/// Boxes that are criteria by their heading are none of this form.
bool has_other_boxes(const Document& document, const std::vector<Draft>& boxes) {
  std::unordered_set<int> lines;
  for (const Draft& box : boxes)
    lines.insert(box.line);
  return std::ranges::any_of(document.entries, [&lines](const Entry& entry) {
    const bool outermost = entry.box && entry.parent < 0 && !entry.quoted && !entry.words.empty();
    return outermost && !entry.box->doubtful && !lines.contains(entry.line);
  });
}

bool has_fields(const Document& document, const Draft& draft) {
  for (int line = draft.text_line + 1; line <= draft.last_line; ++line) {
    const FieldKind kind = field_text(document.line(line)).kind;
    if (kind != FieldKind::None && kind != FieldKind::Effort && kind != FieldKind::Title)
      return true;
  }
  return false;
}

}  // namespace

NativeLook look_for_native(const Document& document, const std::vector<Draft>& boxes) {
  NativeLook look;
  if (has_other_boxes(document, boxes)) return look;
  std::vector<Draft> settled = boxes;
  settle_ids(settled);
  const std::size_t foreign = count_ids(settled, [](const TaskWords& words) {
    return words.style == IdStyle::Number || words.style == IdStyle::Word;
  });
  const std::size_t own = count_ids(settled, [](const TaskWords& words) {
    return words.style == IdStyle::Bare || words.style == IdStyle::Strong;
  });
  if (foreign > 1 && foreign > own) return look;
  std::vector<Problem> ignored;
  Skipped skipped(ignored);
  const Choice choice(document, skipped, ignored);
  look.tasks = choice.drafts.size();
  for (const Draft& draft : choice.drafts) {
    const bool stage =
        draft.is_heading && is_phase(without_box(document.sections[at(draft.section)].title));
    if (draft.has_id() && draft.words.style != IdStyle::Label && !stage) ++look.ids;
    look.fields = look.fields || has_fields(document, draft);
  }
  return look;
}

Reading read_native(const Source& source) {
  const DocumentOf whole(source, source.text);
  std::vector<Problem> notes;
  std::vector<Draft> drafts;
  {
    Skipped skipped(notes);
    drafts = Choice(*whole, skipped, notes).drafts;
    note_hidden(*whole, drafts, skipped);
  }
  const DraftRules rules{.fields = FieldUse::TakeOut, .parents_by_place = false};
  Reading reading = reading_of(*whole, std::move(drafts), rules);
  reading.problems.insert(reading.problems.end(), notes.begin(), notes.end());
  order_stages(reading);
  return reading;
}

}  // namespace orch::tasks
