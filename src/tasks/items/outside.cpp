// Counts the list entries that no draft covers.
#include "tasks/items/outside.hpp"

#include "tasks/model/index.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace orch::tasks {

namespace {

/// A list: the section it stands in, and the line that introduces it.
using List = std::pair<int, int>;

bool is_of_other_kind(const Document& document, const Entry& entry) {
  const auto introduces = [](std::string_view words) {
    return is_criteria(words) || is_check(words);
  };
  for (int lead = entry.lead; lead >= 0; lead = document.leads[at(lead)].above)
    if (introduces(document.line(document.leads[at(lead)].line))) return true;
  return entry.quoted || is_state_name(entry.words) ||
         any_section(document, entry.section,
                     [&](const Section& section) { return introduces(section.title); });
}

}  // namespace

Outside outside_of(const Document& document, const std::vector<Draft>& drafts) {
  std::set<List> lists;
  auto draft = drafts.begin();
  for (const Entry& entry : document.entries) {
    while (draft != drafts.end() && draft->line < entry.line)
      ++draft;
    const bool own = draft != drafts.end() && draft->line == entry.line && !draft->is_heading;
    const List list{entry.section, entry.lead};
    if (own && entry.parent < 0 && !lists.contains(list)) lists.insert(list);
  }
  Outside outside;
  draft = drafts.begin();
  int end = 0;
  for (const Entry& entry : document.entries) {
    for (; draft != drafts.end() && draft->line <= entry.line; ++draft)
      end = std::max(end, draft->last_line);
    const bool point = entry.parent < 0 && lists.contains({entry.section, entry.lead});
    if (entry.line <= end || entry.words.empty() || (!entry.box && !point)) continue;
    ++(entry.box ? outside.boxes : entry.ordered ? outside.numbered : outside.bullets);
    if (!is_of_other_kind(document, entry)) ++outside.work;
  }
  return outside;
}

}  // namespace orch::tasks
