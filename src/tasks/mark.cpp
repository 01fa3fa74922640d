// Applies the marks that a file's reader found.
#include "tasks/mark.hpp"

#include "orch/base/text.hpp"
#include "tasks/reader.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace orch::tasks {

namespace {

std::vector<Mark> marks_by(const Reader& reader, std::string_view text) {
  return check_text(text).empty() ? reader.marks(text) : std::vector<Mark>{};
}

const std::string& wanted_text(const Mark& mark, bool done) {
  return done ? mark.ticked : mark.unticked;
}

/// How often each id occurs, and the mark of its last one.
struct State {
  int count = 0;
  bool done = false;
  bool has_box = false;
};

std::unordered_map<std::string, State> states_of(const std::vector<Mark>& marks) {
  std::unordered_map<std::string, State> states;
  for (const Mark& mark : marks) {
    State& state = states[mark.id.value];
    ++state.count;
    state.done = mark.done;
    state.has_box = mark.length > 0;
  }
  return states;
}

}  // namespace

Result<std::string> set_mark(std::string_view text, const TaskId& id, bool done) {
  if (const std::vector<Problem> problems = check_text(text); !problems.empty()) {
    return hinted(fail(Fault::BadInput, "{}", problems.front().message), problems.front().hint);
  }
  const std::vector<Mark> marks = reader_for(text, {}, nullptr)->marks(text);
  const auto found = std::ranges::find(marks, id, &Mark::id);
  const std::string shown = one_line(id.value, 60);
  if (found == marks.end())
    return fail(Fault::NotFound, "there is no task '{}' in the file", shown);
  if (std::ranges::count(marks, id, &Mark::id) > 1) {
    return hinted(fail(Fault::BadInput, "two tasks are called '{}'", shown),
                  "give one of them another id");
  }
  std::string changed(text);
  if (found->done != done) changed.replace(found->offset, found->length, wanted_text(*found, done));
  return changed;
}

std::string with_marks_of(std::string_view text, std::string_view other) {
  if (!check_text(text).empty() || text == other) return std::string(text);
  const Reader& reader = *reader_for(text, {}, nullptr);
  const std::vector<Mark> marks = reader.marks(text);
  const auto own = states_of(marks);
  const auto wanted = states_of(marks_by(reader, other));
  std::string result;
  result.reserve(text.size());
  std::size_t copied = 0;
  for (const Mark& mark : marks) {
    const auto found = wanted.find(mark.id.value);
    const bool is_sure =
        found != wanted.end() && found->second.count == 1 && own.at(mark.id.value).count == 1;
    if (!is_sure || found->second.done == mark.done) continue;
    const bool box_is_new = mark.length > 0 && !found->second.has_box;  // of a heading: take it out
    const std::size_t from = box_is_new ? mark.offset - 1 : mark.offset;
    result += text.substr(copied, from - copied);
    if (!box_is_new) result += wanted_text(mark, found->second.done);
    copied = from + (box_is_new ? std::string_view("[x] ").size() : mark.length);
  }
  result += text.substr(copied);
  return result;
}

}  // namespace orch::tasks
