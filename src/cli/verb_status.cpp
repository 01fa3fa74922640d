// status: every task, its state and the reason for it.
#include "app/git_settings.hpp"
#include "app/trash_place.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/run_view.hpp"
#include "cli/verbs.hpp"
#include "ui/status.hpp"

namespace orch::cli {
namespace {

/// Did an agent, or the user, change what git's configuration says of programs?
std::string configuration_news(const RunHandle& handle) {
  const OpenedGit git = open_git(handle.facts);
  if (!git) return git.error().what;
  const app::RunPaths files(handle.paths.run(handle.run.info.id));
  return (*git)->wait(app::changed_configuration((*git)->repository, files.git()));
}

int show_status(const RunHandle& handle, const JsonOptions& options) {
  ui::RunView view = view_of(handle);
  if (const Result<Config> config = config_of(handle)) {
    const fs::path trash = app::trash_folder(handle.paths.repository(), config->worktree);
    const std::string warning = app::trash_warning(trash, config->worktrees);
    if (!warning.empty()) view.hints.push_back(warning);
  }
  const std::string changed = options.json ? "" : configuration_news(handle);
  if (!changed.empty()) view.hints.push_back(changed);
  options.json ? print_json(ui::status_json(handle.run.state, view))
               : print(ui::status_text(handle.run.state, view));
  return status::kOk;
}

}  // namespace

const Verb kStatusVerb{"status", kPeople, "every task, its state and the reason for it",
                       "tmux-orch status", begin<add_json, show_status>};

}  // namespace orch::cli
