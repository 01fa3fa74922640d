// What `up` shows before the first run in a repository.
#include "ui/first_screen.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace orch::ui {
namespace {

constexpr std::size_t kTasksShown = 8;
constexpr std::size_t kTestsShown = 4;
constexpr std::size_t kFilesShown = 8;

/// One row: what it is about, and what is said.
std::string row(std::string_view name, std::string_view text) {
  constexpr std::size_t kIdWidth = 12;
  return fmt::format("  {}{}\n", padded(std::string(name), kIdWidth), text);
}

std::string count(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

/// The first of a list below each other, and how many more there are.
std::string rows(std::string_view name, const std::vector<std::string>& list, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(list.size(), most); ++i)
    text += row(i == 0 ? name : "", one_line(list[i], 100));
  if (list.size() > most) text += row("", fmt::format("and {} more", list.size() - most));
  return text;
}

std::string tasks_text(const FirstScreen& screen) {
  std::string text =
      row("tasks", fmt::format("{} of {}, read as {}", screen.tasks.size(),
                               one_line(screen.file, 60), one_line(screen.format, 80)));
  std::vector<std::string> names;
  for (const auto& [id, title] : screen.tasks)
    names.push_back(fmt::format("{}  {}", padded(one_line(id, 30), 6), one_line(title, 60)));
  return text + rows("", names, kTasksShown);
}

std::string kind_text(const FirstKind& kind) {
  std::string text = one_line(kind.name, 40);
  if (!kind.version.empty()) text += " " + one_line(kind.version, 40);
  if (!kind.measured) text += " (another version than the one tried with tmux-orch)";
  text += fmt::format(", {}: ", count(kind.tasks, "task"));
  text += kind.runs_scripts   ? "runs the `sh` blocks of its tasks without asking"
          : kind.asks_nothing ? "runs everything without asking"
          : kind.allowed > 0 ? fmt::format("runs {} without asking", count(kind.allowed, "command"))
                             : "its own program decides what it may run";
  if (kind.sandboxed) text += ", in a sandbox";
  if (!kind.wrapper.empty()) text += ", inside of " + one_line(kind.wrapper, 60);
  std::string all = row("agent", text);
  if (!kind.missing.empty()) {
    all += row("", one_line(fmt::format("it {}: its first agent starts alone and asks you in its "
                                        "window",
                                        kind.missing),
                            200));
  }
  return all;
}

}  // namespace

std::string first_screen(const FirstScreen& screen) {
  std::string text = "The first run in this repository:\n\n" + tasks_text(screen);
  for (const FirstKind& kind : screen.kinds)
    text += kind_text(kind);
  text += row("workers",
              fmt::format("{} at the same time, each in a worktree of its own", screen.workers));
  text += row("base", fmt::format("{}: it gets what agents have done, task by task",
                                  one_line(screen.base, 60)));
  text += screen.tests.empty() ? row("tests",
                                     "no test: everything lands untested (`[[merge.test]]` in "
                                     "tmux-orch.toml names one)")
                               : rows("tests", screen.tests, kTestsShown);
  text += screen.runs.empty()
              ? row("repository", "has no files that make agents run something")
              : row("repository", "has files that agents obey, also with commands to run:") +
                    rows("", screen.runs, kFilesShown);
  return text + "\nYes also says that you trust this repository.\n";
}

}  // namespace orch::ui
