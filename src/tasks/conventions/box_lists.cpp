// Chooses the boxes that may be tasks, and the ids that are sure.
#include "tasks/conventions/box_lists.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/heading_status.hpp"
#include "tasks/items/legend.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/stages.hpp"
#include "tasks/text/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

/// `[git-hash: ]`: a place for something that is filled in later.
bool is_placeholder(std::string_view words) {
  if (!words.starts_with('[') || words.find(']') + 1 != words.size()) return false;
  const std::string_view inside = words.substr(1, words.size() - 2);
  const std::string small = lower(inside);
  return trim(inside).ends_with(':') || small.find("hash") != small.npos ||
         small.find("commit") != small.npos || small.find("sha") != small.npos;
}

/// "Acceptance:" and "**Acceptance** (by hand)", but not "Legend: [ ] open": that is a sentence.
bool introduces(std::string_view line) {
  const std::size_t last = line.find_last_not_of("*_ ");
  const std::size_t colon = line.find(':');
  return last != line.npos && (line[last] == ':' || line[last] == ')' || colon == line.npos);
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
    introduces_.reserve(document.leads.size());
    for (const Document::Lead& lead : document.leads) {
      const std::string_view words = trim(document.line(lead.line));
      const bool above = lead.above >= 0 && introduces_[at(lead.above)];
      introduces_.push_back(above ||
                            (introduces(words) && (is_criteria(words) || is_check(words))));
    }
    find_checks();
    has_legend_ = 1 < std::ranges::count_if(document.entries, [](const Entry& entry) {
                    return entry.box && is_state_name(entry.words);
                  });
  }

  /// Empty: the box may be a task.
  std::string_view to(const Entry& entry) const {
    if (entry.words.empty() || is_placeholder(entry.words)) return "without words";
    if (entry.quoted) return "in a quote";
    if (has_legend_ && is_state_name(entry.words)) return "a part of a legend";
    const bool introduced = entry.lead >= 0 && introduces_[at(entry.lead)];
    if (introduced || is_in_criteria(entry)) return "a criterion of another task";
    const bool listed = entry.section >= 0 && listed_[at(entry.section)];
    if (listed) return "in a section of criteria or examples";
    return lies_in_checks(entry) ? "a check of the work" : "";
  }

 private:
  bool is_in_criteria(const Entry& entry) const;
  void find_checks();

  /// What is checked in a phase is a part of it.
  bool lies_in_stage(const Section& section) const {
    return any_section(document_, section.parent, [](const Section& around) {
      return stage_of(around.title).has_value() || is_phase(around.title);
    });
  }

  bool lies_in_checks(const Entry& entry) const {
    return entry.section >= 0 && !checks_.empty() && checks_[at(entry.section)];
  }

  const Document& document_;
  std::vector<bool> checks_;      // by section; empty: nothing else is work
  std::vector<bool> listed_;      // by section
  std::vector<bool> introduces_;  // by lead: criteria
  bool has_legend_ = false;       // two boxes or more that only name a state
};

/// Sections of checks, if other sections have boxes too: else the checks are the work.
void Objections::find_checks() {
  std::vector<bool> checks;
  checks.reserve(document_.sections.size());
  for (const Section& section : document_.sections) {
    const bool around = section.parent >= 0 && checks[at(section.parent)];
    const bool own = section.level > 1 && is_weak_check(section.title) && !lies_in_stage(section);
    checks.push_back(around || own);
  }
  const bool others = std::ranges::any_of(document_.entries, [&](const Entry& entry) {
    const bool check =
        entry.section >= 0 && (checks[at(entry.section)] || listed_[at(entry.section)]);
    return entry.box && !entry.quoted && !check;
  });
  if (others) checks_ = std::move(checks);
}

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

/// An open box whose words say that it is done.
void note_contradiction(Draft& draft) {
  if (draft.box->standing != Standing::Open) return;
  std::optional<HeadingStatus> status = status_in_front(draft.words.whole);
  if (!status) status = heading_status(draft.words.title);
  const bool tick = draft.words.standing == Standing::Done;
  if (tick || (status && status->standing == Standing::Done))
    draft.doubt = fmt::format("line {} says that it is done, and its box is open", draft.line);
}

}  // namespace

std::vector<Draft> box_drafts(const Document& document, Skipped& skipped) {
  std::vector<Draft> drafts;
  drafts.reserve(static_cast<std::size_t>(std::ranges::count_if(
      document.entries, [](const Entry& entry) { return entry.box.has_value(); })));
  const Objections objections(document);
  for (const Entry& entry : document.entries) {
    if (!entry.box) continue;
    const std::string_view why = objections.to(entry);
    if (why.empty()) {
      drafts.push_back(draft_of(document, entry));
      note_contradiction(drafts.back());
    } else {
      skipped.add(entry.line, why);
    }
  }
  apply_legend(document, drafts);
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
  std::size_t outermost = 0;
  int end = 0;
  for (const Draft& draft : drafts) {
    if (draft.line > end) {
      ++outermost;
      end = draft.last_line;
    }
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
        (words.style == IdStyle::Number && (3 * numbers < outermost || worded > numbers));
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
  std::size_t kept = 0;  // they move up in place: there may be many
  int end = 0;           // of the last task with a real id
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
    if (!draft.has_id() && worded && kept > 0 && drafts[kept - 1].section == draft.section) {
      skipped.add(draft.line, "a step of the task above it");
      drafts[kept - 1].last_line = std::max(drafts[kept - 1].last_line, draft.last_line);
      continue;
    }
    if (real) end = std::max(end, draft.last_line);
    if (&drafts[kept] != &draft) drafts[kept] = std::move(draft);
    ++kept;
  }
  drafts.resize(kept);
}

}  // namespace orch::tasks
