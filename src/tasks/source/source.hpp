#pragma once
// Loads what the user names as their tasks: a file, or a folder with one task a file. The only
// part of the readers that touches the disk.
#include "orch/base/result.hpp"
#include "tasks/source/folder.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::tasks {

struct LoadLimits {
  std::size_t files = 5'000;
  std::size_t bytes = 100'000'000;  ///< of all files
};

struct Loaded {
  std::filesystem::path path;  ///< the file, or the folder that holds the tasks
  bool is_folder = false;
  std::string text;              ///< of the file
  std::vector<NamedText> files;  ///< of the folder, in natural order
};

/// A folder stands for the one task file that tools put there (tasks.md, prd.json and so on), else
/// for its task files (folder_files.hpp), else for those of its folder `tasks`. Names that begin
/// with a dot or an underscore are passed over. Symbolic links are followed to files. What is
/// neither a file nor a folder, too large or not to be read is an error that names it.
Result<Loaded> load_source(const std::filesystem::path& path, const LoadLimits& limits = {});

/// A folder with these files as load_source() would have loaded it: without what is no task by its
/// name, in natural order.
Loaded folder_of(const std::filesystem::path& path, std::vector<NamedText> files);

/// The same for the same content: whether something changed since it was read.
std::uint64_t fingerprint_of(const Loaded& loaded);

}  // namespace orch::tasks
