// The reason, what was done with the worktree, and what is to be done there.
#include "agents/return_text.hpp"

#include "agents/report_text.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch {
namespace {

constexpr std::size_t kMostFiles = 20;
/// With so much said of files, no further one is shown: what to do stands at the end, and must fit.
constexpr std::size_t kEnoughOfFiles = 16u << 10;

std::string quoted(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += fmt::format("> {}\n", one_line(line));
  return text;
}

std::string command_line(const std::vector<std::string>& command) {
  std::vector<std::string> words;
  words.reserve(command.size());
  for (const std::string& word : command)
    words.push_back(shell_word(word));
  return join(words, " ");
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (&name == &names.front() + kMostFiles)
      return text + fmt::format("- and {} more\n", names.size() - kMostFiles);
    text += fmt::format("- {}\n", one_line(name));
  }
  return text;
}

std::string sides(const ReturnPlace& place, const ReturnedFile& file) {
  std::string text = fmt::format("\n{}\n", one_line(file.path));
  if (!file.by.empty()) text += fmt::format("changed on {} by:\n{}", place.branch, quoted(file.by));
  if (!file.others.empty()) text += "what that changed:\n" + quoted(file.others);
  if (!file.own.empty()) text += "what you changed:\n" + quoted(file.own);
  return text;
}

std::string merge_command(const ReturnPlace& place) {
  return fmt::format("git merge --no-edit {}", place.commit);
}

std::string how_to_merge(const ReturnPlace& place) {
  std::string text = place.why_not.empty()
                         ? fmt::format("{} has moved on since.", place.branch)
                         : fmt::format("{} could not be merged into your branch: {}.", place.branch,
                                       one_line(place.why_not));
  return text + fmt::format(
                    " Commit what belongs to the task, then run: {}\n"
                    "Where files conflict, resolve them so that both changes hold, `git add` them "
                    "and run: git commit --no-edit\n",
                    merge_command(place));
}

std::string about_worktree(const ReturnPlace& place) {
  switch (place.base) {
    case ReturnPlace::Base::Merged:
      return fmt::format(
          "{} is merged into your branch by now: what you have is what was looked "
          "at. Mend it there.\n",
          place.branch);
    case ReturnPlace::Base::Conflicts: {
      std::string text = fmt::format(
          "The merge of {} is under way in your worktree. These files have conflict "
          "marks:\n{}",
          place.branch, list(place.conflicts));
      for (const ReturnedFile& file : place.files)
        if (text.size() < kEnoughOfFiles) text += sides(place, file);
      return text +
             "\nResolve them so that both changes hold, `git add` them, and end the merge with: "
             "git commit --no-edit\n";
    }
    case ReturnPlace::Base::NotMerged: return how_to_merge(place);
    case ReturnPlace::Base::Fresh:
      return fmt::format(
          "This attempt begins at the newest {}.{}\n", place.branch,
          place.earlier.empty()
              ? ""
              : fmt::format(" The work that did not land is kept as {}.", place.earlier));
  }
  return {};
}

}  // namespace

std::string return_text(const AgentProfile& profile, const ReturnPlace& place) {
  std::string text = fmt::format("Your work on {} did not land: {}\n", one_line(place.task, 80),
                                 one_line(place.reason));
  text += quoted(place.output) + '\n' + about_worktree(place);
  if (place.base != ReturnPlace::Base::Fresh) {
    text +=
        "For this you may merge, although you were told not to. Do not rebase or reset: the "
        "commits "
        "so far stay.\n";
  }
  if (!place.tests.empty()) {
    text += "Run the tests before you report:\n";
    for (const TestCommand& test : place.tests)
      text += fmt::format("    {}\n", command_line(test.command));
  }
  if (profile.done == DoneBy::Exit) return text;
  const bool commits = !profile.commit || place.base == ReturnPlace::Base::Conflicts;
  if (profile.reports == ReportBy::Command) {
    text += fmt::format("Then {}report again: tmux-orch done -m 'what you did, in one sentence'\n",
                        commits ? "commit, and " : "");
  } else {
    text += fmt::format("Then {}report again: {}\n", commits ? "commit, and " : "",
                        done_words(profile));
  }
  return text;
}

}  // namespace orch
