// Where everything of ours lies in a repository.
#include "app/places.hpp"

#include "agents/names.hpp"
#include "orch/base/files.hpp"

#include <fmt/format.h>

namespace orch::app {

Status Places::make() const {
  if (Status made = make_folders(home(), 0700); !made) return made;
  const fs::path ignore = home() / ".gitignore";
  std::error_code ec;
  if (fs::exists(ignore, ec)) return {};
  return write_file(ignore, "*\n");
}

fs::path RunPlaces::attempt(const TaskId& task, int number) const {
  return root_ / "attempts" / attempt_key(task, number);
}

std::string attempt_key(const TaskId& task, int number) {
  return fmt::format("{}.{}", slug(task.value), number);
}

}  // namespace orch::app
