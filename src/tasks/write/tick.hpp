#pragma once
// Ticks items when the work on them has landed.
#include "tasks/model/item.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// The text with these items ticked, and with each item above them that has no required item left.
/// Every other byte stays. Items that are gone, done already or cannot be ticked are passed over; a
/// text that cannot be read stays as it is.
std::string with_ticks(const Source& source, std::string_view format,
                       const std::vector<std::string>& ids);

/// The text with these items marked as failed, where the file has a mark for that. All else stays,
/// as do items that are done.
std::string with_failures(const Source& source, std::string_view format,
                          const std::vector<std::string>& ids);

/// The text with these items open, and with each item above them that is ticked. All else stays, as
/// do items that are not done.
std::string without_ticks(const Source& source, std::string_view format,
                          const std::vector<std::string>& ids);

/// How some items stand in a text.
enum class Ticked {
  Yes,
  No,
  Nowhere,  ///< none of them is in it, or can be ticked there
};

Ticked ticked_in(const Source& source, std::string_view format,
                 const std::vector<std::string>& ids);

/// The same of their being open.
Ticked open_in(const Source& source, std::string_view format, const std::vector<std::string>& ids);

/// The same of their marks as failed. Nowhere: the file has none for that, or they are done.
Ticked failed_in(const Source& source, std::string_view format,
                 const std::vector<std::string>& ids);

/// Those of the ids whose title in `source` is the one in `before`, or which `before` has not:
/// where the line says something else now, a mark would say it of that.
std::vector<std::string> with_same_title(const Source& source, std::string_view before,
                                         std::string_view format, std::vector<std::string> ids);

}  // namespace orch::tasks
