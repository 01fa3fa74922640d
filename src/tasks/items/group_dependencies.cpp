// Finds sections by their names and numbers: "Task Group 1: Models" is meant by "Task Groups 1-3".
#include "tasks/items/group_dependencies.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/stages.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace orch::tasks {

namespace {

constexpr int kMostEdges = 20'000;  // each section may name each other one

/// "Task Group 1: Models" -> "task group" and 1; without a name or a number: 0.
struct Name {
  std::string words;
  int number = 0;
};

/// A number of at most four digits at the start of the text, and how many it has.
std::pair<int, std::size_t> number_at(std::string_view text) {
  int number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && digits < 4 && is_digit(text[digits]); ++digits)
    number = 10 * number + (text[digits] - '0');
  return {number, digits};
}

Name name_of(std::string_view title) {
  const std::string small = folded(without_signs(title));
  const std::size_t digit = small.find_first_of("0123456789");
  if (digit == std::string::npos || digit < 2 || small[digit - 1] != ' ') return {};
  const auto [number, digits] = number_at(std::string_view(small).substr(digit));
  const std::size_t end = digit + digits;
  const bool ends =
      end == small.size() || std::string_view(": .-)").find(small[end]) != std::string_view::npos;
  return ends ? Name{small.substr(0, digit - 1), number} : Name{};
}

/// "1", "1-3", "1, 2 and 3" at the start of the text.
std::set<int> numbers_at(std::string_view text) {
  constexpr int kMost = 1000;  // named again or not: ranges are cheap to write
  std::set<int> numbers;
  int from = 0;  // of a range
  int named = 0;
  while (true) {
    const auto [number, digits] = number_at(text);
    if (digits == 0) return numbers;
    for (int one = from > 0 ? from : number; one <= number && named < kMost; ++one, ++named)
      numbers.insert(one);
    text.remove_prefix(digits);
    from = 0;
    const std::size_t next = std::min(text.find_first_of("0123456789"), text.size());
    const std::string joint(trim(text.substr(0, next)));
    const bool spans = joint == "-" || joint == "–" || joint == "to" || joint == "through";
    const bool joins = joint == "," || joint == "and" || joint == ", and" || joint == "&";
    if (!spans && !joins) return numbers;
    if (spans) from = number;
    text.remove_prefix(next);
  }
}

class GroupDependencies {
 public:
  GroupDependencies(const Document& document, const std::vector<Draft>& drafts,
                    const References& references, Reading& reading)
      : document_(document),
        drafts_(drafts),
        references_(references),
        reading_(reading),
        outermost_(reading.groups.size()) {
    for (int i = 0; i < static_cast<int>(reading.items.size()); ++i) {
      if (!reading.items[at(i)].parent.empty()) continue;
      for (int own = reading.items[at(i)].group; own >= 0; own = reading.groups[at(own)].parent)
        outermost_[at(own)].push_back(i);
    }
    for (int i = 0; i < static_cast<int>(reading.groups.size()); ++i) {
      const Name name = name_of(reading.groups[at(i)].title);
      if (name.number > 0) named_[name.words].emplace(name.number, i);
    }
  }

  std::vector<bool> add() {
    std::vector<bool> says(reading_.groups.size());
    for (int group = 0; group < static_cast<int>(reading_.groups.size()); ++group) {
      const std::string_view value = field_of(group);
      const int around = reading_.groups[at(group)].parent;
      says[at(group)] = !value.empty() || (around >= 0 && says[at(around)]);
      if (value.empty() || says_nothing(value)) continue;
      const std::vector<std::string> ids = ids_in(value, group);
      for (const int item : outermost_[at(group)])
        for (const std::string& id : ids)
          if (edges_left_-- > 0) add_id(reading_.items[at(item)].depends, id);
    }
    return says;
  }

 private:
  /// The value of the field between the heading and what comes first below it. Stages follow each
  /// other anyway, and where they are tasks themselves the field is theirs.
  std::string_view field_of(int group) const {
    if (stage_of(reading_.groups[at(group)].title)) return {};
    const int line = reading_.groups[at(group)].line;
    const auto section = std::ranges::lower_bound(document_.sections, line, {}, &Section::line);
    if (section == document_.sections.end() || section->line != line) return {};
    int end = section->last_line;
    if (section + 1 != document_.sections.end()) end = std::min(end, (section + 1)->line - 1);
    const auto draft = std::ranges::lower_bound(drafts_, line, {}, &Draft::line);
    if (draft != drafts_.end()) end = std::min(end, draft->line - 1);
    for (int own = section->text_line + 1; own <= end; ++own) {
      if (document_.is_literal(own)) continue;
      const FieldText field = field_text(document_.line(own));
      if (field.kind == FieldKind::Depends) return trim(field.value);
    }
    return {};
  }

  std::vector<std::string> ids_in(std::string_view value, int self) const {
    constexpr std::size_t kLongest = 2000;
    std::vector<std::string> ids;
    const std::string small = lower(value.substr(0, kLongest));
    for (const auto& [words, numbered] : named_) {
      std::size_t found = small.find(words);
      for (; found != std::string::npos; found = small.find(words, found + 1)) {
        std::string_view rest = std::string_view(small).substr(found + words.size());
        if (rest.starts_with('s')) rest.remove_prefix(1);
        for (const int number : numbers_at(trim(rest))) {
          const auto group = numbered.find(number);
          if (group == numbered.end() || group->second == self) continue;
          for (const int item : outermost_[at(group->second)])
            add_id(ids, reading_.items[at(item)].id);
        }
      }
    }
    if (!ids.empty()) return ids;
    for (const std::string& id : references_.of_field(value, -1))
      if (references_.find(id) >= 0) add_id(ids, id);
    return ids;
  }

  const Document& document_;
  const std::vector<Draft>& drafts_;
  const References& references_;
  Reading& reading_;
  // Of each group and those in it: the tasks that are no part of another.
  std::vector<std::vector<int>> outermost_;
  std::map<std::string, std::map<int, int>> named_;  // groups, by words and number
  int edges_left_ = kMostEdges;
};

}  // namespace

std::vector<bool> add_group_dependencies(const Document& document, const std::vector<Draft>& drafts,
                                         const References& references, Reading& reading) {
  return GroupDependencies(document, drafts, references, reading).add();
}

}  // namespace orch::tasks
