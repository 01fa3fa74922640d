#pragma once
// What git says of its configuration, kept for a few seconds: each task asks for the same.
#include "git/runner.hpp"
#include "git/values.hpp"
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace orch::git {

struct GitContext;

struct RememberedAnswer {
  loop::Finished finished;
  std::string files;  ///< which ones it is of
  std::int64_t at_ms = 0;
};

using RememberedAnswers = std::map<std::string, RememberedAnswer>;  ///< by the arguments

/// What a checkout's index says of a path, while neither was written.
struct RememberedPath {
  std::string files;  ///< which ones it is of
  IndexedPath answer;
};

using RememberedPaths = std::map<std::string, RememberedPath>;  ///< by checkout and path

/// Another text whenever one of the files was written, made or removed; empty: one of them was
/// written so lately that the next write may not show.
std::string stand_of(const std::vector<std::filesystem::path>& files);

/// As Runner::run(), for a question about settings: the answer of before while the files that
/// usually have them are the same, for 10 s at most, as they may include others.
loop::Job<Result<loop::Finished>> remembered(GitContext& git, Call ask);

}  // namespace orch::git
