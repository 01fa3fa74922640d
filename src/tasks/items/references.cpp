// Scans texts for ids, each byte a bounded number of times.
#include "tasks/items/references.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

constexpr std::array<std::string_view, 8> kDashes{"-", "–", "—", "~", "〜", "～", "..", "..."};
constexpr std::array<std::string_view, 20> kPhrases{
    "depends:",     "deps:",        "dependencies:", "depends on",   "depend on",
    "dependent on", "depends upon", "blocked by",    "requires",     "needs",
    "waits for",    "waiting for",  "hängt ab von",  "abhängig von", "dépend de",
    "depende de",   "dipende da",   "зависит от",    "依赖于",       "依赖"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_wide(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

bool in_token(char c) {
  return is_digit(c) || is_letter(c) || c == '_' || c == '.' || c == '-';
}

bool is_number(std::string_view text) {
  return !text.empty() && is_digit(text[0]) &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// "T" of "T12", "INFRA-" of "INFRA-3".
std::string prefix_of(std::string_view id) {
  const std::size_t digit = id.find_first_of("0123456789");
  return lower(id.substr(0, std::min(digit, id.size())));
}

/// The last word in front of a token: "task", ",", "" at the start.
std::string word_before(std::string_view before) {
  constexpr std::size_t kFar = 24;
  before = before.substr(before.size() - std::min(before.size(), kFar));
  const std::size_t last = before.find_last_not_of(" \t*_`#([\"'");
  if (last == std::string_view::npos) return {};
  std::size_t from = last;
  if (!is_letter(before[from]) && !is_wide(before[from])) return std::string(1, before[from]);
  while (from > 0 && (is_letter(before[from - 1]) || is_wide(before[from - 1])))
    --from;
  return lower(before.substr(from, last - from + 1));
}

std::string word_after(std::string_view after) {
  const std::size_t from = after.find_first_not_of(" \t*_`)]");
  if (from == std::string_view::npos) return {};
  const auto begins = [&](std::string_view dash) { return after.substr(from).starts_with(dash); };
  if (std::ranges::any_of(kDashes, begins)) return {};  // a range
  std::size_t end = from;
  while (end < after.size() && end - from < 24 && (is_letter(after[end]) || is_wide(after[end])))
    ++end;
  return lower(after.substr(from, end - from));
}

bool joins(std::string_view word) {
  constexpr std::array<std::string_view, 16> kJoints{"and", "or", "und", "y", "e", "et",
                                                     "и",   "to", "bis", "a", "à", "through",
                                                     "와",  "と", "和",  "及"};
  return std::ranges::find(kJoints, word) != kJoints.end();
}

bool means_task(std::string_view word) {
  constexpr std::array<std::string_view, 18> kNames{
      "task",   "tasks",   "step",  "steps",  "story",   "issue",  "issues", "tarea", "tareas",
      "tarefa", "tarefas", "tâche", "tâches", "aufgabe", "задача", "任务",   "任務",  "タスク"};
  return std::ranges::find(kNames, word) != kNames.end();
}

/// What stands between the two ends of a range: "-", " to Task ", " - #".
bool spans(std::string_view between) {
  constexpr std::array<std::string_view, 7> kWords{"to", "through", "thru", "bis", "à", "до", "至"};
  constexpr std::size_t kLongest = 40;
  if (between.size() > kLongest) return false;
  bool found = false;
  for (const std::string_view part : split(between, ' ')) {
    const std::size_t from = part.find_first_not_of("#*`[]");
    if (from == std::string_view::npos) continue;
    const std::string word = lower(part.substr(from, part.find_last_not_of("#*`[]") - from + 1));
    if (means_task(word)) continue;
    const bool dash = std::ranges::any_of(kDashes, [&word](std::string_view one) {
      return word == one || (word.starts_with(one) && means_task(word.substr(one.size())));
    });
    if (found || (!dash && std::ranges::find(kWords, word) == kWords.end())) return false;
    found = true;
  }
  return found;
}

/// A bare number is an id only where a list of ids can stand.
bool number_may_be_id(std::string_view before, std::string_view after) {
  const std::string left = word_before(before);
  if (means_task(left)) return true;
  const bool listed = left.empty() || left == "," || left == "-" || left == "&" || left == ";" ||
                      left == ":" || left == "+" || joins(left) || left == "/";
  const std::string right = word_after(after);
  return listed && (right.empty() || joins(right));
}

/// "All previous tasks".
bool means_all_before(std::string_view value) {
  const std::string small = folded(value.substr(0, 40));
  return small.starts_with("all previous") || small.starts_with("all prior") ||
         small.starts_with("all preceding") || small.starts_with("all above") ||
         small.starts_with("all tasks above") || small.starts_with("all of the above");
}

/// "None (at the same time as T3)": what follows is no dependency.
bool denies(std::string_view value) {
  const std::string small = folded(value.substr(0, 40));
  return !small.empty() && (is_letter(small[0]) || is_wide(small[0])) && says_nothing(small);
}

/// Text without its remarks in round brackets, if ids stand outside of them.
std::string without_remarks(std::string_view text) {
  std::string plain;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (depth == 0) plain += c;
    if (c == ')' && depth > 0) --depth;
  }
  return plain.find_first_of("0123456789*") == std::string::npos ? std::string(text) : plain;
}

}  // namespace

void add_id(std::vector<std::string>& ids, std::string_view id) {
  constexpr std::size_t kMost = 1000;
  if (ids.size() >= kMost) return;
  if (std::ranges::find(ids, id) == ids.end()) ids.emplace_back(id);
}

References::References(const std::vector<Item>& items) : items_(items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].has_id) continue;
    places_.emplace(lower(items[i].id), static_cast<int>(i));
    const std::string prefix = prefix_of(items[i].id);
    if (prefix.size() < items[i].id.size()) ++prefixes_[prefix];
  }
}

int References::find(std::string_view id, int self) const {
  while (id.starts_with('#'))
    id.remove_prefix(1);
  while (id.ends_with('.') || id.ends_with('-'))
    id.remove_suffix(1);
  if (self >= 0) {
    const std::string& own = items_[static_cast<std::size_t>(self)].id;
    const std::size_t section = own.rfind('/');
    const auto beside = section == own.npos
                            ? places_.end()
                            : places_.find(lower(own.substr(0, section + 1)) + lower(id));
    if (beside != places_.end()) return beside->second;
  }
  const auto found = places_.find(lower(id));
  return found == places_.end() ? -1 : found->second;
}

/// Is it written like the ids of this file: the same letters, then a number?
bool References::looks_like_ours(std::string_view token) const {
  if (!is_letter(token[0]) || !is_digit(token.back())) return false;
  const std::string prefix = prefix_of(token);
  if (prefix.size() == token.size()) return false;
  return prefixes_.contains(prefix) &&
         token.substr(prefix.size()).find_first_not_of("0123456789.") == std::string_view::npos;
}

References::Token References::next_token(std::string_view text, std::size_t from) const {
  while (from < text.size() && !is_digit(text[from]) && !is_letter(text[from]))
    ++from;
  std::size_t end = from;
  while (end < text.size() && in_token(text[end]))
    ++end;
  Token token{text.substr(from, end - from), from, end, false};
  const bool star =
      end < text.size() && text[end] == '*' && (end + 1 == text.size() || text[end + 1] != '*');
  token.wildcard =
      star && !token.text.empty() &&
      (token.text.back() == '-' || token.text.back() == '.' || token.text.back() == '_');
  while (!token.wildcard && !token.text.empty() &&
         (token.text.back() == '.' || token.text.back() == '-')) {
    token.text.remove_suffix(1);
    --token.end;
  }
  return token;
}

/// `T010-T013`, `T010-013`, `10-13`, `T1..T3` as one word.
bool References::add_inner_range(std::string_view token, int self,
                                 std::vector<std::string>& ids) const {
  for (std::size_t dash = token.find('-'); dash != std::string_view::npos;
       dash = token.find('-', dash + 1)) {
    const std::string_view first = token.substr(0, dash);
    if (find(first, self) >= 0) return add_range(first, token.substr(dash + 1), self, ids);
  }
  const std::size_t dots = token.find("..");
  if (dots != std::string_view::npos) {
    const std::string_view rest = token.substr(dots);
    const std::size_t last = rest.find_first_not_of('.');
    return last != std::string_view::npos &&
           add_range(token.substr(0, dots), rest.substr(last), self, ids);
  }
  return false;
}

/// All items between two, in the order of the file; the second may be a mere number.
bool References::add_range(std::string_view first, std::string_view last, int self,
                           std::vector<std::string>& ids) const {
  constexpr int kMost = 500;
  const int from = find(first, self);
  if (from < 0) return false;
  int to = find(last, self);
  const std::string prefix = prefix_of(items_[static_cast<std::size_t>(from)].id);
  if (to < 0 && is_number(last)) to = find(prefix + std::string(last));
  if (to < from || to - from > kMost) return false;
  const auto dots = std::ranges::count(items_[static_cast<std::size_t>(from)].id, '.');
  for (int i = from; i <= to; ++i) {
    const Item& item = items_[static_cast<std::size_t>(i)];
    const bool alike = prefix_of(item.id) == prefix && std::ranges::count(item.id, '.') == dots;
    if (item.has_id && alike && i != self) add_id(ids, item.id);
  }
  return true;
}

bool References::add_token(const Token& token, std::string_view before, std::string_view after,
                           bool keep_unknown, int self, std::vector<std::string>& ids) const {
  if (token.text.empty()) return false;
  if (token.wildcard) {
    if (wildcards_left_-- <= 0) return false;
    const std::string prefix = lower(token.text);
    bool any = false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!items_[i].has_id || !lower(items_[i].id).starts_with(prefix)) continue;
      any = true;
      if (static_cast<int>(i) != self) add_id(ids, items_[i].id);
    }
    return any;
  }
  if (is_number(token.text) && !number_may_be_id(before, after)) return false;
  const int place = find(token.text, self);
  if (place >= 0) {
    if (place != self) add_id(ids, items_[static_cast<std::size_t>(place)].id);
    return true;
  }
  const bool counted = is_digit(token.text[0]) && !number_may_be_id(before, after);
  if (!counted && add_inner_range(token.text, self, ids)) return true;
  if (!keep_unknown || !looks_like_ours(token.text)) return false;
  add_id(ids, token.text);
  return true;
}

std::vector<std::string> References::of_field(std::string_view value, int self) const {
  std::vector<std::string> ids;
  if (places_.empty() || denies(value)) return ids;
  const std::string text = without_remarks(ascii_signs(value));
  if (means_all_before(text)) {
    for (int i = 0; i < self; ++i) {
      if (items_[static_cast<std::size_t>(i)].has_id)
        add_id(ids, items_[static_cast<std::size_t>(i)].id);
    }
  }
  Token last;
  bool last_is_id = false;
  for (std::size_t at = 0; at < text.size();) {
    const Token token = next_token(text, at);
    if (token.text.empty()) break;
    const std::string_view all = text;
    const std::string_view between = all.substr(last.end, token.begin - last.end);
    const bool range = last_is_id && spans(between);
    const bool is_id =
        (range && add_range(last.text, token.text, self, ids)) ||
        add_token(token, all.substr(0, token.begin), all.substr(token.end), true, self, ids);
    at = std::max(token.end, at + 1);
    const std::string word = lower(token.text);
    if (!is_id && (joins(word) || means_task(word) || spans(word))) continue;  // "T1 to task T3"
    last = token;
    last_is_id = is_id;
  }
  return ids;
}

/// Ids that directly follow, with nothing but commas and the like between them.
std::vector<std::string> References::list_at(std::string_view text, int self,
                                             std::size_t* end) const {
  constexpr std::size_t kLongestJoint = 16;
  std::vector<std::string> ids;
  Token last;
  bool first = true;
  *end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Token token = next_token(text.substr(0, at + 200), at);
    if (token.text.empty() || token.begin - at > kLongestJoint) break;
    const std::string_view between = text.substr(at, token.begin - at);
    if (between.find_first_of(".;()") != std::string_view::npos && !first) break;
    const std::string word = lower(token.text);
    if (joins(word) || means_task(word) || spans(word)) {
      at = token.end;
      continue;
    }
    const bool range = !first && spans(text.substr(last.end, token.begin - last.end));
    const std::string_view before = text.substr(0, token.begin);
    const std::string_view after = text.substr(token.end);
    const bool is_id = (range && add_range(last.text, token.text, self, ids)) ||
                       add_token(token, before, is_number(token.text) ? after.substr(0, 0) : after,
                                 false, self, ids);
    if (!is_id) break;
    first = false;
    last = token;
    at = token.end;
    *end = at;
  }
  return ids;
}

/// "T5 depends on": the sentence is about that task and no other.
bool References::names_other(std::string_view before, int self) const {
  constexpr std::size_t kFar = 40;
  before = trim(before.substr(before.size() - std::min(before.size(), kFar)));
  while (before.ends_with('*') || before.ends_with('`') || before.ends_with(':'))
    before.remove_suffix(1);
  std::size_t from = before.size();
  while (from > 0 && in_token(before[from - 1]))
    --from;
  const std::string_view token = before.substr(from);
  if (token.empty() || is_number(token)) return false;
  const int place = find(token);
  return place >= 0 && place != self;
}

std::vector<std::string> References::of_prose(std::string_view text, int self) const {
  return of_phrases(text, self, kPhrases);
}

std::string_view References::after_phrase(std::string_view sentence) {
  constexpr std::size_t kLongest = 2000;
  const std::string small = lower(sentence.substr(0, kLongest));
  for (const std::string_view phrase : kPhrases) {
    const std::size_t at = small.find(phrase);
    const bool begins = at == 0 || (at != small.npos && !is_letter(small[at - 1]));
    if (begins) return sentence.substr(at + phrase.size());
  }
  return {};
}

std::vector<std::string> References::after_task(std::string_view text, int self) const {
  constexpr std::array<std::string_view, 2> kTask{"task ", "tasks "};
  return of_phrases(text, self, kTask);
}

std::vector<std::string> References::after_after(std::string_view text, int self) const {
  constexpr std::array<std::string_view, 8> kAfter{"after ",     "nach ", "après ", "después de ",
                                                   "depois de ", "dopo ", "после ", "follows "};
  return of_phrases(text, self, kAfter);
}

std::vector<std::string> References::at_start(std::string_view text) const {
  text.remove_prefix(std::min(text.find_first_not_of(" \t*_`#-"), text.size()));
  std::size_t end = 0;
  return list_at(text, -1, &end);
}

std::vector<std::string> References::of_phrases(std::string_view text, int self,
                                                std::span<const std::string_view> phrases) const {
  std::vector<std::string> ids;
  if (places_.empty()) return ids;
  const std::string small = lower(text);
  for (const std::string_view phrase : phrases) {
    for (std::size_t at = small.find(phrase); at != std::string::npos;
         at = small.find(phrase, at + phrase.size())) {
      const bool begins = at == 0 || !is_letter(small[at - 1]);
      const std::string_view before =
          std::string_view(small).substr(at > 8 ? at - 8 : 0, std::min<std::size_t>(at, 8));
      const bool denied =
          before.ends_with("not ") || before.ends_with("n't ") || before.ends_with("no ");
      if (!begins || denied || names_other(text.substr(0, at), self)) continue;
      std::size_t end = 0;
      for (const std::string& id : list_at(text.substr(at + phrase.size()), self, &end))
        add_id(ids, id);
    }
  }
  return ids;
}

void References::add_statements(std::string_view line, std::vector<Item>& items) const {
  if (line.find("epend") == std::string_view::npos) return;
  const std::string small = lower(line);
  const std::size_t verb = std::min(small.find("depends on"), small.find("depend on"));
  if (verb == std::string::npos) return;
  std::string_view start = trim(line.substr(0, verb));
  while (!start.empty() && !is_digit(start[0]) && !is_letter(start[0]))
    start.remove_prefix(1);
  std::size_t end = 0;
  const std::vector<std::string> subjects = list_at(start, -1, &end);
  for (const std::string& subject : subjects) {
    if (is_number(subject)) continue;  // too easily a number of something else
    const int self = find(subject);
    for (const std::string& id : of_prose(line.substr(verb), self))
      add_id(items[static_cast<std::size_t>(self)].depends, id);
  }
}

void References::add_arrows(std::string_view line, std::vector<Item>& items) const {
  constexpr std::array<std::string_view, 5> kArrows{"-->", "->", "→", "=>", "➜"};
  std::vector<std::vector<std::string>> steps;
  std::string text(line);
  for (const std::string_view arrow : kArrows) {
    for (std::size_t at = text.find(arrow); at != std::string::npos; at = text.find(arrow, at + 1))
      text.replace(at, arrow.size(), "\t");
  }
  for (const std::string_view part : split(text, '\t')) {
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < part.size();) {
      const Token token = next_token(part, at);
      if (token.text.empty()) break;
      const int place = is_number(token.text) ? -1 : find(token.text);
      if (place < 0) return;
      add_id(ids, items_[static_cast<std::size_t>(place)].id);
      at = token.end;
    }
    if (ids.empty()) return;
    steps.push_back(std::move(ids));
  }
  for (std::size_t i = 1; i < steps.size(); ++i) {
    for (const std::string& id : steps[i]) {
      for (const std::string& first : steps[i - 1]) {
        if (first != id) add_id(items[static_cast<std::size_t>(find(id))].depends, first);
      }
    }
  }
}

}  // namespace orch::tasks
