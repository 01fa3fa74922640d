// Boxes and ids, recognised by hand: every function looks at each byte once.
#include "tasks/text/syntax.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/ascii.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}

bool has_digit(std::string_view text) {
  return std::ranges::any_of(text, is_digit);
}

bool is_blank_or_end(std::string_view text) {
  return text.empty() || text[0] == ' ' || text[0] == '\t';
}

bool is_priority(std::string_view token) {
  return token.size() == 2 && (token[0] == 'P' || token[0] == 'p') && is_digit(token[1]);
}

/// The token at the start of `text`, which may begin with a digit only if `digit_first`.
std::string_view token_at(std::string_view text, bool digit_first) {
  if (text.empty()) return {};
  if (!is_capital(text[0]) && !is_small(text[0]) && !(digit_first && is_digit(text[0]))) return {};
  std::size_t length = 1;
  const auto belongs = [](char c) {
    return is_capital(c) || is_small(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
  };
  while (length < text.size() && belongs(text[length]))
    ++length;
  while (text[length - 1] == '.')
    --length;
  return text.substr(0, length);
}

/// Capitals, an optional joint, numbers joined by dots or dashes, at most one small letter.
bool is_bare_id(std::string_view token) {
  constexpr std::size_t kMostCapitals = 10;
  const std::size_t capitals = letters_of(token).size();
  if (capitals == 0 || capitals > kMostCapitals || is_priority(token)) return false;
  std::string_view rest = token.substr(capitals);
  if (rest.starts_with('-') || rest.starts_with('_') || rest.starts_with('.'))
    rest.remove_prefix(1);
  if (!rest.empty() && is_small(rest.back())) rest.remove_suffix(1);
  if (rest.empty() || !is_digit(rest.front()) || !is_digit(rest.back())) return false;
  return std::ranges::all_of(rest, [](char c) { return is_digit(c) || c == '.' || c == '-'; });
}

/// What stands between an id and its title: white space, a colon, a dash.
std::string_view without_joint(std::string_view text) {
  text = trim(text);
  for (const std::string_view joint : {":", "\xE2\x80\x94", "\xE2\x80\x93", "-"}) {
    if (!text.starts_with(joint)) continue;
    const std::string_view rest = text.substr(joint.size());
    if (joint == ":" || is_blank_or_end(rest)) return trim(rest);
  }
  return text;
}

IdAndTitle made(IdForm form, std::string_view id, std::string_view title) {
  return {form, id, title.empty() ? id : title};
}

IdAndTitle not_an_id(std::string_view words) {
  return {IdForm::None, {}, trim(words)};
}

/// `**T1** x`, `**T1:** x`, `**T1**: x` and `**T1: x** y`.
IdAndTitle split_bold(std::string_view words) {
  const std::string_view sign = words.substr(0, 2);
  const std::size_t end = words.find(sign, 2);
  if (end == std::string_view::npos) return not_an_id(words);
  const std::string_view inside = trim(words.substr(2, end - 2));
  const std::string_view after = words.substr(end + 2);
  const std::string_view token = token_at(inside, false);
  if (token.empty() || is_priority(token)) return not_an_id(words);
  std::string_view rest = inside.substr(token.size());
  while (rest.starts_with('.'))
    rest.remove_prefix(1);
  const bool colon_inside = rest.starts_with(':');
  const bool alone = trim(rest.substr(colon_inside ? 1 : 0)).empty();
  if (!alone) {  // the whole title is bold
    if (!colon_inside || !has_digit(token)) return not_an_id(words);
    const std::string_view title = trim(rest.substr(1));
    return made(IdForm::Strong, token,
                words.substr(static_cast<std::size_t>(title.data() - words.data())));
  }
  const bool colon = colon_inside || after.starts_with(':');
  if (has_digit(token)) return made(IdForm::Strong, token, without_joint(after));
  if (colon) return made(IdForm::Label, token, without_joint(after));
  return not_an_id(words);
}

/// `#auth title`, `#12: title`.
IdAndTitle split_number_sign(std::string_view words) {
  const std::string_view token = token_at(words.substr(1), true);
  std::string_view rest = words.substr(1 + token.size());
  const bool ends = is_blank_or_end(rest) || rest[0] == ':' || rest[0] == '.';
  if (token.empty() || !ends) return not_an_id(words);
  if (rest.starts_with('.')) rest.remove_prefix(1);
  return made(IdForm::Strong, token, without_joint(rest));
}

}  // namespace

std::optional<Box> box_at(std::string_view text) {
  if (text.size() < 3 || text[0] != '[' || text[2] != ']') return {};
  const bool done = text[1] == 'x' || text[1] == 'X';
  if (!done && text[1] != ' ') return {};
  if (!is_blank_or_end(text.substr(3))) return {};
  return Box{done, trim(text.substr(3))};
}

bool looks_like_box(std::string_view line) {
  const std::size_t from = line.find_first_not_of(" \t>");
  if (from == std::string_view::npos) return false;
  line.remove_prefix(from);
  std::size_t marker = 1;
  if (is_digit(line[0])) {
    marker = std::min(line.find_first_not_of("0123456789"), line.size() - 1) + 1;
    if (line[marker - 1] != '.' && line[marker - 1] != ')') return false;
  } else if (line[0] != '-' && line[0] != '*' && line[0] != '+') {
    return false;
  }
  const std::string_view rest = line.substr(marker);
  return !rest.empty() && is_blank_or_end(rest) && box_at(trim(rest)).has_value();
}

std::string_view letters_of(std::string_view id) {
  return id.substr(0,
                   static_cast<std::size_t>(std::ranges::find_if_not(id, is_capital) - id.begin()));
}

IdAndTitle split_id(std::string_view words) {
  words = trim(words);
  if (words.starts_with("**") || words.starts_with("__")) return split_bold(words);
  if (words.starts_with('#')) return split_number_sign(words);
  const std::string_view token = token_at(words, false);
  if (!has_digit(token) || is_priority(token)) return not_an_id(words);
  std::string_view rest = words.substr(token.size());
  if (rest.starts_with(':') && is_blank_or_end(rest.substr(1)))
    return made(IdForm::Strong, token, trim(rest.substr(1)));
  if (rest.starts_with('.')) rest.remove_prefix(1);
  if (is_bare_id(token) && is_blank_or_end(rest))
    return made(IdForm::Bare, token, without_joint(rest));
  return not_an_id(words);
}

}  // namespace orch::tasks
