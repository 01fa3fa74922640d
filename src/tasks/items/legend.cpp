// Looks for marks in brackets with the name of a state after them.
#include "tasks/items/legend.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

std::string_view mark_of(const Document& document, const Draft& draft) {
  return document.outline().text().substr(draft.offset + 1, draft.box->inner);
}

/// The state that is named at the start of the text: "` = in progress,", "` - blocked".
std::optional<Standing> state_at(std::string_view text) {
  constexpr std::string_view kJoint = " \t`*_=:-|()\"'";
  for (std::string_view before = text;; before = text) {
    text.remove_prefix(std::min(text.find_first_not_of(kJoint), text.size()));
    for (const std::string_view sign : {"→", "—", "–", "："})
      if (text.starts_with(sign)) text.remove_prefix(sign.size());
    if (text.starts_with("means ")) text.remove_prefix(6);
    if (text.size() == before.size()) break;
  }
  const std::size_t end = text.find_first_of(",;|[.");
  return standing_of(text.substr(0, end));
}

/// Marks explained in one line, which is no task itself.
void read_line(std::string_view line, std::map<std::string, Standing, std::less<>>& legend) {
  constexpr std::size_t kLongest = 400;
  if (line.size() > kLongest) return;
  for (std::size_t open = line.find('['); open != line.npos; open = line.find('[', open + 1)) {
    const std::size_t close = line.find(']', open);
    if (close == line.npos) return;
    const std::optional<BoxMark> box = box_mark_at(line.substr(open, close + 1 - open));
    if (!box || !box->doubtful) continue;
    const std::optional<Standing> state = state_at(line.substr(open + box->inner + 2));
    if (state) legend.emplace(line.substr(open + 1, box->inner), *state);
  }
}

}  // namespace

void set_meaning(const Document& document, std::vector<Draft>& drafts, std::string_view mark,
                 Standing standing) {
  for (Draft& draft : drafts) {
    if (!draft.box || !draft.box->doubtful || mark_of(document, draft) != mark) continue;
    draft.box->standing = standing;
    draft.box->doubtful = false;
  }
}

void apply_legend(const Document& document, std::vector<Draft>& drafts) {
  const bool any = std::ranges::any_of(
      drafts, [](const Draft& draft) { return draft.box && draft.box->doubtful; });
  if (!any) return;
  std::map<std::string, Standing, std::less<>> legend;
  auto draft = drafts.begin();
  for (int line = 1; line <= document.line_count(); ++line) {
    while (draft != drafts.end() && draft->line < line)
      ++draft;
    const bool own = draft != drafts.end() && draft->line == line;
    if (!own) read_line(document.line(line), legend);
  }
  for (const auto& [mark, standing] : legend)
    set_meaning(document, drafts, mark, standing);
}

}  // namespace orch::tasks
