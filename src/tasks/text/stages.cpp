// Finds the word and the number at the beginning of a heading.
#include "tasks/text/stages.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

/// A track, an epic or a part may go beside the one before: they are not here.
constexpr auto kWords = std::to_array<std::string_view>(
    {"etappe", "milestone",    "phase",   "stage",    "step",        "iteration", "sprint",
     "wave",   "pull request", "pr",      "week",     "meilenstein", "schritt",   "woche",
     "étape",  "jalon",        "semaine", "fase",     "etapa",       "hito",      "paso",
     "semana", "passo",        "tappa",   "этап",     "фаза",        "шаг",       "阶段",
     "階段",   "里程碑",       "步骤",    "フェーズ", "ステップ",    "단계",      "스프린트"});

constexpr std::array<std::string_view, 4> kBefore{"implementation ", "development ", "migration ",
                                                  "final "};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// "2", "1.1", "3a", "A", "IV" at the start of the text.
std::string_view number_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || (end > 0 && text[end] == '.')))
    ++end;
  while (end > 0 && text[end - 1] == '.')
    --end;
  if (end > 0 && end < text.size() && is_letter(text[end])) ++end;  // "3a"
  if (end == 0) {
    const auto is_roman = [](char c) { return c == 'I' || c == 'V' || c == 'X'; };
    while (end < text.size() && is_roman(text[end]))
      ++end;
    constexpr std::array<std::string_view, 10> kNumerals{"一", "二", "三", "四", "五",
                                                         "六", "七", "八", "九", "十"};
    for (const std::string_view numeral : kNumerals)
      if (end == 0 && text.starts_with(numeral)) return text.substr(0, numeral.size());
    if (end == 0 && !text.empty() && text[0] >= 'A' && text[0] <= 'Z') end = 1;
  }
  const bool cut = end < text.size() && (is_letter(text[end]) || is_digit(text[end]));
  return cut ? std::string_view() : text.substr(0, end);
}

/// What joins the number to the title.
std::string_view without_joint(std::string_view text) {
  constexpr std::string_view kEmphasis = "*_ \t";
  text.remove_prefix(std::min(text.find_first_not_of(kEmphasis), text.size()));
  for (const std::string_view joint : {"：", ":", "—", "–", "-", ".", ")", "|", "·", "、"}) {
    if (!text.starts_with(joint)) continue;
    text.remove_prefix(joint.size());
    break;
  }
  text.remove_prefix(std::min(text.find_first_not_of(kEmphasis), text.size()));
  while (!text.empty() && kEmphasis.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

}  // namespace

std::string Stage::name() const {
  std::string name = word == "pr" ? "PR" : word;
  if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name + (word == "pr" ? "-" : " ") + number;
}

std::optional<Stage> stage_of(std::string_view heading) {
  constexpr std::size_t kFar = 40;
  constexpr std::size_t kBox = 4;
  const bool ticked = heading.starts_with("[x] ") || heading.starts_with("[ ] ");
  std::string_view text = without_signs(ticked ? heading.substr(kBox) : heading);
  std::string small = lower_case(text.substr(0, kFar));
  for (const std::string_view before : kBefore) {
    if (!small.starts_with(before)) continue;
    text.remove_prefix(before.size());
    small.erase(0, before.size());
  }
  const auto word = std::ranges::find_if(
      kWords, [&small](std::string_view one) { return small.starts_with(one); });
  if (word == kWords.end() || text.size() <= word->size()) return {};
  std::string_view rest = text.substr(word->size());
  const std::size_t from = rest.find_first_not_of(" -#");
  const bool ascii = (*word)[0] >= 'a' && (*word)[0] <= 'z';
  if (from == std::string_view::npos || (from == 0 && ascii && !is_digit(rest[0]))) return {};
  rest.remove_prefix(from);
  const std::string_view number = number_at(rest);
  if (number.empty()) return {};
  return Stage{std::string(*word), std::string(number), without_joint(rest.substr(number.size()))};
}

std::vector<std::string> stages_in(std::string_view value) {
  constexpr std::size_t kLongest = 2000;
  value = value.substr(0, kLongest);
  std::vector<std::string> names;
  for (std::size_t from = 0; from < value.size(); ++from) {
    const bool begins =
        from == 0 || std::string_view(" (*,`_[").find(value[from - 1]) != value.npos;
    if (!begins) continue;
    const std::string_view rest = value.substr(from);
    const auto stage =
        stage_of(rest.substr(0, std::min(rest.find_first_of(",;()]", 1), rest.size())));
    if (stage) names.push_back(stage->name());
  }
  return names;
}

}  // namespace orch::tasks
