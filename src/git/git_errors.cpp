// The lines of git's errors that say what was wrong.
#include "git/git_errors.hpp"

#include "git/values.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace orch::git {

namespace {

/// What follows `prefix`, if `text` begins with it.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

/// What git says on its way that explains no failure.
bool is_cause(std::string_view line) {
  constexpr std::array kSaidAnyway{"hint: ",         "warning: ",      "Preparing worktree",
                                   "HEAD is now at", "Updating files", "Switched to"};
  return !trim(line).empty() &&
         std::none_of(kSaidAnyway.begin(), kSaidAnyway.end(),
                      [line](std::string_view said) { return line.starts_with(said); });
}

std::optional<std::string> between(std::string_view text, std::string_view before,
                                   std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(begin + before.size());
  const std::size_t end = rest.find(after);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(rest.substr(0, end));
}

}  // namespace

bool lacks_objects(std::string_view git_error) {
  constexpr std::array kSigns{"bad object",         "bad tree object", "missing ", "ould not read ",
                              "Failed to traverse", "unable to read ", "corrupt"};
  return std::ranges::any_of(kSigns, [git_error](const char* sign) {
    return git_error.find(sign) != std::string_view::npos;
  });
}

std::string why_unsigned(std::string_view git_error) {
  std::vector<std::string> said;
  for (std::string_view line : split_lines(git_error)) {
    line = trim(after(line, "error: ").value_or(line));
    if (line.empty() || line.starts_with("fatal: ") || line.starts_with("[GNUPG:]")) continue;
    said.emplace_back(line);
  }
  return said.empty() ? reason_of(git_error) : one_line(join(said, "; "), 300);
}

std::optional<std::string> held_lock(std::string_view git_error) {
  auto lock = between(git_error, "Unable to create '", "': File exists");
  if (lock) return lock;
  lock = between(git_error, "could not lock config file ", ": File exists");
  if (lock) *lock += ".lock";
  return lock;
}

std::string reason_of(std::string_view git_error) {
  const std::vector<std::string_view> lines = split_lines(git_error);
  const auto first = [&lines](std::string_view mark) {
    return std::find_if(lines.begin(), lines.end(),
                        [mark](std::string_view line) { return line.starts_with(mark); });
  };
  const auto fatal = first("fatal: ");
  const auto error = first("error: ");
  if (fatal == lines.end() && error == lines.end()) return one_line(trim(git_error), 300);
  if (fatal == lines.end()) return one_line(trim(*after(*error, "error: ")), 300);

  // Git ends with what it could not do; why, its own parts or a filter have said before.
  std::string reason = one_line(trim(*after(*fatal, "fatal: ")), 300);
  if (reason == "the remote end hung up unexpectedly") reason = "a filter program ended too early";
  const auto cause = std::find_if(lines.begin(), fatal, is_cause);
  if (cause == fatal) return reason;
  return fmt::format("{} ({})", reason,
                     one_line(trim(after(*cause, "error: ").value_or(*cause)), 300));
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(kShown, names.size()); ++i)
    shown.push_back(one_line(names[i]));
  const std::size_t more = names.size() - shown.size();
  return join(shown, ", ") + (more > 0 ? fmt::format(" and {} more", more) : std::string());
}

std::vector<std::string> files_named(std::string_view git_error) {
  std::vector<std::string> files;
  for (const std::string_view line : split_lines(git_error)) {
    if (line.starts_with('\t')) files.emplace_back(line.substr(1));
  }
  return files;
}

std::string why_refused(std::string_view git_error) {
  std::vector<std::string> changed, untracked, folders;
  std::vector<std::string>* into = nullptr;
  for (const std::string_view line : split_lines(git_error)) {
    if (line.starts_with('\t')) {
      if (into != nullptr) into->emplace_back(line.substr(1));
    } else if (line.find("untracked working tree files") != std::string_view::npos) {
      into = &untracked;
    } else if (line.find("lose untracked files") != std::string_view::npos) {
      into = &folders;
    } else {
      into = &changed;
    }
  }
  const auto are = [](const auto& names) { return names.size() == 1 ? "is" : "are"; };
  std::vector<std::string> parts;
  if (!untracked.empty())
    parts.push_back(fmt::format("your {} {} in the way", listed(untracked), are(untracked)));
  if (!folders.empty())
    parts.push_back(fmt::format("your files in {} are in the way", listed(folders)));
  if (!changed.empty())
    parts.push_back(fmt::format("your changes to {} are in the way", listed(changed)));
  return parts.empty() ? reason_of(git_error) : join(parts, "; ");
}

}  // namespace orch::git
