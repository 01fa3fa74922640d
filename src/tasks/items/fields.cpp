// Reads field lines; what a value says wrongly is reported at its line.
#include "tasks/items/fields.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace orch::tasks {

namespace {

using Field = FieldReader::Field;

struct Name {
  std::string_view text;
  Field field;
};

/// The first name of each field is the one that is suggested.
constexpr std::array kNames{
    Name{"Depends", Field::Depends},    Name{"Depends on", Field::Depends},
    Name{"Depends_on", Field::Depends}, Name{"Dependencies", Field::Depends},
    Name{"Files", Field::Files},        Name{"File", Field::Files},
    Name{"Create", Field::Creates},     Name{"Creates", Field::Creates},
    Name{"Modify", Field::Modifies},    Name{"Modifies", Field::Modifies},
    Name{"Priority", Field::Priority},  Name{"Agent", Field::Agent},
    Name{"Tags", Field::Tags},          Name{"Tag", Field::Tags},
    Name{"Timeout", Field::Timeout},
};

struct FieldLine {
  std::string_view name;  ///< empty: not of the shape of a field
  std::string_view value;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Takes `sign` off the front; true if it was there.
bool take_prefix(std::string_view& text, std::string_view sign) {
  if (!text.starts_with(sign)) return false;
  text.remove_prefix(sign.size());
  return true;
}

std::string_view without_bullet(std::string_view text) {
  text = trim(text);
  const bool bullet = text.size() > 1 && (text[0] == '-' || text[0] == '*' || text[0] == '+') &&
                      (text[1] == ' ' || text[1] == '\t');
  return bullet ? trim(text.substr(1)) : text;
}

/// `**Name:** value`, `_Name: value_`, `Name: value`.
FieldLine field_line(std::string_view text) {
  constexpr std::size_t kLongestName = 24;
  text = without_bullet(text);
  std::string_view emphasis;
  for (const std::string_view sign : {"**", "__", "_", "*"}) {
    if (!emphasis.empty() || !take_prefix(text, sign)) continue;
    emphasis = sign;
  }
  std::size_t length = 0;
  while (length < text.size() && length < kLongestName &&
         (is_letter(text[length]) || text[length] == ' ' || text[length] == '_'))
    ++length;
  std::string_view name = trim(text.substr(0, length));
  text.remove_prefix(length);
  bool closed = emphasis.empty();
  if (!closed && name.ends_with(emphasis)) {  // an underscore counts as part of a name
    name.remove_suffix(emphasis.size());
    closed = true;
  }
  if (!closed) closed = take_prefix(text, emphasis);
  if (!take_prefix(text, ":") || name.empty()) return {};
  if (!closed) closed = take_prefix(text, emphasis);
  text = trim(text);
  if (!closed && text.ends_with(emphasis)) text.remove_suffix(emphasis.size());
  return {name, trim(text)};
}

Field field_of(std::string_view name) {
  const std::string wanted = lower(name);
  for (const Name& known : kNames) {
    if (lower(known.text) == wanted) return known.field;
  }
  return Field::None;
}

bool is_list(Field field) {
  return field == Field::Depends || field == Field::Files || field == Field::Creates ||
         field == Field::Modifies || field == Field::Tags;
}

/// One letter more, less or other, or two swapped.
bool one_slip_apart(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.size() == 2 && b.size() == 2) return a[0] == b[1] && a[1] == b[0];
  return a.size() <= 1 && b.size() <= 1;
}

/// Emphasis, code ticks, brackets, a leading # and a final dot around an id or word.
std::string_view bare_word(std::string_view text) {
  constexpr std::string_view kAround = " \t`*[]#\"'";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(kAround) - first + 1);
  while (text.ends_with('.'))
    text.remove_suffix(1);
  return text;
}

bool means_nothing(std::string_view value) {
  const std::string word = lower(bare_word(value));
  return word.empty() || word == "none" || word == "nothing" || word == "-" || word == "n/a" ||
         word == "\xE2\x80\x94" || word == "\xE2\x80\x93";
}

/// Splits at commas and semicolons that are not inside brackets or code ticks.
std::vector<std::string_view> list_of(std::string_view value) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  int depth = 0;
  bool code = false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '`') code = !code;
    if (c == '{' || c == '(') ++depth;
    if ((c == '}' || c == ')') && depth > 0) --depth;
    const bool cuts = (c == ',' || c == ';') && depth == 0 && !code;
    if (!cuts) continue;
    parts.push_back(trim(value.substr(from, at - from)));
    from = at + 1;
  }
  parts.push_back(trim(value.substr(from)));
  std::erase_if(parts, [](std::string_view part) { return part.empty(); });
  return parts;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view left = trim(text); !left.empty(); left = trim(left)) {
    const std::size_t end = std::min(left.find_first_of(" \t"), left.size());
    words.push_back(left.substr(0, end));
    left.remove_prefix(end);
  }
  return words;
}

/// `text (remark)` without the remark.
std::string_view without_remark(std::string_view text, std::string_view* remark) {
  text = trim(text);
  const std::size_t open = text.rfind('(');
  if (!text.ends_with(')') || open == std::string_view::npos) return text;
  if (open > 0 && text[open - 1] != ' ' && text[open - 1] != '\t' && text[open - 1] != '`')
    return text;  // app/(group)/page.tsx
  *remark = trim(text.substr(open + 1, text.size() - open - 2));
  return trim(text.substr(0, open));
}

}  // namespace

bool is_field(std::string_view text) {
  return field_of(field_line(text).name) != Field::None;
}

bool FieldReader::take(std::string_view text, int line) {
  const std::size_t indent = std::min(text.find_first_not_of(" \t"), text.size());
  const FieldLine found = indent < 4 ? field_line(text) : FieldLine{};
  const Field field = field_of(found.name);
  if (field == Field::None) {
    if (continues_list(text, line)) return true;
    if (!found.name.empty()) warn_of_typo(found.name, line);
    return false;
  }
  ++count_;
  const bool within_files = open_ == Field::Files &&
                            (field == Field::Creates || field == Field::Modifies) &&
                            !found.value.empty();
  if (within_files) {
    open_has_entries_ = true;
  } else {
    open_ = is_list(field) && found.value.empty() ? field : Field::None;
    open_has_entries_ = false;
  }
  assign(field, found.value, line);
  return true;
}

/// A bullet below a list field without a value is an entry; anything else ends the list.
bool FieldReader::continues_list(std::string_view text, int line) {
  if (open_ == Field::None) return false;
  const std::string_view entry = without_bullet(text);
  const bool is_blank = trim(text).empty();
  const bool is_entry = entry.size() < trim(text).size() && !entry.starts_with("[ ]") &&
                        !entry.starts_with("[x]") && !entry.starts_with("[X]");
  if (is_entry) {
    open_has_entries_ = true;
    assign(open_, entry, line);
    return true;
  }
  if (!is_blank || open_has_entries_) open_ = Field::None;
  return false;
}

void FieldReader::warn_of_typo(std::string_view name, int line) {
  const std::string word = lower(name);
  if (word == "created" || word == "modified") return;  // dates, more often than not
  for (const Name& known : kNames) {
    if (!one_slip_apart(word, lower(known.text))) continue;
    problems_.push_back({Severity::Warning, line, 0,
                         fmt::format("'{}:' is not a field and is read as text", name),
                         fmt::format("did you mean '{}:'?", known.text)});
    return;
  }
}

void FieldReader::assign(Field field, std::string_view value, int line) {
  switch (field) {
    case Field::Depends: return add_depends(value);
    case Field::Files:
    case Field::Creates:
    case Field::Modifies: return add_files(value, field);
    case Field::Tags: return add_tags(value);
    case Field::Priority: return set_priority(value, line);
    case Field::Timeout: return set_timeout(value, line);
    case Field::Agent: task_.agent = means_nothing(value) ? "" : bare_word(value); return;
    case Field::None: return;
  }
}

void FieldReader::add_depends(std::string_view value) {
  const auto is_id = [](std::string_view word) {
    return word.find_first_of("0123456789") != std::string_view::npos;
  };
  for (std::string_view part : list_of(value)) {
    std::string_view remark;
    part = without_remark(part, &remark);
    if (means_nothing(part)) continue;
    std::vector<std::string_view> words = words_of(part);
    std::erase_if(words, [](std::string_view word) { return word == "and" || word == "&"; });
    const bool several = words.size() > 1 && std::ranges::all_of(words, is_id);
    if (words.size() > 1 && !several) words = {part};  // one name, which the plan will not find
    for (const std::string_view word : words) {
      const std::string_view id = bare_word(word);
      if (!id.empty()) task_.depends.emplace_back(id);
    }
  }
}

void FieldReader::add_files(std::string_view value, Field field) {
  for (const std::string_view entry : list_of(value))
    add_file(entry, field);
}

/// `src/a.c`, `create src/a.c`, `Create: src/a.c`, `src/a.c (create)`, `src/a.c:10-20`.
void FieldReader::add_file(std::string_view entry, Field field) {
  constexpr std::array<std::string_view, 3> kCreating{"create", "creates", "new"};
  constexpr std::array<std::string_view, 5> kOther{"modify", "modifies", "edit", "test", "delete"};
  const auto is_one_of = [](std::string_view word, const auto& words) {
    return std::ranges::find(words, std::string_view(lower(word))) != words.end();
  };
  std::string_view remark;
  std::string_view path = without_remark(entry, &remark);
  bool creates = field == Field::Creates || is_one_of(remark, kCreating);
  const std::size_t end = path.find_first_of(": \t");
  const std::string_view word = path.substr(0, std::min(end, path.size()));
  if (end != std::string_view::npos && (is_one_of(word, kCreating) || is_one_of(word, kOther))) {
    creates = creates || is_one_of(word, kCreating);
    path = trim(path.substr(end + 1));
  }
  if (path.starts_with('`')) path = path.substr(1, path.find('`', 1) - 1);
  const std::size_t digits = path.find_last_not_of("0123456789-");
  if (digits != std::string_view::npos && digits + 1 < path.size() && path[digits] == ':')
    path = path.substr(0, digits);
  path = trim(path);
  if (means_nothing(path)) return;
  if (creates && created_.emplace(path).second) task_.creates.emplace_back(path);
  if (files_.emplace(path).second) task_.files.emplace_back(path);
}

void FieldReader::add_tags(std::string_view value) {
  if (means_nothing(value)) return;
  for (const std::string_view tag : list_of(value)) {
    const std::string_view word = bare_word(tag);
    if (!word.empty() && tags_.emplace(word).second) task_.tags.emplace_back(word);
  }
}

void FieldReader::set_priority(std::string_view value, int line) {
  struct Level {
    std::string_view name;
    Priority priority;
  };

  constexpr std::array kLevels{
      Level{"p0", Priority::P0},   Level{"p1", Priority::P1},     Level{"p2", Priority::P2},
      Level{"p3", Priority::P3},   Level{"p4", Priority::P4},     Level{"critical", Priority::P0},
      Level{"high", Priority::P1}, Level{"medium", Priority::P2}, Level{"normal", Priority::P2},
      Level{"low", Priority::P3},
  };
  const std::vector<std::string_view> words = words_of(value);
  const std::string word = lower(bare_word(words.empty() ? "" : words.front()));
  const auto found = std::ranges::find(kLevels, std::string_view(word), &Level::name);
  if (found != kLevels.end()) {
    task_.priority = found->priority;
    return;
  }
  problems_.push_back({Severity::Error, line, 0,
                       fmt::format("'{}' is not a priority", one_line(value, 60)),
                       "write P0, P1, P2, P3 or P4"});
}

void FieldReader::set_timeout(std::string_view value, int line) {
  const Result<Span> span = parse_span(bare_word(value));
  if (span && span->count() > 0) {
    task_.timeout = *span;
    return;
  }
  problems_.push_back({Severity::Error, line, 0,
                       fmt::format("'{}' is not a time limit", one_line(value, 60)),
                       "write a number and a unit, such as 90s, 30m or 1h30m"});
}

}  // namespace orch::tasks
