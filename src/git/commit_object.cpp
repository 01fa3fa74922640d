// A line for the tree, each parent and each person, an empty one, and the message.
#include "git/commit_object.hpp"

#include "orch/base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace orch::git {
namespace {

/// What git takes off both ends of a name.
bool is_crud(char c) {
  constexpr std::string_view kCrud = ".,:;<>\"\\'";
  return static_cast<unsigned char>(c) <= ' ' || kCrud.find(c) != kCrud.npos;
}

/// What git leaves out of a name anywhere.
bool breaks_line(char c) {
  return c == '\n' || c == '<' || c == '>';
}

std::string without_crud(std::string_view name) {
  while (!name.empty() && is_crud(name.front()))
    name.remove_prefix(1);
  while (!name.empty() && is_crud(name.back()))
    name.remove_suffix(1);
  std::string clean(name);
  std::erase_if(clean, breaks_line);
  return clean;
}

bool has_twice(const std::vector<CommitId>& commits) {
  for (auto commit = commits.begin(); commit != commits.end(); ++commit) {
    if (std::find(commits.begin(), commit, *commit) != commit) return true;
  }
  return false;
}

}  // namespace

std::string git_date(std::int64_t seconds, long seconds_east) {
  const long minutes = std::abs(seconds_east) / 60;
  const char sign = seconds_east < 0 ? '-' : '+';
  return fmt::format("{} {}{:02}{:02}", seconds, sign, minutes / 60, minutes % 60);
}

std::string git_date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm here{};
  ::tzset();
  if (::localtime_r(&now, &here) == nullptr) return git_date(now, 0);
  return git_date(now, here.tm_gmtoff);
}

std::optional<std::string> git_person(const Identity& identity) {
  const std::string name = without_crud(identity.name);
  const std::string email = without_crud(identity.email);
  if (name.empty() || email.empty()) return std::nullopt;
  return fmt::format("{} <{}>", name, email);
}

std::optional<std::string> commit_object(std::string_view tree,
                                         const std::vector<CommitId>& parents,
                                         std::string_view message, const Identity& identity,
                                         std::string_view date) {
  const auto person = git_person(identity);
  if (!person || has_twice(parents)) return std::nullopt;
  std::string text = fmt::format("tree {}\n", tree);
  for (const CommitId& parent : parents)
    text += fmt::format("parent {}\n", parent.value);
  text += fmt::format("author {} {}\ncommitter {} {}\n\n", *person, date, *person, date);
  text += message;
  if (text.find('\0') != text.npos || !is_utf8(text)) return std::nullopt;
  return text;
}

}  // namespace orch::git
