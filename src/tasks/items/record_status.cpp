// The words of tools, before those of people.
#include "tasks/items/record_status.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

std::optional<Standing> standing_of_record(std::string_view word) {
  struct Known {
    std::string_view word;
    Standing standing;
  };

  constexpr std::array kTools{
      Known{"blocked", Standing::Open},       Known{"backlog", Standing::Open},
      Known{"reopened", Standing::Open},      Known{"hooked", Standing::InProgress},
      Known{"testing", Standing::InProgress}, Known{"draft", Standing::Held},
      Known{"pinned", Standing::Held},        Known{"duplicate", Standing::Cancelled},
  };
  const std::string text = lower(trim(word));
  const auto found = std::ranges::find(kTools, std::string_view(text), &Known::word);
  return found == kTools.end() ? standing_of(word) : found->standing;
}

}  // namespace orch::tasks
