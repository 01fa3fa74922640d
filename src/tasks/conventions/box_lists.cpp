// Chooses boxes and draws the edges that a format implies.
#include "tasks/conventions/box_lists.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/syntax.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

/// Why boxes are no tasks. Sections and leads are looked at once each.
class Objections {
 public:
  explicit Objections(const Document& document) : document_(document) {
    listed_.reserve(document.sections.size());
    for (const Section& section : document.sections) {
      const bool around = section.parent >= 0 && listed_[at(section.parent)];
      listed_.push_back(around || (section.level > 1 && is_criteria(section.title)));
    }
    has_legend_ = 1 < std::ranges::count_if(document.entries, [](const Entry& entry) {
                    return entry.box && is_state_name(entry.words);
                  });
  }

  /// Empty: the box may be a task.
  std::string_view to(const Entry& entry) {
    if (entry.quoted) return "in a quote";
    if (has_legend_ && is_state_name(entry.words)) return "a part of a legend";
    const std::string_view lead = document_.lead_of(entry);
    if (lead.data() != lead_.data()) {
      lead_ = lead;
      lead_is_criteria_ = is_criteria(lead) || is_check(lead);
    }
    if (lead_is_criteria_ || is_in_criteria(entry)) return "a criterion of another task";
    const bool listed = entry.section >= 0 && listed_[at(entry.section)];
    return listed ? "in a section of criteria or examples" : "";
  }

 private:
  bool is_in_criteria(const Entry& entry) const;

  const Document& document_;
  std::vector<bool> listed_;  // by section
  bool has_legend_ = false;   // two boxes or more that only name a state
  std::string_view lead_;
  bool lead_is_criteria_ = false;
};

/// Is the box inside a bullet such as "- Acceptance criteria:"?
bool Objections::is_in_criteria(const Entry& entry) const {
  int steps = 8;
  for (int i = entry.parent; i >= 0 && steps > 0; i = document_.entries[at(i)].parent, --steps) {
    const Entry& around = document_.entries[at(i)];
    const bool introduces =
        around.words.ends_with(':') || around.words.ends_with("**") || !around.box;
    if (introduces && is_criteria(around.words)) return true;
  }
  return false;
}

std::string letters(const TaskWords& words) {
  return std::string(letters_of(words.id));
}

}  // namespace

std::vector<Draft> box_drafts(const Document& document, Skipped& skipped) {
  std::vector<Draft> drafts;
  drafts.reserve(static_cast<std::size_t>(std::ranges::count_if(
      document.entries, [](const Entry& entry) { return entry.box.has_value(); })));
  Objections objections(document);
  for (const Entry& entry : document.entries) {
    if (!entry.box) continue;
    const std::string_view why = entry.words.empty() ? "without words" : objections.to(entry);
    if (why.empty()) {
      drafts.push_back(draft_of(document, entry));
    } else {
      skipped.add(entry.line, why);
    }
  }
  return drafts;
}

Reading read_boxes(const Document& document, const DraftRules& rules, const Choose& choose) {
  std::vector<Problem> notes;
  std::vector<Draft> drafts;
  {
    Skipped skipped(notes);
    drafts = box_drafts(document, skipped);
    choose(document, drafts, skipped);
    note_hidden(document, drafts, skipped);
  }
  Reading reading = reading_of(document, std::move(drafts), rules);
  reading.problems.insert(reading.problems.end(), notes.begin(), notes.end());
  return reading;
}

std::size_t count_ids(const std::vector<Draft>& drafts,
                      const std::function<bool(const TaskWords&)>& test) {
  return static_cast<std::size_t>(
      std::ranges::count_if(drafts, [&test](const Draft& draft) { return test(draft.words); }));
}

void settle_ids(std::vector<Draft>& drafts) {
  std::map<std::string, std::size_t> bare;
  std::map<std::string, std::size_t> strong;
  std::size_t numbers = 0;
  std::size_t worded = 0;
  for (const Draft& draft : drafts) {
    if (draft.words.style == IdStyle::Bare) ++bare[letters(draft.words)];
    if (draft.words.style == IdStyle::Strong) ++strong[letters(draft.words)];
    if (draft.words.style == IdStyle::Number) ++numbers;
    if (draft.words.style == IdStyle::Word) ++worded;
  }
  for (Draft& draft : drafts) {
    TaskWords& words = draft.words;
    if (words.style == IdStyle::None || words.style == IdStyle::Word) continue;
    const std::string own = letters(words);
    const bool many = 2 * (bare[own] + strong[own]) >= drafts.size();
    const bool doubtful =
        words.style == IdStyle::Label ||
        (words.style == IdStyle::Bare && !many && bare[own] + strong[own] < 3) ||
        (words.style == IdStyle::Strong && own.empty() && 4 * strong[own] < drafts.size()) ||
        (words.style == IdStyle::Number && (3 * numbers < drafts.size() || worded > numbers));
    if (doubtful) drop_id(words);
  }
}

void drop_steps(const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
  const bool mostly_named =
      2 * count_ids(drafts, [](const TaskWords& words) { return words.style != IdStyle::None; }) >=
      drafts.size();
  const auto checks = [&document](int section) {
    return section >= 0 && is_check(document.sections[at(section)].title);
  };
  const bool worded =
      2 <= count_ids(drafts, [](const TaskWords& words) { return words.style == IdStyle::Word; });
  std::vector<Draft> kept;
  kept.reserve(drafts.size());
  int end = 0;  // of the last task with a real id
  for (Draft& draft : drafts) {
    const bool real = draft.words.style == IdStyle::Bare || draft.words.style == IdStyle::Strong ||
                      draft.words.style == IdStyle::Word;
    if (!draft.has_id() && mostly_named && (checks(draft.section) || is_phase(draft.words.whole))) {
      skipped.add(draft.line, "in a list of checks");
      continue;
    }
    if (!draft.has_id() && draft.line <= end) {
      skipped.add(draft.line, "a step of the task around it");
      continue;
    }
    if (!draft.has_id() && worded && !kept.empty() && kept.back().section == draft.section) {
      skipped.add(draft.line, "a step of the task above it");
      kept.back().last_line = std::max(kept.back().last_line, draft.last_line);
      continue;
    }
    if (real) end = std::max(end, draft.last_line);
    kept.push_back(std::move(draft));
  }
  drafts = std::move(kept);
}

void order_in_runs(std::vector<Item>& items, const std::vector<int>& sequence, std::string_view why,
                   bool unsaid) {
  int barrier = -1;      // the last one that is not parallel
  std::vector<int> run;  // the parallel ones after it
  const auto wait_for = [&](Item& item, int before) {
    item.after.push_back({items[at(before)].id, std::string(why)});
  };
  for (const int index : sequence) {
    Item& item = items[at(index)];
    const bool parallel = item.parallel.value_or(unsaid);
    if (!parallel && !run.empty()) {
      for (const int before : run)
        wait_for(item, before);
    } else if (barrier >= 0) {
      wait_for(item, barrier);
    }
    if (item.optional) continue;  // nobody waits for it
    if (parallel) {
      run.push_back(index);
    } else {
      barrier = index;
      run.clear();
    }
  }
}

std::vector<int> outer_groups(const Reading& reading) {
  std::vector<int> roots;
  for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
    if (reading.groups[at(i)].parent < 0) roots.push_back(i);
  }
  std::vector<int> outer;
  for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
    const int parent = reading.groups[at(i)].parent;
    const bool below_title = roots.size() == 1 && parent == roots.front();
    const bool is_root = parent < 0 && roots.size() > 1;
    if (below_title || is_root) outer.push_back(i);
  }
  // "## Tasks" and the like may stand between the title and the phases.
  if (outer.size() == 1) {
    std::vector<int> deeper;
    for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
      if (reading.groups[at(i)].parent == outer.front()) deeper.push_back(i);
    }
    if (deeper.size() > 1) outer = deeper;
  }
  if (outer.empty()) outer = roots;
  std::ranges::sort(outer, {}, [&reading](int group) { return reading.groups[at(group)].line; });
  return outer;
}

std::vector<int> outer_of_each(const Reading& reading, const std::vector<int>& outer) {
  std::vector<int> found(reading.groups.size(), -1);
  for (const int group : outer)
    found[at(group)] = group;
  for (std::size_t i = 0; i < found.size(); ++i) {  // groups come after those around them
    const int parent = reading.groups[i].parent;
    if (found[i] < 0 && parent >= 0) found[i] = found[at(parent)];
  }
  return found;
}

std::vector<std::vector<int>> items_by_outer(const Reading& reading,
                                             const std::vector<int>& outer) {
  const std::vector<int> outer_of = outer_of_each(reading, outer);
  std::vector<std::vector<int>> lists(reading.groups.size() + 1);
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    const int group = reading.items[i].group;
    lists[group < 0 ? 0 : at(outer_of[at(group)] + 1)].push_back(static_cast<int>(i));
  }
  return lists;
}

}  // namespace orch::tasks
