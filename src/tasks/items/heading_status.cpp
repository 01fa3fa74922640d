// Looks at the end of a heading; a word in the middle of it never counts.
#include "tasks/items/heading_status.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

constexpr std::size_t kLongest = 48;  // bytes of a status

/// Emphasis and white space at the end.
std::string_view without_tail(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t*_`");
  return last == text.npos ? std::string_view() : text.substr(0, last + 1);
}

/// "**Step 1: Title**" and "`src/a.c`" keep the signs around them.
bool are_paired(std::string_view title) {
  return std::ranges::count(title, '*') % 4 == 0 && std::ranges::count(title, '`') % 2 == 0;
}

/// What may follow a state: a date, a number, a version, a remark in brackets.
bool is_remark(std::string_view rest) {
  constexpr std::array<std::string_view, 8> kWords{"on ", "in ", "at ", "by ",
                                                   "am ", "le ", "el ", "pr "};
  rest = trim(rest);
  while (!rest.empty() && std::string_view(":,-*_").find(rest[0]) != rest.npos)
    rest = trim(rest.substr(1));
  for (const std::string_view word : kWords)
    if (rest.starts_with(word)) rest = trim(rest.substr(word.size()));
  return rest.empty() || rest[0] == '(' || rest[0] == '#' || (rest[0] >= '0' && rest[0] <= '9') ||
         (rest[0] == 'v' && rest.size() > 1 && rest[1] >= '0' && rest[1] <= '9');
}

/// "DONE", "✅ completed 2026-04-25", "完了"; nothing if there is more than a status.
std::optional<Standing> state_in(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > kLongest) return {};
  const std::string words = folded(without_signs(text));
  if (words.empty()) return standing_of(text);
  const std::optional<Standing> state = standing_of(words);
  if (!state) return {};
  // The longest state that it begins with must be all of it, but for a remark.
  for (std::size_t end = words.size(); end > 0; --end) {
    if (!is_state_name(std::string_view(words).substr(0, end))) continue;
    return is_remark(std::string_view(words).substr(end)) ? state : std::nullopt;
  }
  return {};
}

struct Part {
  std::size_t begin = std::string_view::npos;  ///< where the title ends
  std::string_view status;
};

/// `title [DONE]`, `title (completed 2026-04-25)`.
Part bracketed(std::string_view heading) {
  const std::string_view text = without_tail(heading);
  if (text.empty() || (text.back() != ']' && text.back() != ')')) return {};
  const std::size_t open = text.rfind(text.back() == ']' ? '[' : '(');
  if (open == text.npos || open == 0) return {};
  return {open, text.substr(open + 1, text.size() - open - 2)};
}

/// `title - done`, `title — ✅ done (2026-07-25)`.
Part dashed(std::string_view heading) {
  Part part;
  for (const std::string_view dash : {" - ", " – ", " — ", " -- "}) {
    const std::size_t at = heading.rfind(dash);
    if (at == heading.npos || (part.begin != heading.npos && at < part.begin)) continue;
    part = {at, without_tail(heading.substr(at + dash.size()))};
  }
  return part;
}

/// `title ✅ COMPLETE`, `title ✔`.
Part signed_off(std::string_view heading) {
  for (const std::string_view sign : {"✅", "✔", "☑", "✓", "🟢", "❌"}) {
    const std::size_t at = heading.rfind(sign);
    if (at == heading.npos || at == 0) continue;
    return {at, without_tail(heading.substr(at))};
  }
  return {};
}

/// Most headings and points end in a plain word: not worth a closer look.
bool may_have_status(std::string_view heading) {
  const std::string_view end = heading.substr(heading.size() - std::min(heading.size(), kLongest));
  return !heading.empty() &&
         (heading.back() == ')' || heading.back() == ']' || heading.back() == '*' ||
          end.find(" -") != end.npos ||
          std::ranges::any_of(end, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

}  // namespace

std::optional<HeadingStatus> heading_status(std::string_view heading) {
  if (!may_have_status(heading)) return {};
  const Part signs = signed_off(heading);
  for (const Part& part : {bracketed(heading), dashed(heading), signs}) {
    if (part.begin == heading.npos) continue;
    const std::optional<Standing> state = state_in(part.status);
    std::string_view title = trim(heading.substr(0, part.begin));
    if (!are_paired(title)) title = without_tail(title);
    if (!state || without_signs(title).empty()) continue;
    const bool is_sign = folded(without_signs(part.status)).empty();
    return HeadingStatus{*state, is_sign, title};
  }
  return {};
}

std::optional<HeadingStatus> status_in_front(std::string_view words) {
  words = trim(words);
  std::size_t end = words.npos;
  std::string_view status;
  if (words.starts_with('[')) {
    end = words.substr(0, kLongest).find(']');
    if (end == words.npos || words.substr(end + 1).starts_with('(')) return {};
    status = words.substr(1, end - 1);
  } else {
    end = words.substr(0, kLongest).find(':');
    if (end == words.npos) return {};
    status = words.substr(0, end);
    const bool shouts = std::ranges::none_of(status, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!shouts) return {};
  }
  const std::optional<Standing> state = state_in(status);
  const std::string_view title = trim(words.substr(end + 1));
  if (!state || title.empty()) return {};
  return HeadingStatus{*state, false, title};
}

void settle_ticks(const Document& document, std::vector<Draft>& headings) {
  std::map<int, std::pair<int, int>> beside;  // by level: all, ticked
  const auto key = [&document](const Draft& draft) {
    return document.sections[static_cast<std::size_t>(draft.section)].level;
  };
  for (const Draft& draft : headings) {
    auto& [all, ticked] = beside[key(draft)];
    ++all;
    if (draft.tick_only) ++ticked;
  }
  for (Draft& draft : headings) {
    const auto [all, ticked] = beside[key(draft)];
    if (!draft.tick_only || draft.box || all < 2 || ticked < all) continue;
    draft.words.standing.reset();
    draft.doubt = fmt::format("line {} has a tick, as all headings of its kind have", draft.line);
  }
}

}  // namespace orch::tasks
