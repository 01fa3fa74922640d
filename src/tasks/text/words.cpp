// Looks words up in the tables of field_words.hpp and word_lists.hpp.
#include "tasks/text/words.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/field_words.hpp"
#include "tasks/text/word_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace orch::tasks {

namespace {

bool is_ascii_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_wide(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// Is the character that starts here a sign of no language: a picture, an arrow, a tick, a box?
bool is_sign(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  if (byte(0) == 0xF0 && byte(1) == 0x9F) return true;
  if (byte(0) == 0xE2) return byte(1) <= 0xAF;  // punctuation, arrows, symbols, dingbats
  return byte(0) == 0xEF && byte(1) == 0xB8 && byte(2) == 0x8F;
}

std::size_t character_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xC0) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

template <class Table, class Value>
std::unordered_map<std::string_view, Value> map_of(const Table& table) {
  std::unordered_map<std::string_view, Value> map;
  for (const auto& [word, value] : table)
    map.emplace(word, value);
  return map;
}

/// Does `text` begin with the word, and does the word end there?
bool begins_with_word(std::string_view text, std::string_view word) {
  // The first byte alone answers for nearly all words of a table.
  if (text.empty() || text[0] != word[0] || !text.starts_with(word)) return false;
  if (text.size() == word.size() || is_wide(word.back())) return true;
  const char next = text[word.size()];
  return !is_ascii_word(next) && !is_wide(next) && next != '-' && next != '_';
}

/// The longest entry of the table that `text` begins with.
template <class Value, class Table>
std::optional<Value> by_first_words(std::string_view text, const Table& table) {
  std::optional<Value> found;
  std::size_t longest = 0;
  for (const auto& [word, value] : table) {
    if (word.size() <= longest || !begins_with_word(text, word)) continue;
    longest = word.size();
    found = value;
  }
  return found;
}

/// "60%" anywhere in it: how many; -1 if there is none.
int percentage(std::string_view text) {
  const std::size_t sign = text.find('%');
  if (sign == std::string_view::npos || sign == 0) return -1;
  std::size_t from = sign;
  while (from > 0 && sign - from < 3 && is_digit(text[from - 1]))
    --from;
  int number = from == sign ? -1 : 0;
  for (std::size_t at = from; at < sign; ++at)
    number = number * 10 + (text[at] - '0');
  return number;
}

/// `P1` as a word of its own, in any case.
std::optional<Priority> level_at(std::string_view text) {
  if (text.size() < 2 || text[0] != 'p' || !is_digit(text[1])) return {};
  if (text.size() > 2 && is_ascii_word(text[2])) return {};
  return static_cast<Priority>(std::min(text[1] - '0', 4));
}

}  // namespace

std::string ascii_signs(std::string_view text) {
  if (std::ranges::none_of(text, is_wide)) return std::string(text);

  struct Sign {
    std::string_view wide;
    std::string_view plain;
  };

  constexpr std::array kSigns{Sign{"\xEF\xBC\x8C", ", "}, Sign{"\xE3\x80\x81", ", "},
                              Sign{"\xEF\xBC\x9A", ": "}, Sign{"\xEF\xBC\x88", "("},
                              Sign{"\xEF\xBC\x89", ")"},  Sign{"\xEF\xBC\x9B", "; "},
                              Sign{"\xE3\x80\x80", " "},  Sign{"\xC2\xA0", " "}};
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto sign =
        !is_wide(text[at]) ? kSigns.end() : std::ranges::find_if(kSigns, [&](const Sign& one) {
          return text.substr(at).starts_with(one.wide);
        });
    if (sign == kSigns.end()) {
      plain += text[at++];
    } else {
      plain += sign->plain;
      at += sign->wide.size();
    }
  }
  return plain;
}

std::string folded(std::string_view as_written) {
  constexpr std::string_view kAround = " \t*_`#:.\"'()[]";
  const std::string plain = ascii_signs(as_written);
  std::string_view text = plain;
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(kAround) - first + 1);
  return lower_case(text);
}

std::string_view without_signs(std::string_view text) {
  while (!text.empty()) {
    if (text[0] == ' ' || text[0] == '\t' || text[0] == '*' || text[0] == '_') {
      text.remove_prefix(1);
    } else if (is_sign(text)) {
      text.remove_prefix(std::min(character_length(text[0]), text.size()));
    } else {
      break;
    }
  }
  return text;
}

FieldKind field_kind(std::string_view name) {
  static const auto kNames = map_of<decltype(words::kFields), FieldKind>(words::kFields);
  const std::string word = folded(without_signs(name));
  const auto found = kNames.find(word);
  if (found != kNames.end()) return found->second;
  const std::string_view text = word;
  if (text.starts_with("files ") || text.ends_with(" files")) {
    const bool creates = text.find("create") != text.npos || text.find("new") != text.npos;
    const bool changes = text.find("modif") != text.npos || text.find("change") != text.npos ||
                         text.find("update") != text.npos || text.find("edit") != text.npos;
    return creates && !changes ? FieldKind::Creates : FieldKind::Files;
  }
  return FieldKind::None;
}

/// `| Name | value |`: a row of a table with two columns.
FieldText field_of_row(std::string_view row) {
  const std::size_t bar = row.find('|', 1);
  if (bar == std::string_view::npos || row.find('|', bar + 1) + 1 != row.size()) return {};
  const std::string_view name = trim(row.substr(1, bar - 1));
  const std::string_view value = trim(row.substr(bar + 1, row.size() - bar - 2));
  return {field_kind(name), without_signs(name), value};
}

FieldText field_text(std::string_view line) {
  constexpr std::size_t kLongestName = 60;
  constexpr std::string_view kWideColon = "\xEF\xBC\x9A";
  std::string_view text = trim(line);
  const bool bullet = text.size() > 1 && (text[0] == '-' || text[0] == '*' || text[0] == '+') &&
                      (text[1] == ' ' || text[1] == '\t');
  if (bullet) text = trim(text.substr(1));
  if (text.starts_with('|')) return field_of_row(text);
  const std::string_view head = text.substr(0, kLongestName);
  const std::size_t plain = head.find(':');
  const std::size_t wide = head.find(kWideColon);
  const std::size_t colon = std::min(plain, wide);
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view name = text.substr(0, colon);
  if (name.find_first_of("[]{}<>|;?!=/\\") != std::string_view::npos) return {};
  std::string_view value = text.substr(colon + (wide < plain ? kWideColon.size() : 1));
  if (!value.empty() && value[0] == '/') return {};  // https://
  const std::string_view bare = without_signs(name);
  const auto emphasis = static_cast<std::size_t>(std::ranges::count(name.substr(0, 4), '*')) +
                        static_cast<std::size_t>(std::ranges::count(name.substr(0, 4), '_'));
  value = trim(value);
  const bool open = emphasis > 0 && name.find_last_of("*_") < name.size() - bare.size() + 1;
  if (value.starts_with("**") || value.starts_with("__")) {
    if (open) value = trim(value.substr(2));
  } else if (open && (value.starts_with('*') || value.starts_with('_'))) {
    value = trim(value.substr(1));
  } else if (open && (value.ends_with('*') || value.ends_with('_'))) {
    value = trim(value.substr(0, value.find_last_not_of("*_") + 1));
  }
  return {field_kind(name), bare, value};
}

std::optional<Priority> priority_of(std::string_view value) {
  const std::string word = folded(without_signs(value));
  if (const auto level = level_at(word)) return level;
  if (!word.empty() && is_digit(word[0]) && (word.size() == 1 || !is_ascii_word(word[1])))
    return static_cast<Priority>(std::min(word[0] - '0', 4));
  return by_first_words<Priority>(word, words::kPriorities);
}

std::optional<Standing> standing_of(std::string_view value) {
  value = trim(value);
  while (value.starts_with('*') || value.starts_with('_'))
    value.remove_prefix(1);
  if (value == "[]" || value == "[ ]") return Standing::Open;
  if (value.starts_with("[x]") || value.starts_with("[X]")) return Standing::Done;
  const std::string word = folded(without_signs(value));
  const int percent = percentage(word);
  if (percent == 100) return Standing::Done;
  if (percent > 0) return Standing::InProgress;
  if (const auto known = by_first_words<Standing>(word, words::kStates)) return known;
  if (word.empty() || word.size() < value.size())
    return by_first_words<Standing>(value, words::kStateSigns);
  return {};
}

std::optional<Priority> priority_of_section(std::string_view title) {
  const std::string text = folded(without_signs(title));
  constexpr std::array<std::string_view, 9> kNames{"priority:", "priority ", "prioridad",
                                                   "priorit",   "优先级",    "優先級",
                                                   "優先度",    "우선순위",  "приоритет"};
  for (std::size_t open = 0; open != std::string::npos; open = text.find('(', open + 1)) {
    std::string_view part = std::string_view(text).substr(open);
    if (part.starts_with('(')) part.remove_prefix(1);
    if (const auto level = level_at(part)) return level;
    for (const std::string_view name : kNames) {
      if (!part.starts_with(name)) continue;
      const std::size_t end = part.find_first_of(": ", name.size() - 1);
      if (end == std::string_view::npos) continue;
      const std::size_t value = part.find_first_not_of(": ", end);
      if (value != std::string_view::npos) return priority_of(part.substr(value));
    }
    for (const auto& [word, priority] : words::kPriorities) {
      if (!begins_with_word(part, word)) continue;
      const std::string rest = folded(part.substr(word.size()));
      const std::string_view next =
          std::string_view(rest).substr(0, std::min(rest.find_first_of(" (-:,"), rest.size()));
      const bool follows =
          std::ranges::find(words::kAfterPriority, next) != words::kAfterPriority.end();
      const bool ends =
          next.empty() || follows ||
          std::string_view("-(:,)/").find(trim(part.substr(word.size())).substr(0, 1)) !=
              std::string_view::npos ||
          is_wide(trim(part.substr(word.size()))[0]);
      if (ends) return priority;
    }
  }
  return {};
}

Standing standing_of_section(std::string_view title) {
  const std::string text = folded(without_signs(title));
  for (const auto& [word, standing] : words::kSectionStates) {
    if (text == word) return standing;
    const std::size_t at = text.find(word);
    if (at == std::string::npos) continue;
    const bool begins = at == 0 || (!is_ascii_word(text[at - 1]) && !is_wide(text[at - 1]));
    const bool whole = begins && begins_with_word(std::string_view(text).substr(at), word);
    const bool is_done = standing == Standing::Done || standing == Standing::InProgress ||
                         word == "later" || word == "future" || word == "maybe" ||
                         word == "stretch";
    if (whole && std::string_view(text).substr(at + word.size()).starts_with(" by ")) continue;
    if (whole && (!is_done || at == 0)) {
      const std::string_view rest = trim(std::string_view(text).substr(at + word.size()));
      const bool alone = rest.empty() || rest[0] == '(' || rest[0] == '-' || rest[0] == ':' ||
                         is_wide(rest[0]) || begins_with_word(rest, "tasks") ||
                         begins_with_word(rest, "items");
      if (!is_done || alone) return standing;
    }
  }
  return Standing::Open;
}

/// "三、", "3." or "a)" in front of a heading.
std::string_view without_numbering(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789.");
  if (end != text.npos && end > 0 && (text[end] == ' ' || text[end] == ')'))
    return trim(text.substr(end + 1));
  constexpr std::string_view kWideComma = "、";
  const std::size_t comma = text.substr(0, 12).find(kWideComma);
  return comma == text.npos ? text : text.substr(comma + kWideComma.size());
}

bool is_criteria(std::string_view title) {
  const std::string text = folded(without_numbering(without_signs(title)));
  return std::ranges::any_of(words::kCriteria, [&text](std::string_view word) {
    if (!begins_with_word(text, word)) return false;
    std::string_view rest = std::string_view(text).substr(word.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" *_"), rest.size()));
    return rest.empty() || is_wide(rest[0]) || begins_with_word(rest, "for") ||
           std::string_view(":(-").find(rest[0]) != std::string_view::npos;
  });
}

bool is_weak_check(std::string_view title) {
  constexpr std::array<std::string_view, 10> kEnds{
      "checklist", "check list", "checks",     "metrics",        "routine",
      "gates",     "sign-off",   "test cases", "test scenarios", "pre-flight"};
  const std::string text = folded(without_numbering(without_signs(title)));
  return is_check(title) || std::ranges::any_of(kEnds, [&text](std::string_view end) {
           return text == end || text.ends_with(fmt::format(" {}", end));
         });
}

bool is_check(std::string_view title) {
  constexpr std::array<std::string_view, 6> kNames{"verification",    "validation",
                                                   "success metrics", "verifikation",
                                                   "vérification",    "verificación"};
  const std::string text = folded(without_signs(title));
  return text.ends_with("checklist") || std::ranges::find(kNames, text) != kNames.end();
}

bool is_state_name(std::string_view words) {
  constexpr std::size_t kLongest = 60;
  constexpr std::size_t kLongestState = std::ranges::max(words::kStates, {}, [](const auto& state) {
                                          return state.word.size();
                                        }).word.size();
  if (words.size() > kLongest) return false;
  // Most words are those of tasks, too long for a state: not worth folding.
  std::string_view bare = without_signs(words);
  bare = bare.substr(0, bare.find_last_not_of(" \t*_`#:.\"'()[]") + 1);
  const bool explains = bare.starts_with('=') || bare.starts_with('m') || bare.starts_with('M');
  if (bare.size() > kLongestState + 4 && !explains) return false;
  const std::string text = folded(bare);
  if (text.starts_with("means ") || text.starts_with("= ")) return true;
  static const auto kNames = map_of<decltype(words::kStates), Standing>(words::kStates);
  return text != "review" && kNames.contains(text);
}

bool is_person(std::string_view name) {
  constexpr std::array<std::string_view, 16> kPersons{
      "user",   "human",  "person", "manual",  "human only", "human-only", "you",  "mensch",
      "humain", "humano", "umano",  "человек", "用户",       "人工",       "人間", "사람"};
  return std::ranges::find(kPersons, folded(without_signs(name))) != kPersons.end();
}

bool is_for_person(std::string_view words) {
  constexpr std::array<std::string_view, 3> kLabels{
      "manual verification", "user manual verification", "human verification"};
  constexpr std::size_t kLongest = 24;  // of a label in brackets
  static constexpr ByteSet kOpening("[(");
  static constexpr ByteSet kClosing("])");
  const bool brackets = words.find('(') != words.npos || words.find('[') != words.npos;
  for (std::size_t open = brackets ? kOpening.first_in(words) : words.npos; open != words.npos;
       open = kOpening.first_in(words, open + 1)) {
    const std::size_t close = kClosing.first_in(words, open);
    if (close == words.npos) break;
    const bool link = words.substr(close).starts_with("](");
    const std::string_view inside = words.substr(open + 1, close - open - 1);
    if (!link && is_person(inside.substr(0, std::min(inside.find(','), kLongest)))) return true;
  }
  if (words.starts_with("👤") || words.find("@human") != words.npos) return true;
  const std::size_t colon = words.substr(0, kLongest).find(':');
  if (colon != words.npos && is_person(words.substr(0, colon))) return true;
  if (words.find("erification") == words.npos) return false;  // not worth folding
  std::string_view text = without_signs(words);
  const std::size_t conductor = text.find("Conductor - ");
  if (conductor != text.npos && conductor < kLongest) text.remove_prefix(conductor + 12);
  const std::string small = folded(text);
  return std::ranges::any_of(kLabels, [&small](std::string_view label) {
    if (!small.starts_with(label)) return false;
    const std::string_view rest = trim(std::string_view(small).substr(label.size()));
    return rest.empty() || std::string_view(":'\"*(-").find(rest[0]) != rest.npos;
  });
}

bool says_nothing(std::string_view value) {
  const std::string word = folded(value);
  if (word.empty()) return true;
  return std::ranges::any_of(words::kNothing,
                             [&word](std::string_view one) { return begins_with_word(word, one); });
}

bool is_phase(std::string_view title) {
  const std::string text = folded(without_signs(title));
  return std::ranges::any_of(words::kPhases, [&text](const words::Phase& phase) {
    if (!text.starts_with(phase.word)) return false;
    std::string_view rest = std::string_view(text).substr(phase.word.size());
    const std::size_t from = rest.find_first_not_of(" -_#");
    if (from == std::string_view::npos) return false;
    if (from > 0 && phase.word.size() == 1) return false;  // "W-1" is an id
    rest.remove_prefix(from);
    if (!is_digit(rest[0])) return phase.without_number && from > 0;
    const std::size_t end = std::min(rest.find_first_not_of("0123456789."), rest.size());
    return phase.word.size() > 1 || end == rest.size() || !is_ascii_word(rest[end]);
  });
}

}  // namespace orch::tasks
