// Looks for marks in brackets with the name of a state after them.
#include "tasks/items/legend.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

std::string_view mark_of(const Document& document, const Draft& draft) {
  return document.outline().text().substr(draft.offset + 1, draft.box->inner);
}

struct Legend {
  std::map<std::string, Standing, std::less<>> standings;
  char failure = 0;  ///< what failed has this sign; 0: none has
};

/// The words at the start of the text that name a state: "` = in progress,", "` - blocked".
std::string_view state_words_at(std::string_view text) {
  constexpr std::string_view kJoint = " \t`*_=:-|()\"'";
  for (std::string_view before = text;; before = text) {
    text.remove_prefix(std::min(text.find_first_not_of(kJoint), text.size()));
    for (const std::string_view sign : {"→", "—", "–", "："})
      if (text.starts_with(sign)) text.remove_prefix(sign.size());
    if (text.starts_with("means ")) text.remove_prefix(6);
    if (text.size() == before.size()) break;
  }
  const std::size_t end = text.find_first_of(",;|[.");
  return text.substr(0, end);
}

/// What failed is open: it is tried again.
bool means_failure(std::string_view words) {
  constexpr std::array<std::string_view, 11> kWords{
      "failed", "failing", "failure", "fehlgeschlagen", "gescheitert", "échoué",
      "échec",  "fallid",  "falhou",  "失败",           "失敗"};
  const std::string text = lower(trim(words));
  return std::ranges::any_of(kWords, [&](std::string_view word) { return text.starts_with(word); });
}

/// Marks explained in one line, which is no task itself.
void read_line(std::string_view line, Legend& legend) {
  constexpr std::size_t kLongest = 400;
  if (line.size() > kLongest) return;
  for (std::size_t open = line.find('['); open != line.npos; open = line.find('[', open + 1)) {
    const std::size_t close = line.find(']', open);
    if (close == line.npos) return;
    const std::optional<BoxMark> box = box_mark_at(line.substr(open, close + 1 - open));
    if (!box || !box->doubtful) continue;
    const std::string_view words = state_words_at(line.substr(open + box->inner + 2));
    const std::string_view sign = line.substr(open + 1, box->inner);
    const bool fails = means_failure(words);
    if (fails && legend.failure == 0 && sign.size() == 1) legend.failure = sign[0];
    const std::optional<Standing> state = fails ? Standing::Open : standing_of(words);
    if (state) legend.standings.emplace(sign, *state);
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
  if (drafts.empty()) return;
  Legend legend;
  auto draft = drafts.begin();
  for (int line = 1; line <= document.line_count(); ++line) {
    while (draft != drafts.end() && draft->line < line)
      ++draft;
    const bool own = draft != drafts.end() && draft->line == line;
    if (!own) read_line(document.line(line), legend);
  }
  for (const auto& [mark, standing] : legend.standings)
    set_meaning(document, drafts, mark, standing);
  if (legend.failure == 0) return;
  for (Draft& one : drafts) {
    if (!one.box) continue;
    one.box->failure = legend.failure;
    one.box->is_failed = mark_of(document, one) == std::string_view(&legend.failure, 1);
  }
}

}  // namespace orch::tasks
