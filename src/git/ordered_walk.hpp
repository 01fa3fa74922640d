#pragma once
// A walk over files in the order of their paths, by the file system alone.
#include "orch/base/result.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// The order of the walk: a folder, all that is in it, what comes after it by its bytes.
bool comes_before(std::string_view one, std::string_view other);

struct Met {
  int folder;  ///< descriptor of what it is in
  const std::string& name;
  const std::string& path;  ///< from the top of the walk
  struct stat info;         ///< of the entry itself, not of what a link points to
};

enum class Onward { In, Past, Stop };  ///< past: not into the folder

/// Calls `each` for what lies at the paths below `top` and below them. A path at which nothing is
/// is passed over. No link is followed, whatever somebody puts where meanwhile.
Status walk_in_order(const std::filesystem::path& top, std::vector<std::string> paths,
                     const std::function<Onward(const Met&)>& each);

}  // namespace orch::git
