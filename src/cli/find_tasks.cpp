// Looks for the task file: by name, then in the usual places.
#include "cli/find_tasks.hpp"

#include "orch/base/text.hpp"
#include "tasks/source/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

namespace orch::cli {
namespace {

namespace fs = std::filesystem;

struct Place {
  fs::path path;
  fs::file_time_type written;
};

/// One name in a path may be `*`: any folder there; or `*.md`: any such file.
constexpr std::string_view kFiles[] = {
    "tasks.md",
    "TASKS.md",
    "tasks/tasks.md",
    ".kiro/specs/*/tasks.md",
    "specs/*/tasks.md",
    ".specify/specs/*/tasks.md",
    "openspec/changes/*/tasks.md",
    ".taskmaster/tasks/tasks.json",
    "tasks/tasks.json",
    ".beads/issues.jsonl",
    ".tmp/*/tasks.md",
    "TODO.md",
};
/// Folders with one task a file.
constexpr std::string_view kFolders[] = {"backlog/tasks", ".claude/epics/*", "tasks"};
/// Plans, which a project may have next to its tasks: taken where there is nothing of the above.
constexpr std::string_view kPlanFiles[] = {
    "docs/superpowers/plans/*.md",
    "conductor/tracks/*/plan.md",
    ".planning/ROADMAP.md",
    ".sisyphus/plans/*.md",
    "prd.json",
    "scripts/ralph/prd.json",
    "feature_list.json",
    ".cursor/plans/*.plan.md",
    "docs/plan/*.md",
    "docs/plans/*.md",
    "IMPLEMENTATION_PLAN.md",
    "PLAN.md",
    "ROADMAP.md",
    "todo.md",
};
constexpr std::string_view kPlanFolders[] = {".beans", ".trellis/tasks"};
/// Folders that tools move finished work to.
constexpr std::string_view kFinished[] = {"archive", "archived", "done", "completed"};

bool is_finished(const fs::path& folder) {
  return std::ranges::find(kFinished, folder.filename().native()) != std::end(kFinished);
}

/// The paths a pattern stands for.
std::vector<fs::path> expanded(const fs::path& folder, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return {folder / pattern};
  const std::string_view rest = pattern.substr(star + 1);
  std::vector<fs::path> paths;
  std::error_code ec;
  for (fs::directory_iterator it(folder / pattern.substr(0, star), ec), end; !ec && it != end;
       it.increment(ec)) {
    std::error_code ignored;
    const std::string name = it->path().filename().native();
    if (rest.starts_with('.')) {
      if (name.ends_with(rest) && !tasks::is_no_task_file(name)) paths.push_back(it->path());
    } else if (it->is_directory(ignored) && !is_finished(it->path())) {
      paths.push_back(rest.empty() ? it->path() : it->path() / rest.substr(1));
    }
  }
  return paths;
}

/// Is there a task in it: a Markdown file, or a folder with a record of one?
bool has_tasks(const fs::path& folder) {
  std::error_code ec;
  for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    std::error_code ignored;
    if (it->path().extension() == ".md" && it->is_regular_file(ignored)) return true;
    if (!is_finished(it->path()) && fs::is_regular_file(it->path() / "task.json", ignored))
      return true;
  }
  return false;
}

class Search {
 public:
  /// A folder of tasks is taken only where no file lists them.
  void look_in(const fs::path& folder, std::span<const std::string_view> files,
               std::span<const std::string_view> folders) {
    for (const std::string_view pattern : files) {
      for (const fs::path& path : expanded(folder, pattern)) {
        std::error_code ec;
        if (fs::is_regular_file(path, ec)) add(path);
      }
    }
    if (!found_.empty()) return;
    for (const std::string_view pattern : folders) {
      for (const fs::path& path : expanded(folder, pattern))
        if (has_tasks(path)) add(path);
    }
  }

  std::optional<FoundTasks> newest() const {
    if (found_.empty()) return {};
    const auto best = std::ranges::max_element(found_, {}, &Place::written);
    std::string reason = fmt::format("taking {}", one_line(best->path.native()));
    if (found_.size() > 1) {
      reason += fmt::format(", the newest of {}: `tmux-orch up FILE` takes another", found_.size());
    }
    return FoundTasks{best->path, std::move(reason)};
  }

 private:
  void add(const fs::path& path) {
    std::error_code ec;
    const fs::path real = fs::weakly_canonical(path, ec);
    const bool known =
        std::ranges::any_of(found_, [&real](const Place& place) { return place.path == real; });
    if (!known) found_.push_back({real, fs::last_write_time(real, ec)});
  }

  std::vector<Place> found_;
};

}  // namespace

Result<FoundTasks> find_tasks(const std::string& argument, const std::string& configured,
                              const std::vector<fs::path>& folders) {
  for (const std::string& wanted : {argument, configured}) {
    if (wanted.empty()) continue;
    for (const fs::path& folder : folders) {
      std::error_code ec;
      if (fs::exists(folder / wanted, ec))
        return FoundTasks{fs::weakly_canonical(folder / wanted, ec), ""};
    }
    return hinted(fail(Fault::NotFound, "there is no task file {}", one_line(wanted)),
                  "`tmux-orch up FILE` takes a file with tasks, or a folder with one task a file");
  }
  Search search;
  for (const fs::path& folder : folders)
    search.look_in(folder, kFiles, kFolders);
  if (auto found = search.newest()) return *std::move(found);
  for (const fs::path& folder : folders)
    search.look_in(folder, kPlanFiles, kPlanFolders);
  if (auto found = search.newest()) return *std::move(found);
  return hinted(fail(Fault::NotFound, "there is no task file here"),
                "write a tasks.md with lines such as `- [ ] add a parser`, or name the file: "
                "`tmux-orch up FILE`");
}

}  // namespace orch::cli
