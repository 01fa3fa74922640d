#pragma once
// What a heading says about its own work: "[COMPLETED 2026-04-25]", "- **DONE**", a tick.
#include "tasks/items/drafts.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct HeadingStatus {
  Standing standing = Standing::Open;
  bool is_sign = false;    ///< a tick and no word
  std::string_view title;  ///< without it; a view on the heading
};

/// A status at the end of a heading: in brackets, after a dash, or with a sign in front. The name
/// of a section ("Definition of Done", "Completed") is none.
std::optional<HeadingStatus> heading_status(std::string_view heading);

/// "[done] title", "DONE: title".
std::optional<HeadingStatus> status_in_front(std::string_view words);

/// A tick on all headings of a level may be decoration: it is taken back, and asked about.
void settle_ticks(const Document& document, std::vector<Draft>& headings);

}  // namespace orch::tasks
