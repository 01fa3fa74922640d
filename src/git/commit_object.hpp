#pragma once
// Pure: the bytes of a commit object, as `git commit-tree` writes them.
#include "git/values.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// A moment as git writes it: "1234 +0100".
std::string git_date(std::int64_t seconds, long seconds_east);
/// Now, in the time zone of this program.
std::string git_date_now();

/// "Name <email>" without what git leaves out of names; nothing: git says something about it, or
/// would take another one.
std::optional<std::string> git_person(const Identity& identity);

/// Nothing: git would write another text than that, or refuse; it is asked then.
std::optional<std::string> commit_object(std::string_view tree,
                                         const std::vector<CommitId>& parents,
                                         std::string_view message, const Identity& identity,
                                         std::string_view date);

}  // namespace orch::git
