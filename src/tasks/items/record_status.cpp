// The words of tools, before those of people.
#include "tasks/items/record_status.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

struct Known {
  std::string_view word;
  Standing standing;
};

constexpr auto kTools = std::to_array<Known>({
    {"blocked", Standing::Open},
    {"backlog", Standing::Open},
    {"reopened", Standing::Open},
    {"next", Standing::Open},
    {"planning", Standing::Open},
    {"drafted", Standing::Open},  // of BMAD: the story is written
    {"ready for dev", Standing::Open},
    {"failing", Standing::Open},
    {"failed", Standing::Open},
    {"untested", Standing::Open},
    {"hooked", Standing::InProgress},
    {"testing", Standing::InProgress},
    {"inprogress", Standing::InProgress},
    {"ready for review", Standing::InProgress},
    {"passing", Standing::Done},
    {"passed", Standing::Done},
    {"passes", Standing::Done},
    {"verified", Standing::Done},
    {"archived", Standing::Done},
    {"success", Standing::Done},
    {"draft", Standing::Held},
    {"pinned", Standing::Held},
    {"on hold", Standing::Held},
    {"paused", Standing::Held},
    {"duplicate", Standing::Cancelled},
    {"scrapped", Standing::Cancelled},
    {"superseded", Standing::Cancelled},
    {"abandoned", Standing::Cancelled},
    {"optional", Standing::Deferred},
    {"later", Standing::Deferred},
});

/// In small letters, with spaces between the words.
std::string plain_word(std::string_view word) {
  std::string text = lower(trim(word));
  std::ranges::replace(text, '_', ' ');
  std::ranges::replace(text, '-', ' ');
  return text;
}

}  // namespace

std::optional<Standing> standing_of_record(std::string_view word) {
  const std::string text = plain_word(word);
  const auto found = std::ranges::find(kTools, std::string_view(text), &Known::word);
  if (found != kTools.end()) return found->standing;
  const std::optional<Standing> standing = standing_of(word);
  return standing ? standing : standing_of(text);
}

std::string review_doubt(std::string_view word, int line) {
  constexpr std::array<std::string_view, 7> kReviews{
      "review",      "in review",    "ready for review", "needs review",
      "code review", "under review", "awaiting review"};
  if (std::ranges::find(kReviews, std::string_view(plain_word(word))) == kReviews.end()) return {};
  return fmt::format("line {} says that it is in review", line);
}

std::optional<Priority> priority_of_record(std::string_view word) {
  struct Level {
    std::string_view word;
    Priority priority;
  };

  constexpr auto kLevels = std::to_array<Level>({
      {"must", Priority::P1},
      {"must have", Priority::P1},
      {"should", Priority::P2},
      {"should have", Priority::P2},
      {"could", Priority::P3},
      {"could have", Priority::P3},
      {"nice to have", Priority::P3},
      {"deferred", Priority::P4},
  });
  const std::string text = plain_word(word);
  const auto found = std::ranges::find(kLevels, std::string_view(text), &Level::word);
  return found == kLevels.end() ? priority_of(word) : found->priority;
}

std::string done_word_for_record(std::string_view word) {
  struct Pair {
    std::string_view open;
    std::string_view done;
  };

  constexpr auto kPairs = std::to_array<Pair>({
      {"pending", "completed"},
      {"in progress", "completed"},
      {"planning", "completed"},
      {"failing", "passing"},
      {"failed", "passed"},
      {"open", "closed"},
  });
  const std::string text = plain_word(word);
  const auto found = std::ranges::find(kPairs, std::string_view(text), &Pair::open);
  std::string done(found == kPairs.end() ? "done" : found->done);
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool capital = !word.empty() && is_upper(word[0]);
  if (capital) done[0] = static_cast<char>(done[0] - 'a' + 'A');
  if (!capital || word.size() < 2 || !is_upper(word[1])) return done;
  for (char& c : done)
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return done;
}

}  // namespace orch::tasks
