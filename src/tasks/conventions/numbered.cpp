// Takes the headings below one heading together, and asks of all of them at once.
#include "tasks/conventions/numbered.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/bullets.hpp"
#include "tasks/items/task_words.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/stages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <string>
#include <utility>

namespace orch::tasks {

namespace {

/// "2" of "2. Title" and of "1.2 Title"; -1: no number stands there.
int number_of(std::string_view title) {
  const TaskWords words = task_words(without_box(title));
  if (words.style != IdStyle::Number) return -1;
  const std::string_view id = words.id;
  const std::string_view last = id.substr(id.rfind('.') + 1);
  int number = -1;
  std::from_chars(last.data(), last.data() + last.size(), number);
  return number;
}

std::string_view title_without_number(std::string_view title) {
  return task_words(without_box(title)).from_title;
}

/// What specifications and reports have as sections.
bool names_chapter(std::string_view title) {
  constexpr auto kChapters = std::to_array<std::string_view>({"introduction",
                                                              "executive",
                                                              "architecture",
                                                              "design",
                                                              "data model",
                                                              "approach",
                                                              "problem",
                                                              "solution",
                                                              "proposed",
                                                              "current",
                                                              "target",
                                                              "scope",
                                                              "strategy",
                                                              "conclusion",
                                                              "appendix",
                                                              "alternatives",
                                                              "dependencies",
                                                              "testing",
                                                              "tests",
                                                              "test plan",
                                                              "acceptance",
                                                              "estimat",
                                                              "implementation plan",
                                                              "implementation steps",
                                                              "einleitung",
                                                              "architektur",
                                                              "fazit",
                                                              "contexte",
                                                              "contexto",
                                                              "introducción",
                                                              "введение",
                                                              "概述",
                                                              "背景",
                                                              "概要"});
  const std::string small = lower(title);
  return names_no_tasks(title) || std::ranges::any_of(kChapters, [&small](std::string_view one) {
           return small.starts_with(one);
         });
}

/// Sections of one level below one heading.
using Siblings = std::vector<int>;

class NumberedSteps {
 public:
  NumberedSteps(const Document& document, std::string_view path)
      : document_(document), plan_(is_plan(document, path)) {
    for (int i = 0; i < static_cast<int>(document.sections.size()); ++i) {
      const Section& section = document.sections[at(i)];
      if (number_of(section.title) >= 0) siblings_[{section.parent, section.level}].push_back(i);
    }
  }

  std::vector<int> find() const {
    std::vector<int> found;
    std::map<int, int> last;  // number by level: phases may go on counting
    for (const auto& [place, sections] : siblings_) {
      const auto [parent, level] = place;
      const int first = number_of(title(sections.front()));
      const bool begins = first <= 1 || (last.contains(level) && first == last[level] + 1);
      if (!begins || !counts_up(sections) || !are_steps(sections, parent)) continue;
      last[level] = number_of(title(sections.back()));
      found.insert(found.end(), sections.begin(), sections.end());
    }
    std::ranges::sort(found);
    return inner_of(found);
  }

 private:
  std::string_view title(int section) const { return document_.sections[at(section)].title; }

  bool counts_up(const Siblings& sections) const {
    for (std::size_t i = 1; i < sections.size(); ++i)
      if (number_of(title(sections[i])) != number_of(title(sections[i - 1])) + 1) return false;
    return true;
  }

  bool are_steps(const Siblings& sections, int parent) const {
    const bool below_steps = parent >= 0 && names_steps(title_without_number(title(parent)));
    const auto no_tasks = std::ranges::count_if(sections, [this](int section) {
      return names_no_tasks(title_without_number(title(section)));
    });
    if (below_steps) return 2 * no_tasks < std::ssize(sections);  // "History" may be one to write
    const bool outermost = parent < 0 || document_.sections[at(parent)].level == 1;
    const bool inside = parent >= 0 && (stage_of(title(parent)) || number_of(title(parent)) >= 0);
    return plan_ && (outermost || inside) && (inside || sections.size() > 1) &&
           std::ranges::none_of(sections, [this](int section) {
             return names_chapter(title_without_number(title(section)));
           });
  }

  /// Those that hold no others. In the order of the text a holder stands before what it holds.
  std::vector<int> inner_of(const std::vector<int>& found) const {
    std::vector<int> inner;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const int end = document_.sections[at(found[i])].last_line;
      const bool holds = i + 1 < found.size() && document_.sections[at(found[i + 1])].line <= end;
      if (!holds) inner.push_back(found[i]);
    }
    return inner;
  }

  const Document& document_;
  const bool plan_;
  std::map<std::pair<int, int>, Siblings> siblings_;  // by parent and level
};

}  // namespace

std::vector<int> numbered_steps(const Document& document, std::string_view path) {
  return NumberedSteps(document, path).find();
}

}  // namespace orch::tasks
