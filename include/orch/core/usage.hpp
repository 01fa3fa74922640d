#pragma once
// What an agent has used: tokens by model, and what they cost, as its own program says. What that
// does not say is not there; nothing here is guessed.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// Where the figures of a kind of agents come from.
enum class UsageFormat : std::uint8_t {
  Unknown,  ///< its program does not say
  Free,     ///< it uses no model
  Hook,     ///< an extension of ours in its program counts, and writes it down
  Claude,   ///< from here on: the file of its conversation
  Codex,
  Qwen,
  Gemini,
};

template <>
struct EnumNames<UsageFormat> {
  static constexpr std::pair<UsageFormat, std::string_view> kTable[] = {
      {UsageFormat::Unknown, "unknown"}, {UsageFormat::Free, "free"},   {UsageFormat::Hook, "hook"},
      {UsageFormat::Claude, "claude"},   {UsageFormat::Codex, "codex"}, {UsageFormat::Qwen, "qwen"},
      {UsageFormat::Gemini, "gemini"}};
};

/// More than anybody uses, so that sums stay numbers whatever a program writes.
inline constexpr std::int64_t kMostUsed = 1'000'000'000'000'000;

struct TokenCount {
  std::int64_t input = 0;        ///< all that went in, with the next two
  std::int64_t cache_read = 0;   ///< of it, what was in a cache already
  std::int64_t cache_write = 0;  ///< of it, what was put into one
  std::int64_t output = 0;       ///< with what it thought

  ORCH_FIELDS(input, cache_read, cache_write, output)
  bool operator==(const TokenCount&) const = default;
};

struct Usage {
  std::map<std::string, TokenCount> models;  ///< by the name that the program has for each
  std::optional<std::int64_t> cost;          ///< of all that, in millionths of a dollar
  std::int64_t context = 0;         ///< tokens of the last request and its answer; 0: not known
  std::int64_t context_window = 0;  ///< how many there may be; 0: not known

  /// Has it been said that anything was used?
  bool is_known() const { return !models.empty(); }

  /// Of all models together.
  TokenCount tokens() const;

  ORCH_FIELDS(models, cost, context, context_window)
  bool operator==(const Usage&) const = default;
};

void add(TokenCount& to, const TokenCount& more);

/// Both together. The cost is known where it is of both, or where one of them is empty; the context
/// is that of the second.
Usage sum_of(const Usage& first, const Usage& second);

/// What of `whole` came after `before`, which was a part of it; the whole where that cannot be.
Usage part_after(const Usage& whole, const Usage& before);

/// What the user pays for a model, in dollars for a million tokens.
struct Price {
  double input = 0;
  double output = 0;
  std::optional<double> cache_read;   ///< none: as input
  std::optional<double> cache_write;  ///< none: as input

  ORCH_FIELDS(input, output, cache_read, cache_write)
  bool operator==(const Price&) const = default;
};

using Prices = std::map<std::string, Price>;  ///< by the name of the model

/// In millionths of a dollar: as its program says, else by the prices of all its models; nothing:
/// it is not known.
std::optional<std::int64_t> cost_of(const Usage& usage, const Prices& prices);

/// What one attempt has used.
struct AttemptUsage {
  int attempt = 0;
  std::string kind;  ///< of its agent
  /// All that was used in each conversation that it was in, by the file or the id of that: an
  /// earlier attempt may have begun it.
  std::map<std::string, Usage> conversations;
  std::string last;  ///< the one that was told of last

  ORCH_FIELDS(attempt, kind, conversations, last)
  bool operator==(const AttemptUsage&) const = default;
};

/// May it be the file of a conversation: an absolute path without control characters?
bool is_log_path(std::string_view path);

/// Of one attempt of a task, whose attempts are all there, the first one first.
Usage usage_of(const std::vector<AttemptUsage>& attempts, std::size_t place);

/// A sum over attempts, which is a figure only where all of them are known.
struct UsageSum {
  Usage known;
  std::int64_t cost = 0;  ///< of those whose cost is known
  int attempts = 0;
  int without_tokens = 0;  ///< attempts of which it is not known
  int without_cost = 0;
};

/// Adds the attempt: `format` is that of its kind.
void add(UsageSum& to, const Usage& usage, UsageFormat format, const Prices& prices);

}  // namespace orch
