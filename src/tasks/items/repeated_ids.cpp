// Looks for ids that several drafts have. A number alone is never a reason to stop.
#include "tasks/items/repeated_ids.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/stages.hpp"
#include "tasks/text/text_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

bool is_done(const Draft& draft) {
  return draft.words.standing == Standing::Done ||
         (draft.box && draft.box->standing == Standing::Done);
}

/// One task that is told twice is done when the file says so anywhere; an open box beside that is a
/// contradiction.
void take_standing(Draft& first, const Draft& again) {
  if (is_done(first) == is_done(again)) return;
  if (first.box || again.box)
    first.doubt = fmt::format("lines {} and {} do not say the same of it", first.line, again.line);
  if (!first.box) first.words.standing = Standing::Done;
}

void drop_told_again(std::vector<Draft>& drafts, std::vector<Problem>& problems) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Draft> kept;
  kept.reserve(drafts.size());
  for (Draft& draft : drafts) {
    if (draft.has_id()) {
      const std::string key =
          fmt::format("{}\n{}", lower(draft.words.id), folded(without_signs(draft.words.title)));
      const auto [place, is_new] = places.emplace(key, kept.size());
      if (!is_new) {
        Draft& first = kept[place->second];
        take_standing(first, draft);
        problems.push_back({Severity::Note,
                            draft.line,
                            0,
                            fmt::format("this is {} of line {} told again",
                                        one_line(draft.words.id, 60), first.line),
                            {}});
        continue;
      }
    }
    kept.push_back(std::move(draft));
  }
  drafts = std::move(kept);
}

/// "Phase 2", or the words of the section around it.
std::string section_name(const Document& document, const Draft& draft) {
  int index = draft.section;
  if (draft.is_heading && index >= 0) index = document.sections[at(index)].parent;
  if (index < 0) return {};
  const std::string_view title = document.sections[at(index)].title;
  const std::optional<Stage> stage = stage_of(title);
  return stage ? stage->name() : text_id(title);
}

bool has_repeated_ids(const std::vector<Draft>& drafts) {
  std::unordered_set<std::string> seen;
  return std::ranges::any_of(drafts, [&seen](const Draft& draft) {
    return draft.has_id() && !seen.insert(lower(draft.words.id)).second;
  });
}

bool is_number(const Draft& draft) {
  return draft.words.style == IdStyle::Number || draft.words.style == IdStyle::Word;
}

}  // namespace

void settle_repeated_ids(const Document& document, std::vector<Draft>& drafts,
                         std::vector<Problem>& problems) {
  if (!has_repeated_ids(drafts)) return;
  drop_told_again(drafts, problems);
  std::unordered_map<std::string, int> count;
  for (const Draft& draft : drafts)
    if (draft.has_id()) ++count[lower(draft.words.id)];
  std::unordered_set<std::string> sections;  // in which a number occurs that others have too
  for (const Draft& draft : drafts)
    if (is_number(draft) && count[lower(draft.words.id)] > 1)
      sections.insert(section_name(document, draft));
  if (sections.size() < 2) return;
  for (Draft& draft : drafts) {
    if (!is_number(draft)) continue;
    const std::string section = section_name(document, draft);
    if (!section.empty() && sections.contains(section))
      draft.words.id = fmt::format("{}/{}", section, draft.words.id);
  }
  problems.push_back({Severity::Warning, 0, 0,
                      "the numbers begin again in each section: tasks have the section's name too",
                      fmt::format("the first one is '{}'", one_line(drafts.front().words.id, 80))});
}

}  // namespace orch::tasks
