// Texts of several lines in a part of the screen.
#include "dashboard/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace orch::dashboard {
namespace {

constexpr std::size_t kIndent = 9;  // the time in front of an event

Style style_of(std::string_view text, bool is_diff) {
  if (!is_diff || text.empty()) return {};
  if (text.starts_with("diff ") || text.starts_with("+++") || text.starts_with("---")) return kBold;
  if (text.front() == '+') return {.ink = Ink::Green};
  if (text.front() == '-') return {.ink = Ink::Red};
  return text.starts_with("@@") ? Style{.ink = Ink::Cyan} : Style{};
}

constexpr auto kHelp = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"up, down, j, k", "select a task; page up and down, home and end as well, and the mouse"},
    {"u", "select the next task that needs you"},
    {"enter", "go to the window of its agent"},
    {"y, n", "say yes or no to the question behind (y/n) above the list"},
    {"s", "send its agent a text, as soon as it is at its prompt"},
    {"a", "abort it, after a question; its work is saved"},
    {"m, r", "merge it as it is in its worktree; start it again"},
    {"h, H", "hold it: not started and not landed; release it"},
    {"l, d", "what its agent has printed; what it has changed"},
    {"/", "list only tasks with this in id, title, state or kind of agent; escape lists all"},
    {"o", "order: as in the task file, by state, by time, by id"},
    {"tab", "the pane under the list: events, or the details of the selected task"},
    {"e", "all events that are kept here"},
});

}  // namespace

std::vector<Line> lines_from(const std::vector<std::string>& texts, std::size_t first,
                             std::size_t columns, std::size_t rows, bool is_diff) {
  std::vector<Line> lines;
  for (std::size_t at = first; at < texts.size() && lines.size() < rows; ++at) {
    for (const std::string& text : wrapped(texts[at], columns, is_diff ? 0 : kIndent)) {
      if (lines.size() == rows) break;
      lines.emplace_back();
      add(lines.back(), text, style_of(texts[at], is_diff));
    }
  }
  return lines;
}

std::size_t first_of_end(const std::vector<std::string>& texts, std::size_t columns,
                         std::size_t rows) {
  std::size_t first = texts.size();
  for (std::size_t left = rows; first > 0; --first) {
    const std::size_t needed = wrapped(texts[first - 1], columns, kIndent).size();
    if (needed > left) break;
    left -= needed;
  }
  return first;
}

std::vector<std::string> help_lines(bool is_home) {
  std::vector<std::string> lines;
  for (const auto& [keys, text] : kHelp)
    lines.push_back(fmt::format("{:<15} {}", keys, text));
  lines.push_back(fmt::format("{:<15} {}", "q",
                              is_home ? "leave a page; this window stays, the menu leaves the run"
                                      : "leave; the run goes on"));
  return lines;
}

}  // namespace orch::dashboard
