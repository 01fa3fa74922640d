// Random texts, edited by a user and ticked by a run: nothing of either gets lost.
#include "catch.hpp"
#include "tasks/write/marks.hpp"
#include "tasks/write/tick.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace orch::tasks {
namespace {

class Text {
 public:
  explicit Text(std::mt19937& dice) : dice_(dice) {
    for (int i = below(8); i >= 0; --i)
      add();
  }

  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(dice_); }

  void add() {
    const auto at = below(static_cast<int>(lines_.size()) + 1);
    const int id = next_++;
    lines_.insert(lines_.begin() + at,
                  fmt::format("- [{}] T{}: do {}\n", below(4) == 0 ? 'x' : ' ', id, id));
    if (below(2) == 0) lines_.insert(lines_.begin() + at, "some words\t \n");
  }

  void edit() {
    if (lines_.empty() || below(3) == 0) return add();
    const auto line = lines_.begin() + below(static_cast<int>(lines_.size()));
    switch (below(4)) {
      case 0: lines_.erase(line); break;
      case 1: line->insert(line->size() - 1, " and more"); break;
      case 2: std::swap(*line, lines_.front()); break;
      default:
        if (line->starts_with("- [")) (*line)[3] = (*line)[3] == 'x' ? ' ' : 'x';
    }
  }

  std::string text() const {
    std::string all;
    for (const std::string& line : lines_)
      all += line;
    return all;
  }

 private:
  std::mt19937& dice_;
  std::vector<std::string> lines_;
  int next_ = 1;
};

std::set<std::string> done_in(const std::string& text) {
  std::set<std::string> done;
  for (int id = 1; id < 40; ++id) {
    if (text.find(fmt::format("- [x] T{}:", id)) != std::string::npos)
      done.insert(fmt::format("T{}", id));
  }
  return done;
}

bool has(const std::string& text, const std::string& id) {
  return text.find("] " + id + ":") != std::string::npos;
}

std::string unmarked(std::string text) {
  for (std::size_t at = text.find("- [x]"); at != std::string::npos; at = text.find("- [x]", at))
    text[at + 3] = ' ';
  return text;
}

TEST_CASE("ticks are set in an edited text, and every byte and mark of the user's survives") {
  std::mt19937 dice(7);
  for (int round = 0; round < 3000; ++round) {
    Text user(dice);
    const std::string before = user.text();
    std::vector<std::string> ids;
    for (int id = 1; id < 12; ++id)
      if (user.below(4) == 0) ids.push_back(fmt::format("T{}", id));
    const std::string after = with_ticks({before, "tasks.md"}, "native", ids);
    for (int edits = user.below(5); edits > 0; --edits)
      user.edit();
    const std::string edited = user.text();
    const std::string joined = with_mark_changes(edited, before, after, "tasks.md", "native");
    INFO("before\n"
         << before << "after\n"
         << after << "edited\n"
         << edited << "joined\n"
         << joined);
    REQUIRE(unmarked(joined) == unmarked(edited));
    std::set<std::string> wanted = done_in(edited);
    const std::set<std::string> old = done_in(before);
    for (const std::string& id : done_in(after))
      if (!old.contains(id) && has(edited, id)) wanted.insert(id);
    REQUIRE(done_in(joined) == wanted);
    REQUIRE(with_mark_changes(joined, before, after, "tasks.md", "native") == joined);
  }
}

}  // namespace
}  // namespace orch::tasks
