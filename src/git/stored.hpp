#pragma once
// A file, or the files of a folder, as a commit, the index and the disk have them: see the calls of
// git::Repository.
#include "git/checkout.hpp"
#include "git/context.hpp"
#include "git/values.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orch::git {

std::optional<Checkout> checkout_of(const GitContext& git, const std::filesystem::path& path);
Job<std::vector<StoredFile>> stored_files(GitContext& git, CommitId commit, std::string path);
Job<std::vector<std::string>> ids_on_disk(GitContext& git, Checkout checkout,
                                          std::vector<std::string> paths);
Job<IndexedPath> indexed(GitContext& git, Checkout checkout, std::string path);

}  // namespace orch::git
