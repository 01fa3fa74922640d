// Where everything of ours lies in a repository.
#include "app/paths.hpp"

#include "config/names.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::app {

Status Paths::make() const {
  if (Status made = make_folders(home(), 0700); !made) return made;
  const fs::path ignore = home() / ".gitignore";
  std::error_code ec;
  if (fs::exists(ignore, ec)) return {};
  return write_file(ignore, "*\n");
}

fs::path Paths::plain_git(const fs::path& git_dir) const {
  return home() / "git" / hex(fnv1a(git_dir.native()));
}

std::string Paths::kept(const fs::path& path) const {
  const fs::path relative = path.lexically_relative(repository_);
  const bool near = !relative.empty() && !relative.native().starts_with("../..");
  return near ? relative.string() : path.string();
}

fs::path Paths::found(const std::string& kept) const {
  if (kept.empty()) return {};
  const fs::path path = (repository_ / kept).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

fs::path RunPaths::attempt(const TaskId& task, int number) const {
  return attempts() / attempt_key(task, number);
}

fs::path RunPaths::inbox(int worker) const {
  return messages() / fmt::format("worker-{}.inbox.json", worker);
}

fs::path RunPaths::outbox(int worker) const {
  return messages() / fmt::format("worker-{}.outbox.json", worker);
}

fs::path RunPaths::push_record(const CommitId& pushed, const std::string& to) const {
  return root_ / fmt::format("push-command-{}-{}", pushed.value.substr(0, 12), hex(fnv1a(to)));
}

fs::path RunPaths::reviews_of(const TaskId& task, int number) const {
  return reviews() / attempt_key(task, number);
}

std::string attempt_key(const TaskId& task, int number) {
  return fmt::format("{}.{}", slug(task.value), number);
}

}  // namespace orch::app
