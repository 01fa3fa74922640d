#pragma once
// Refs: read from their own files where they have one, changed through the gits that stay. What
// cannot be done so is done by a git of its own, which also says what is wrong.
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orch::git {

/// What a ref's own file says, where there is one; empty: it is kept elsewhere, or there is none.
std::string loose_ref(const GitContext& git, const std::string& name);

/// Read from git's files: there surely is no such ref. False also where they do not say.
bool is_absent(const GitContext& git, const std::string& name);
/// The same, and no other ref keeps it from being made: git keeps refs as files and folders.
bool is_free(const GitContext& git, const std::string& name);

/// The id that HEAD of that place names, whether or not there is such a commit; empty: none.
Job<CommitId> head_of(GitContext& git, Place place);

struct RefChange {
  std::string name;              ///< full; or "HEAD", with `place`
  CommitId to;                   ///< empty: the ref is taken away
  std::optional<CommitId> from;  ///< only from there, empty: only if there is none; nothing: always
  std::string message;           ///< in the ref's log; empty: none
  std::string doing;             ///< as in Call
  std::optional<Place> place;    ///< whose HEAD it is
  std::vector<std::filesystem::path> owned;  ///< as in Call, besides the ref's own lock
};

/// Fault::Io: also because the ref is not where it should be.
Job<bool> change_ref(GitContext& git, RefChange change);
/// Has the ref name the commit, whatever it named before, so that no gc takes it away; returns it.
Job<CommitId> kept_under(GitContext& git, std::string ref, CommitId commit);

}  // namespace orch::git
