// Takes the first line of a task apart from left to right; each step looks at its part once.
#include "tasks/items/task_words.hpp"

#include "orch/base/text.hpp"
#include "tasks/markdown/document.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/syntax.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

/// Numbers joined by dots: "2.1". Empty if there is none.
std::string_view number_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || (end > 0 && text[end] == '.')))
    ++end;
  while (end > 0 && text[end - 1] == '.')
    --end;
  constexpr std::size_t kLongest = 12;
  return end > kLongest ? std::string_view() : text.substr(0, end);
}

/// White space, a colon, a dash between an id and its title; true if there was more than white
/// space.
bool take_joint(std::string_view& text) {
  text = trim(text);
  for (const std::string_view joint : {"：", ":", "—", "–", "-", "|", ")", ".", "、", "．"}) {
    if (!text.starts_with(joint)) continue;
    const std::string_view rest = text.substr(joint.size());
    const bool needs_blank = joint == "-" || joint == "." || joint == ")";
    if (needs_blank && !rest.empty() && rest[0] != ' ' && rest[0] != '\t' && rest[0] != '*')
      continue;
    text = trim(rest);
    return true;
  }
  return false;
}

void accept(TaskWords& words, IdStyle style, std::string_view id, std::string_view rest) {
  words.style = style;
  words.id = id;
  take_joint(rest);
  words.from_title = rest;
}

/// " - title" after a number, but not " - 3 days".
bool joins_title(std::string_view rest) {
  for (const std::string_view dash : {" - ", " – ", " — "}) {
    if (!rest.starts_with(dash)) continue;
    rest = trim(rest.substr(dash.size()));
    return !rest.empty() && !is_digit(rest[0]);
  }
  return false;
}

/// `1. title`, `2.1 title`, `3) title`; "404 page" is none.
bool take_number(TaskWords& words, std::string_view text) {
  const std::string_view number = number_at(text);
  if (number.empty()) return false;
  std::string_view rest = text.substr(number.size());
  if (rest.starts_with("\\.")) rest.remove_prefix(1);  // some editors write "1\. title"
  const bool star = rest.starts_with('*') && !rest.starts_with("**");
  if (star) rest.remove_prefix(1);
  const bool dotted = number.find('.') != std::string_view::npos;
  const bool blank = rest.empty() || rest[0] == ' ' || rest[0] == '\t';
  const bool sign = rest.starts_with('.') || rest.starts_with(')') || rest.starts_with(':') ||
                    rest.starts_with("：") || rest.starts_with("、");
  const bool padded = number.size() > 1 && number[0] == '0';  // "001 title"
  if (!((dotted || padded) && blank) && !sign && !joins_title(rest)) return false;
  if (sign && rest.size() > 1 && rest[0] != ':' && rest[1] != ' ' && rest[1] != '\t' &&
      rest[1] != '*' && static_cast<unsigned char>(rest[1]) < 0x80)
    return false;
  words.optional = words.optional || star;
  accept(words, IdStyle::Number, number, rest);
  return true;
}

/// `Task T3: title`.
bool take_worded_id(TaskWords& words, std::string_view text) {
  const IdAndTitle split = split_id(text);
  if (split.form != IdForm::Bare && split.form != IdForm::Strong) return false;
  if (!text.starts_with(split.id)) return false;
  std::string_view rest = text.substr(split.id.size());
  std::string_view after = rest;
  if (!take_joint(after)) return false;
  accept(words, IdStyle::Word, split.id, rest);
  return true;
}

/// The first two letters tell for most titles that none of the names below stands there.
bool may_be_name(std::string_view text) {
  const auto small = [&text](std::size_t at) {
    const char c = at < text.size() ? text[at] : ' ';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  const auto foreign = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (foreign(small(0)) || foreign(small(1))) return true;
  constexpr std::array<std::string_view, 3> kBegins{"taio", "sutc", "aut"};
  return std::ranges::any_of(kBegins, [&](std::string_view one) {
    return one[0] == small(0) && one.substr(1).find(small(1)) != one.npos;
  });
}

/// `Task 3: title`, `Step 0.1 — title`, `任务 2：title`, `Task 3 Title`.
bool take_word_number(TaskWords& words, std::string_view text) {
  constexpr std::array<std::string_view, 18> kNames{
      "task",    "subtask",  "ticket", "step", "todo", "tarea", "tarefa", "tâche",  "aufgabe",
      "schritt", "attività", "задача", "шаг",  "任务", "任務",  "步骤",   "タスク", "작업"};
  if (text.empty() || std::string_view(" \t*_`#:.\"'()[]").find(text[0]) != text.npos) return false;
  if (!may_be_name(text)) return false;
  const std::string small = folded(text.substr(0, 24));
  const auto name = std::ranges::find_if(
      kNames, [&small](std::string_view one) { return small.starts_with(one); });
  if (name == kNames.end()) return false;
  std::size_t at = name->size();
  while (at < text.size() && (text[at] == ' ' || text[at] == '#'))
    ++at;
  const std::string_view number = number_at(text.substr(at));
  if (number.empty()) return at > name->size() && take_worded_id(words, text.substr(at));
  std::size_t end = at + number.size();
  if (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;  // "3a"
  std::string_view rest = text.substr(end);
  std::string_view after = rest;
  const bool joint = take_joint(after);
  const bool bracket = after.starts_with('[') || after.starts_with('(');
  const bool capital = rest.starts_with(' ') && !after.empty() && is_capital(after[0]);
  if (!joint && !after.empty() && !bracket && !capital && !rest.starts_with("**")) return false;
  accept(words, IdStyle::Word, text.substr(at, end - at), rest);
  return true;
}

/// `[T001] title`, `(T001) title` and `` `T001` - title``.
bool take_wrapped(TaskWords& words, std::string_view text) {
  if (text.size() < 4 || (text[0] != '[' && text[0] != '(' && text[0] != '`')) return false;
  const char close = text[0] == '[' ? ']' : text[0] == '(' ? ')' : '`';
  const std::size_t end = text.substr(0, 40).find(close, 1);
  if (end == std::string_view::npos) return false;
  const std::string_view inside = text.substr(1, end - 1);
  std::string_view rest = text.substr(end + 1);
  if (rest.starts_with('(')) return false;
  const IdAndTitle split = split_id(inside);
  if (split.form != IdForm::Bare || split.id != inside || inside.starts_with("US")) return false;
  accept(words, IdStyle::Strong, inside, rest);
  return true;
}

/// `[T1: title](tasks/t1.md)`: the words of the link.
bool take_link(TaskWords& words, std::string_view text) {
  if (!text.starts_with('[')) return false;
  const std::size_t end = text.find("](");
  if (end == std::string_view::npos || text.find_first_of("[]", 1) != end) return false;
  const std::string_view inside = trim(text.substr(1, end - 1));
  TaskWords inner;
  if (!take_word_number(inner, inside) && !take_number(inner, inside)) {
    const IdAndTitle split = split_id(inside);
    if (split.form != IdForm::Bare && split.form != IdForm::Strong) return false;
    accept(inner, split.form == IdForm::Bare ? IdStyle::Bare : IdStyle::Strong, split.id,
           inside.substr(std::min(inside.find(split.id) + split.id.size(), inside.size())));
  }
  const std::string_view title = inner.from_title;
  const std::size_t at = title.empty() ? end : static_cast<std::size_t>(title.data() - text.data());
  accept(words, inner.style, inner.id, text.substr(at));
  words.in_link = true;
  return true;
}

/// `T1 title`, with a title.
bool take_bare(TaskWords& words, std::string_view text) {
  const IdAndTitle split = split_id(text);
  if (split.form != IdForm::Bare || split.id == text) return false;
  accept(words, IdStyle::Bare, split.id, text.substr(split.id.size()));
  return true;
}

/// Bold around the id alone, or around id and title.
bool take_bold(TaskWords& words, std::string_view text) {
  if (!text.starts_with("**")) return false;
  const std::size_t end = text.find("**", 2);
  if (end == std::string_view::npos) return false;
  const std::string_view inside = trim(text.substr(2, end - 2));
  TaskWords inner;
  const bool found = take_word_number(inner, inside) || take_number(inner, inside) ||
                     take_wrapped(inner, inside) || take_bare(inner, inside);
  if (!found) return false;
  const std::string_view title = inner.from_title;
  const bool alone = title.empty() || title == ".";
  accept(words, inner.style, inner.id,
         alone ? text.substr(end + 2)
               : text.substr(static_cast<std::size_t>(title.data() - text.data())));
  words.bold_title = !alone;
  return true;
}

bool take_split(TaskWords& words, std::string_view text) {
  const IdAndTitle split = split_id(text);
  if (split.form == IdForm::None) return false;
  const IdStyle style = split.form == IdForm::Bare    ? IdStyle::Bare
                        : split.form == IdForm::Label ? IdStyle::Label
                                                      : IdStyle::Strong;
  const std::size_t at = text.find(split.id);
  std::string_view rest = text.substr(std::min(at + split.id.size(), text.size()));
  while (rest.starts_with('*') || rest.starts_with('.') || rest.starts_with('_'))
    rest.remove_prefix(1);
  take_joint(rest);
  while (rest.starts_with("** ") || rest.starts_with("__ "))
    rest.remove_prefix(2);
  accept(words, style, split.id, rest);
  const std::size_t end = text.starts_with("**") ? text.find("**", 2) : std::string_view::npos;
  words.bold_title = end != std::string_view::npos && !words.from_title.empty() &&
                     words.from_title.data() < text.data() + end;
  return true;
}

void take_id(TaskWords& words, std::string_view text) {
  if (take_number(words, text) || take_word_number(words, text) || take_wrapped(words, text) ||
      take_link(words, text) || take_bold(words, text) || take_split(words, text))
    return;
  words.from_title = text;
}

/// `[P]`, `[US1]`, `[P1]`, `[HIGH]`, `(P)`, `P1:` in front of the title.
bool take_tag(TaskWords& words, std::string_view& text) {
  constexpr std::size_t kLongest = 24;
  if (text.size() < 3) return false;
  const bool round = text[0] == '(';
  if (text[0] != '[' && !round) return false;
  const std::size_t end = text.substr(0, kLongest).find(round ? ')' : ']');
  if (end == std::string_view::npos || end < 2) return false;
  const std::string_view inside = text.substr(1, end - 1);
  const std::string_view rest = text.substr(end + 1);
  const bool level =
      inside.size() == 2 && (inside[0] == 'P' || inside[0] == 'p') && is_digit(inside[1]);
  if (rest.starts_with('(') || (rest.starts_with(':') && !level)) return false;
  if (inside == "P" || inside == "p") {
    words.parallel = true;
  } else if (inside.starts_with("US") && inside.size() > 2 && is_digit(inside[2])) {
    words.stories.emplace_back(inside);
  } else if (level) {
    words.priority = priority_of(inside);
  } else if (folded(inside) == "optional") {
    words.optional = true;
  } else if (!round && std::ranges::all_of(inside, [](char c) {
               return is_capital(c) || is_digit(c) || c == '-' || c == '_' || c == '/';
             })) {
    if (const auto word = priority_of(inside); word && is_capital(inside[0]))
      words.priority = word;
    else
      words.tags.emplace_back(inside);
  } else {
    return false;
  }
  text = trim(rest.substr(level && rest.starts_with(':') ? 1 : 0));
  return true;
}

/// `P1: title`, `**P1** title`, `**P1:** title`.
bool take_level(TaskWords& words, std::string_view& text) {
  std::string_view rest = text;
  const bool bold = rest.starts_with("**");
  if (bold) rest.remove_prefix(2);
  if (rest.size() < 3 || rest[0] != 'P' || !is_digit(rest[1])) return false;
  const std::string_view level = rest.substr(0, 2);
  rest.remove_prefix(2);
  bool joint = rest.starts_with(':');
  if (joint) rest.remove_prefix(1);
  if (bold && !rest.starts_with("**")) return false;
  if (bold) rest.remove_prefix(2);
  if (!joint && rest.starts_with(':')) {
    joint = true;
    rest.remove_prefix(1);
  }
  if (!bold && !joint) return false;
  words.priority = priority_of(level);
  text = trim(rest);
  take_joint(text);
  return true;
}

/// Where the bracket at `open` closes; npos if it does not soon.
std::size_t closing(std::string_view text, std::size_t open) {
  constexpr std::size_t kFar = 1000;
  const char close = text[open] == '(' ? ')' : ']';
  int depth = 0;
  for (std::size_t at = open; at < text.size() && at < open + kFar; ++at) {
    if (text[at] == text[open]) ++depth;
    if (text[at] == close && --depth == 0) return at;
  }
  return std::string_view::npos;
}

bool may_be_inline(FieldKind kind) {
  return kind != FieldKind::None && kind != FieldKind::Title && kind != FieldKind::Id;
}

/// Takes `(name: value)` and `[name: value]` out of the title.
void take_inline_fields(TaskWords& words) {
  static constexpr ByteSet kOpening("([");
  std::string& title = words.title;
  if (title.find('(') == title.npos && title.find('[') == title.npos) return;
  std::string kept;
  bool any = false;
  std::size_t copied = 0;
  for (std::size_t at = kOpening.first_in(title); at != std::string::npos;
       at = kOpening.first_in(title, at + 1)) {
    const std::string_view text = std::string_view(title).substr(at + 1, 24);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.find_first_of("()[]`") < colon) continue;
    if (at > 0 && title[at - 1] == ']') continue;  // [a.c](file:///home/me/a.c)
    const FieldKind kind = field_kind(text.substr(0, colon));
    const bool follows = any && trim(std::string_view(title).substr(copied, at - copied)).empty();
    if (!may_be_inline(kind) && !follows) continue;
    const std::size_t end = closing(title, at);
    if (end == std::string::npos) continue;
    const std::size_t from = at + 2 + colon;
    if (may_be_inline(kind) && from <= end)
      words.fields.push_back(
          {kind, std::string(trim(std::string_view(title).substr(from, end - from)))});
    kept += std::string_view(title).substr(copied, at - copied);
    copied = end + 1;
    at = end;
    any = true;
  }
  if (!any) return;
  kept += std::string_view(title).substr(copied);
  title = std::string(trim(kept));
}

/// `@name` at the end of the title.
void take_mentions(TaskWords& words) {
  for (;;) {
    const std::size_t at = words.title.rfind(' ');
    if (at == std::string::npos || at + 2 >= words.title.size() || words.title[at + 1] != '@')
      return;
    const std::string_view name = std::string_view(words.title).substr(at + 2);
    const bool plain = std::ranges::all_of(name, [](char c) {
      return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
    });
    if (!plain) return;
    words.tags.insert(words.tags.begin(), "@" + std::string(name));
    words.title.resize(at);
    words.title = std::string(trim(words.title));
  }
}

/// "title](path) more": the rest of a link that began before the id.
void trim_link(std::string& title) {
  const std::size_t end = title.find("](");
  const std::size_t close = title.find(')', std::min(end, title.size()));
  if (close == std::string::npos) return;
  title.erase(end, close + 1 - end);
  if (end > 0) return;
  std::string_view rest = title;
  take_joint(rest);
  title = std::string(rest);
}

/// `title [P1]`, `title **(P0)**`, `title (P2, 3 h)`: the last one stays in the title.
void take_last_level(TaskWords& words) {
  const std::string_view title = words.title;
  const std::size_t end = title.find_last_not_of("*_` ");
  if (end == std::string_view::npos || (title[end] != ')' && title[end] != ']')) return;
  const std::size_t open = title.substr(0, end).find_last_of("([");
  if (open == std::string_view::npos || open == 0) return;
  const std::string_view inside = title.substr(open + 1, end - open - 1);
  const std::string_view level = inside.substr(0, inside.find(','));
  if (level.size() != 2 || level[0] != 'P' || !is_digit(level[1])) return;
  if (!words.priority) words.priority = priority_of(level);
  const std::size_t last = title.substr(0, open).find_last_not_of("*_` ");
  if (inside == level && last != std::string_view::npos) words.title.resize(last + 1);
}

/// `title (optional)`, `title [Optional]`.
bool ends_optional(std::string_view title) {
  constexpr std::size_t kLength = 10;
  if (title.size() < kLength || (title.back() != ')' && title.back() != ']')) return false;
  const std::string end = lower(title.substr(title.size() - kLength));
  return end == "(optional)" || end == "[optional]";
}

/// One pair of bold signs around all of it; pictures after it say how it goes, not what it is.
std::string without_bold(std::string_view title) {
  const std::size_t end = title.starts_with("**") ? title.find("**", 2) : std::string_view::npos;
  if (end == std::string_view::npos || !without_signs(title.substr(end)).empty())
    return std::string(title);
  return std::string(title.substr(2, end - 2));
}

/// "Step 1 [x] - title" without the box, which stands right before the title.
std::string without_inner_box(const TaskWords& words) {
  const auto length = static_cast<std::size_t>(words.from_title.data() - words.whole.data());
  const std::string_view before = words.whole.substr(0, length);
  const std::size_t open = before.rfind('[');
  if (open == before.npos || !box_mark_at(before.substr(open))) return std::string(words.whole);
  return std::string(before.substr(0, open)) + words.title;
}

}  // namespace

TaskWords task_words(std::string_view line) {
  TaskWords words;
  line = trim(line);
  words.whole = line;
  std::string_view text = line;
  const std::string_view bare = without_signs(text);
  const std::size_t signs = text.size() - bare.size();
  const bool tick = signs > 2 && text.substr(0, signs).find_first_not_of("*_ \t") != text.npos;
  if (tick) {
    words.standing = standing_of(text.substr(0, signs));
    text = bare;
  }
  if (text.starts_with("~~") && text.find("~~", 2) != std::string_view::npos) {
    words.standing = Standing::Cancelled;
    text = text.substr(2);
  }
  take_id(words, text);
  if (words.id.empty() && tick && words.standing != Standing::Cancelled) words.from_title = line;
  std::string_view rest = words.from_title;
  while (take_tag(words, rest) || take_level(words, rest)) {
  }
  if (words.id.empty()) {  // the id may stand after the tags: "[P] T003 title"
    TaskWords later;
    if (rest.size() < words.from_title.size()) take_id(later, rest);
    if (!later.id.empty() && later.style != IdStyle::Label) {
      words.style = later.style;
      words.id = later.id;
      rest = later.from_title;
      while (take_tag(words, rest)) {
      }
    }
  }
  if (rest.starts_with("~~") && rest.find("~~", 2) != rest.npos && !words.standing) {
    words.standing = Standing::Cancelled;  // "2.3 ~~title~~"
    rest.remove_prefix(2);
  }
  words.from_title = rest;
  words.title = without_bold(rest);
  if (words.in_link) trim_link(words.title);
  if (words.bold_title) {
    const std::size_t end = words.title.find("**");
    if (end != std::string::npos) words.title.erase(end, 2);
  }
  if (words.standing == Standing::Cancelled) {
    const std::size_t end = words.title.find("~~");
    if (end != std::string::npos) words.title.erase(end, 2);
  }
  take_inline_fields(words);
  take_mentions(words);
  take_last_level(words);
  words.optional = words.optional || ends_optional(words.title);
  if (words.title.empty()) words.title = words.id;
  return words;
}

void drop_id(TaskWords& words) {
  words.title = without_inner_box(words);
  words.style = IdStyle::None;
  words.id.clear();
  take_inline_fields(words);
  take_mentions(words);
}

}  // namespace orch::tasks
