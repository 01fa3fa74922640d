// Boxes and headings with ids: decides what is an id, what a task and what only a group.
#include "tasks/conventions/native.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/items/checklist.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/items/references.hpp"
#include "tasks/markdown/document.hpp"
#include "tasks/text/syntax.hpp"
#include "tasks/text/text_id.hpp"
#include "tasks/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>

namespace orch::tasks {

namespace {

struct Named {
  Candidate candidate;
  IdAndTitle name;
  int section_end = 0;  ///< of a heading: the last line before one of its level or above

  bool has_id() const { return name.form != IdForm::None; }
};

Named box_named(const Candidate& box) {
  return {box, split_id(box.words), box.last_line};
}

/// `## [x] T1: title ##`.
Named heading_named(const Outline& outline, const Block& block) {
  const std::string_view line = outline.line(block.first_line);
  std::string_view words = trim(line.substr(block.offset - outline.line_start(block.first_line)));
  const std::size_t end = words.find_last_not_of('#');
  const bool closes = end != std::string_view::npos && end + 1 < words.size() &&
                      (words[end] == ' ' || words[end] == '\t');
  if (closes) words = trim(words.substr(0, end));
  const std::optional<Box> box = box_at(words);
  if (box) words = box->rest;
  const Candidate candidate{.is_heading = true,
                            .has_box = box.has_value(),
                            .done = box && box->done,
                            .level = block.level,
                            .first_line = block.first_line,
                            .text_line = block.last_line,  // what underlines it is no body
                            .last_line = block.last_line,
                            .box = block.offset,
                            .words = words};
  return {candidate, split_id(words), 0};
}

/// Sets where each section ends, the innermost open one first.
void set_section_ends(std::vector<Named>& headings, int last_line) {
  std::vector<Named*> open;
  for (Named& heading : headings) {
    while (!open.empty() && open.back()->candidate.level >= heading.candidate.level) {
      open.back()->section_end = heading.candidate.first_line - 1;
      open.pop_back();
    }
    open.push_back(&heading);
  }
  for (Named* heading : open)
    heading->section_end = last_line;
}

std::set<std::string, std::less<>> ids_depended_on(const Outline& outline) {
  Item any;
  std::vector<Problem> ignored;
  FieldReader reader(any, ignored);
  for (int line = 1; line <= outline.line_count(); ++line)
    reader.take(trim(outline.line(line)), line);
  std::set<std::string, std::less<>> ids;
  for (std::string& id : any.depends)
    ids.insert(std::move(id));
  return ids;
}

/// Drops what only looks like an id: "S3" in a list where no other task begins with such a sign.
class IdRules {
 public:
  void count(const Named& task) {
    if (task.candidate.is_heading && !task.has_id()) return;
    ++tasks_;
    if (task.name.form == IdForm::Bare) ++bare_[letters(task)];
    if (task.name.form == IdForm::Strong) strong_.insert(letters(task));
    if (task.name.form == IdForm::Label) ++labels_[task.name.id];
  }

  void apply(Named& task, const Outline& outline) {
    const bool doubtful_label = task.name.form == IdForm::Label && labels_[task.name.id] > 1;
    const bool doubtful_bare = task.name.form == IdForm::Bare && !writes_such(task);
    if (!doubtful_label && !doubtful_bare) return;
    if (!looked_) depended_on_ = ids_depended_on(outline);
    looked_ = true;
    if (!depended_on_.contains(task.name.id)) task.name = {};
  }

 private:
  static std::string letters(const Named& task) { return std::string(letters_of(task.name.id)); }

  bool writes_such(const Named& task) const {
    const std::string own = letters(task);
    return strong_.contains(own) || 2 * bare_.at(own) >= tasks_;
  }

  std::map<std::string, int> bare_;
  std::map<std::string, int> labels_;
  std::set<std::string> strong_;
  std::set<std::string, std::less<>> depended_on_;
  int tasks_ = 0;
  bool looked_ = false;
};

/// Reads a file as far as its tasks' places and ids.
class Scan {
 public:
  explicit Scan(const Document& document)
      : outline_(document.outline()), problems_(outline_.problems) {
    for (const Candidate& box : outermost_boxes(outline_, problems_))
      boxes_.push_back(box_named(box));
    for (const Block& block : outline_.blocks) {
      if (block.kind == Block::Kind::Heading) headings_.push_back(heading_named(outline_, block));
    }
    set_section_ends(headings_, outline_.line_count());
    settle_ids();
    collect();
    give_ids();
  }

  const Outline& outline() const { return outline_; }

  const std::vector<Problem>& problems() const { return problems_; }

  const std::vector<Candidate>& tasks() const { return tasks_; }

  const IdAndTitle& name(std::size_t task) const { return names_[task]; }

  bool has_ids() const { return has_ids_; }

 private:
  void settle_ids();
  bool has_own_fields(const Named& heading, int next_heading) const;
  bool is_group(std::size_t index) const;
  std::vector<const Named*> task_headings();
  void collect();
  void add_heading(const Named& heading, int end);
  void give_ids();

  const Outline& outline_;
  std::vector<Problem> problems_;
  std::vector<Named> boxes_;
  std::vector<Named> headings_;
  std::vector<int> lines_with_ids_;  // of boxes and headings, ascending
  std::vector<Candidate> tasks_;
  std::vector<IdAndTitle> names_;
  bool has_ids_ = false;
};

void Scan::settle_ids() {
  IdRules rules;
  for (const std::vector<Named>* all : {&boxes_, &headings_}) {
    for (const Named& task : *all)
      rules.count(task);
  }
  for (std::vector<Named>* all : {&boxes_, &headings_}) {
    for (Named& task : *all) {
      rules.apply(task, outline_);
      if (task.has_id()) lines_with_ids_.push_back(task.candidate.first_line);
    }
  }
  std::ranges::sort(lines_with_ids_);
}

/// Is there a field between the heading and the next one, outside all boxes?
bool Scan::has_own_fields(const Named& heading, int next_heading) const {
  auto box = std::ranges::lower_bound(boxes_, heading.candidate.first_line, {},
                                      [](const Named& one) { return one.candidate.first_line; });
  for (int line = heading.candidate.text_line + 1; line < next_heading; ++line) {
    while (box != boxes_.end() && box->candidate.last_line < line)
      ++box;
    const bool in_box = box != boxes_.end() && box->candidate.first_line <= line;
    if (!in_box && is_field(outline_.line(line))) return true;
  }
  return false;
}

/// Does the heading only hold other tasks together?
bool Scan::is_group(std::size_t index) const {
  const Named& heading = headings_[index];
  if (heading.candidate.has_box) return false;
  const auto below = std::ranges::upper_bound(lines_with_ids_, heading.candidate.first_line);
  if (below == lines_with_ids_.end() || *below > heading.section_end) return false;
  const int next = index + 1 < headings_.size() ? headings_[index + 1].candidate.first_line
                                                : outline_.line_count() + 1;
  return !has_own_fields(heading, next);
}

std::vector<const Named*> Scan::task_headings() {
  constexpr int kMostNotes = 20;
  std::vector<const Named*> chosen;
  int groups = 0;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    const Named& heading = headings_[i];
    const bool may_be_task = heading.has_id() || heading.candidate.has_box;
    if (!may_be_task || heading.candidate.words.empty()) continue;
    if (!is_group(i)) {
      chosen.push_back(&heading);
    } else if (++groups <= kMostNotes) {
      problems_.push_back(
          {Severity::Note, heading.candidate.first_line, 0,
           fmt::format("{} only holds the tasks below it", one_line(heading.name.id, 60)),
           "a box makes it a task: '## [ ] title'"});
    }
  }
  return chosen;
}

/// Task headings with their bodies, and the boxes outside of these.
void Scan::collect() {
  const std::vector<const Named*> chosen = task_headings();
  auto box = boxes_.begin();
  const auto add_boxes_before = [&](int line) {
    for (; box != boxes_.end() && box->candidate.first_line < line; ++box) {
      tasks_.push_back(box->candidate);
      names_.push_back(box->name);
    }
  };
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const int next = i + 1 < chosen.size() ? chosen[i + 1]->candidate.first_line
                                           : std::numeric_limits<int>::max();
    add_boxes_before(chosen[i]->candidate.first_line);
    add_heading(*chosen[i], std::min(chosen[i]->section_end, next - 1));
    while (box != boxes_.end() && box->candidate.first_line <= tasks_.back().last_line)
      ++box;
  }
  add_boxes_before(std::numeric_limits<int>::max());
}

void Scan::add_heading(const Named& heading, int end) {
  const auto is_empty = [this](int line) {
    const std::string_view text = trim(outline_.line(line));
    const bool is_rule = text.size() >= 3 && text.find_first_not_of('-') == std::string_view::npos;
    return text.empty() || is_rule;
  };
  while (end > heading.candidate.text_line && is_empty(end))
    --end;
  tasks_.push_back(heading.candidate);
  tasks_.back().last_line = end;
  names_.push_back(heading.name);
}

void Scan::give_ids() {
  TextIds ids;
  for (const IdAndTitle& name : names_) {
    has_ids_ = has_ids_ || name.form != IdForm::None;
    ids.reserve(name.id);
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i].form != IdForm::None) continue;
    names_[i].title = tasks_[i].words;
    names_[i].id = ids.next(names_[i].title);
  }
}

bool has_fields(const Scan& scan) {
  return std::ranges::any_of(scan.tasks(), [&scan](const Candidate& task) {
    for (int line = task.text_line + 1; line <= task.last_line; ++line) {
      if (is_field(scan.outline().line(line))) return true;
    }
    return false;
  });
}

/// What this form has not: boxes that are criteria by their heading, `Task 3:` or `1.` as ids.
bool is_foreign(const Document& document, const Scan& scan) {
  std::vector<Problem> ignored;
  Skipped skipped(ignored);
  std::set<int> lines;
  int own = 0;
  int others = 0;
  std::vector<Draft> boxes = box_drafts(document, skipped);
  settle_ids(boxes);
  for (const Draft& box : boxes) {
    lines.insert(box.line);
    const bool reads = split_id(box.words.whole).form != IdForm::None;
    if (box.has_id()) ++(reads ? own : others);
  }
  return (others > 1 && others > own) ||
         std::ranges::any_of(scan.tasks(), [&lines](const Candidate& task) {
           return !task.is_heading && !lines.contains(task.first_line);
         });
}

}  // namespace

Detection detect_native(const Source& source) {
  const DocumentOf sample(source, sample_of(source.text));
  const Scan scan(*sample);
  if (is_foreign(*sample, scan)) return {};
  std::size_t ids = 0;
  for (std::size_t i = 0; i < scan.tasks().size(); ++i) {
    const bool heading = scan.tasks()[i].is_heading;
    const bool only_stage = heading && is_phase(scan.tasks()[i].words);
    const IdForm form = scan.name(i).form;
    if (form != IdForm::None && form != IdForm::Label && !only_stage) ++ids;
  }
  if (2 * ids >= std::max<std::size_t>(scan.tasks().size(), 1)) return {70, "its tasks have ids"};
  if (has_fields(scan)) return {60, "its tasks have fields"};
  if (scan.has_ids()) return {35, "some of its tasks have ids"};
  return {};
}

namespace {

/// "T1-T3" and "Task T1" are no ids, but may name some.
void resolve(std::vector<Item>& items) {
  const References references(items);
  for (int i = 0; i < static_cast<int>(items.size()); ++i) {
    std::vector<std::string> ids;
    for (const std::string& wanted : items[static_cast<std::size_t>(i)].depends) {
      const bool known = references.find(wanted) >= 0;
      const std::vector<std::string> found =
          known ? std::vector<std::string>{} : references.of_field(wanted, i);
      const bool all = !found.empty() && std::ranges::all_of(found, [&](const std::string& id) {
        return references.find(id) >= 0;
      });
      if (!all) ids.push_back(wanted);
      if (all) ids.insert(ids.end(), found.begin(), found.end());
    }
    Item& item = items[static_cast<std::size_t>(i)];
    item.depends = std::move(ids);
    for (const std::string& id : references.of_prose(item.title, i))
      add_id(item.depends, id);
  }
}

}  // namespace

Reading read_native(const Source& source) {
  const DocumentOf whole(source, source.text);
  const Scan scan(*whole);
  Reading reading{.problems = scan.problems()};
  note_hidden_boxes(scan.outline(), scan.tasks(), reading.problems);
  for (std::size_t i = 0; i < scan.tasks().size(); ++i) {
    Item item = item_of(scan.outline(), scan.tasks()[i], Fields::Read, reading.problems);
    item.id = scan.name(i).id;
    item.has_id = scan.name(i).form != IdForm::None;
    item.title = scan.name(i).title;
    if (!item.priority) item.priority = task_words(scan.tasks()[i].words).priority;
    if (item.files.empty()) item.files = paths_of_title(item.title);
    reading.items.push_back(std::move(item));
  }
  resolve(reading.items);
  return reading;
}

}  // namespace orch::tasks
