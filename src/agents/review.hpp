#pragma once
// What a reviewing agent is asked, and what its answer is.
#include "orch/core/effect.hpp"
#include "orch/core/task.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orch {

/// The file of a review's checkout that has the change as text: not every program runs git in its
/// read-only mode.
inline constexpr std::string_view kChangeFile = ".tmux-orch-change.diff";

struct ReviewPlace {
  std::string base;  ///< the commit that the work began from, as far as it is merged
  std::string work;  ///< what is looked at; it is checked out
  std::string wish;  ///< what the user wants looked at
  std::string id;    ///< what nobody can guess: only an answer that has it counts
};

/// The task, how to see the change, what to look for, and how to answer. The texts of the task
/// stand behind `> `.
std::string review_prompt(const TaskSpec& task, const ReviewPlace& place);

/// The last JSON object in what it printed that has this id and says pass, warn or block; its
/// issues in one line each, without control characters, at most twenty. Nothing: there is none.
/// Programs print their prompt, and files that they have read: what looks like an answer there has
/// no id.
std::optional<Reviewed> review_answer(std::string_view printed, std::string_view id);

}  // namespace orch
