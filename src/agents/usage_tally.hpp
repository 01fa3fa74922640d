#pragma once
// Adds up what a program has written down of its use.
#include "orch/core/usage.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// All that one conversation has used.
struct ToldUsage {
  std::string conversation;  ///< its id
  Usage usage;
};

class UsageTally {
 public:
  const Usage& usage() const { return usage_; }

  /// What an extension of ours has told of, the conversation told of last at the end.
  const std::vector<ToldUsage>& told() const { return told_; }

  /// When the first answer came; 0: none has.
  std::int64_t began() const { return began_; }

  /// An answer came at this time; only the first one counts.
  void begin(std::int64_t seconds) {
    if (began_ == 0) began_ = seconds;
  }

  /// The figures that come next are of this model, unless they name one.
  void use(std::string_view model) { model_ = model; }

  void add(std::string_view model, const TokenCount& tokens);

  /// One answer of the model, which is written again with each of its parts: it counts once, as it
  /// was written last.
  void add_once(std::string_view answer, std::string_view model, const TokenCount& tokens);

  /// A counter of the program, of all its models: what it has grown by is of the model in use. A
  /// counter that is less than it was has begun anew.
  void count_to(const TokenCount& total);

  /// The program's own sum of all so far, with what was not written down by itself; 0: it has no
  /// cost for it. Of no effect where it is less than what was, as it is not of the whole then.
  void settle(const std::map<std::string, TokenCount>& models, std::int64_t cost);

  /// All that a conversation has used so far, as an extension of ours says: in the place of what it
  /// said before. It counts apart from the rest, as a conversation may outlive its file.
  void take(ToldUsage told);

  /// How much of its window the conversation takes; 0: that is not said.
  void show_context(std::int64_t used, std::int64_t window);

 private:
  struct Answer {
    std::string id;
    std::string model;
    TokenCount tokens;
  };

  TokenCount& of(std::string_view model);

  Usage usage_;
  std::string model_;
  std::vector<ToldUsage> told_;
  std::int64_t began_ = 0;
  TokenCount counter_;
  std::deque<Answer> answers_;  ///< the last ones
};

}  // namespace orch
