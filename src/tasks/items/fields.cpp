// Takes lists of ids, paths and words apart; what cannot be one is left to the caller.
#include "tasks/items/fields.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

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
std::string_view without_marks(std::string_view text) {
  constexpr std::string_view kAround = " \t`*[]#\"'";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(kAround) - first + 1);
  while (text.ends_with('.'))
    text.remove_suffix(1);
  return text;
}

/// Splits at commas and semicolons that are not inside brackets or code ticks. Nobody names more
/// than a few of anything: what follows is left out.
std::vector<std::string_view> parts_of(std::string_view value) {
  constexpr std::size_t kMost = 2000;
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
    if (parts.size() == kMost) return parts;
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

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, std::string_view(lower(word))) != words.end();
}

/// `src/a.c`, `create src/a.c`, `Create: src/a.c`, `src/a.c (create)`, `src/a.c:10-20`.
ListedFile listed_file(std::string_view entry) {
  constexpr std::array<std::string_view, 3> kCreating{"create", "creates", "new"};
  constexpr std::array<std::string_view, 5> kOther{"modify", "modifies", "edit", "test", "delete"};
  std::string_view remark;
  std::string_view path = without_remark(entry, &remark);
  bool creates = is_one_of(remark, kCreating);
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
  return {std::string(trim(path)), creates};
}

/// A sentence in a list of files is a remark.
bool is_path(std::string_view text) {
  const bool words = text.find_first_of(" \t") != std::string_view::npos;
  return !says_nothing(text) && !text.ends_with(':') &&
         (!words || text.find_first_of("./*") != std::string_view::npos);
}

}  // namespace

bool is_field(std::string_view line) {
  return field_text(line).kind != FieldKind::None;
}

std::string_view field_meant_by(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames{"Depends",  "Depends on", "Dependencies",
                                                   "Files",    "Create",     "Modify",
                                                   "Priority", "Tags",       "Timeout"};
  const std::string word = lower(name);
  if (word == "created" || word == "modified") return {};  // dates, more often than not
  const auto meant = std::ranges::find_if(
      kNames, [&word](std::string_view known) { return one_slip_apart(word, lower(known)); });
  return meant == kNames.end() ? std::string_view() : *meant;
}

std::vector<std::string> listed_ids(std::string_view value) {
  const auto is_id = [](std::string_view word) {
    return word.find_first_of("0123456789") != std::string_view::npos;
  };
  std::vector<std::string> ids;
  for (std::string_view part : parts_of(value)) {
    std::string_view remark;
    part = without_remark(part, &remark);
    if (says_nothing(part)) continue;
    std::vector<std::string_view> words = words_of(part);
    std::erase_if(words, [](std::string_view word) { return word == "and" || word == "&"; });
    const bool several = words.size() > 1 && std::ranges::all_of(words, is_id);
    if (words.size() > 1 && !several) words = {part};  // one name, which no task has
    for (const std::string_view word : words) {
      const std::string_view id = plain_word(word);
      if (!id.empty()) ids.emplace_back(id);
    }
  }
  return ids;
}

std::vector<ListedFile> listed_files(std::string_view value) {
  std::vector<ListedFile> files;
  for (const std::string_view entry : parts_of(value)) {
    ListedFile file = listed_file(entry);
    if (is_path(file.path)) files.push_back(std::move(file));
  }
  return files;
}

std::vector<std::string> listed_words(std::string_view value) {
  std::vector<std::string> words;
  if (says_nothing(value)) return words;
  for (const std::string_view part : parts_of(value)) {
    const std::string_view word = plain_word(part);
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

std::string_view plain_word(std::string_view value) {
  return says_nothing(value) ? std::string_view() : without_marks(value);
}

}  // namespace orch::tasks
