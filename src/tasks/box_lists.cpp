// Chooses boxes and draws the edges that a format implies.
#include "tasks/box_lists.hpp"

#include "orch/base/text.hpp"
#include "tasks/syntax.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

/// Why a box is no task; empty: it may be one.
std::string_view objection(const Document& document, const Entry& entry) {
  if (entry.quoted) return "in a quote";
  constexpr std::string_view kCriterion = "a criterion of another task";
  if (is_criteria(document.lead_of(entry))) return kCriterion;
  for (int parent = entry.parent; parent >= 0; parent = document.entries[at(parent)].parent) {
    const Entry& around = document.entries[at(parent)];
    const std::string_view words = around.words;
    const bool introduces =
        trim(words).ends_with(':') || trim(words).ends_with("**") || !around.box;
    if (introduces && is_criteria(words)) return kCriterion;
    constexpr int kDeepest = 8;
    if (entry.indent > 8 * kDeepest) break;
  }
  const bool listed = any_section(document, entry.section, [](const Section& section) {
    return section.level > 1 && is_criteria(section.title);
  });
  return listed ? "in a section of criteria or examples" : "";
}

std::string letters(const TaskWords& words) {
  return std::string(letters_of(words.id));
}

}  // namespace

std::string_view sample_of(std::string_view text) {
  constexpr std::size_t kSample = 256u << 10;
  if (text.size() <= kSample) return text;
  const std::size_t end = text.rfind('\n', kSample);
  return text.substr(0, end == std::string_view::npos ? kSample : end + 1);
}

std::vector<Draft> box_drafts(const Document& document, Skipped& skipped) {
  std::vector<Draft> drafts;
  for (const Entry& entry : document.entries) {
    if (!entry.box) continue;
    const std::string_view why = entry.words.empty() ? "without words" : objection(document, entry);
    if (why.empty()) {
      drafts.push_back(draft_of(document, entry));
    } else {
      skipped.add(entry.line, why);
    }
  }
  return drafts;
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

void drop_steps(std::vector<Draft>& drafts, Skipped& skipped) {
  const bool worded =
      2 <= count_ids(drafts, [](const TaskWords& words) { return words.style == IdStyle::Word; });
  std::vector<Draft> kept;
  kept.reserve(drafts.size());
  int end = 0;  // of the last task with a real id
  for (Draft& draft : drafts) {
    const bool real = draft.words.style == IdStyle::Bare || draft.words.style == IdStyle::Strong ||
                      draft.words.style == IdStyle::Word;
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

void order_in_runs(std::vector<Item>& items, const std::vector<int>& sequence,
                   std::string_view why) {
  std::vector<int> since;  // the last one that is not parallel, and the parallel ones behind it
  for (const int index : sequence) {
    Item& item = items[at(index)];
    const bool parallel = item.parallel.value_or(false);
    for (std::size_t i = 0; i < since.size(); ++i) {
      const Item& before = items[at(since[i])];
      const bool is_run = before.parallel.value_or(false);
      if (parallel && is_run) continue;
      item.after.push_back({before.id, std::string(why)});
    }
    if (item.optional) continue;  // nobody waits for it
    if (!parallel) since.clear();
    since.push_back(index);
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

int outer_of(const Reading& reading, const std::vector<int>& outer, int group) {
  for (; group >= 0; group = reading.groups[at(group)].parent) {
    if (std::ranges::find(outer, group) != outer.end()) return group;
  }
  return -1;
}

}  // namespace orch::tasks
