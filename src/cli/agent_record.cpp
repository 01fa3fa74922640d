// agents record: the screen of a task's agent becomes files that `explain` and tests/screens read.
#include "agents/screen/classify.hpp"
#include "app/preflight.hpp"
#include "cli/agent_actions.hpp"
#include "cli/blocking.hpp"
#include "cli/output.hpp"
#include "cli/pane_screen.hpp"
#include "cli/run_handle.hpp"
#include "config/names.hpp"
#include "orch/base/files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "ui/agents.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

namespace orch::cli {
namespace {

constexpr int kMostOfOneName = 1000;

/// A new file; Fault::Conflict: there is one of that name, and it stays.
Status create_file(const fs::path& path, std::string_view text) {
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file && errno == EEXIST) return fail(Fault::Conflict, "{} exists", path.string());
  if (!file) return errno_failure(errno, "cannot write " + one_line(path.native()));
  while (!text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0) return errno_failure(errno, "cannot write " + one_line(path.native()));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// The rows under a name that no file has yet; with `-2` and so on where it is taken.
Result<std::string> create_rows(const fs::path& folder, const std::string& name,
                                std::string_view rows) {
  for (int number = 1; number <= kMostOfOneName; ++number) {
    std::string tried = number == 1 ? name : fmt::format("{}-{}", name, number);
    const Status created = create_file(folder / (tried + ".txt"), rows);
    if (created) return tried;
    if (created.error().fault != Fault::Conflict) return passed_on(created);
  }
  return hinted(fail(Fault::Conflict, "{} has too many screens called {}", folder.string(), name),
                "`--name` gives another name");
}

Result<ui::RecordedScreen> described(const AgentProfile& profile, const PaneScreen& shown) {
  const Result<ScreenRules> rules = ScreenRules::compile(profile.screen);
  if (!rules) return passed_on(rules);
  const ScreenReading reading = rules->classify(shown.screen);
  Blocking blocking;
  const app::ProgramVersion version =
      blocking.wait(app::version_of(blocking.children, AgentProfile(profile)));
  return ui::RecordedScreen{.agent = profile.name,
                            .version = version.text,
                            .title = shown.screen.title,
                            .width = shown.width,
                            .height = shown.height,
                            .state = std::string(to_text(reading.state)),
                            .rule = reading.rule,
                            .dead = shown.screen.dead};
}

}  // namespace

int record_screen(const std::string& task, const std::string& folder,
                  const AgentsOptions& options) {
  const Result<RunHandle> handle = open_run();
  if (!handle) return complain(handle.error());
  TaskOptions named;
  named.words = {task};
  const Result<TaskId> id = task_of(*handle, named, "agents record");
  if (!id) return complain(id.error());
  const Result<Config> config = config_of(*handle);
  if (!config) return complain(config.error());
  const Result<const AgentRun*> agent = living_agent(*handle, *id);
  if (!agent) return complain(agent.error());
  const Result<AgentProfile> profile = profile_named(*config, (*agent)->kind);
  if (!profile) return complain(profile.error());
  const Result<PaneScreen> shown = screen_in(*handle, *config, **agent);
  if (!shown) return complain(shown.error());
  const Result<ui::RecordedScreen> about = described(*profile, *shown);
  if (!about) return complain(about.error());
  const fs::path place = fs::path(folder) / profile->name;
  if (const Status made = make_folders(place); !made) return complain(made.error());
  const std::string wanted =
      options.name.empty() ? fmt::format("{}-{}", slug(id->value), about->state) : options.name;
  const Result<std::string> name = create_rows(place, slug(wanted), shown->text);
  if (!name) return complain(name.error());
  const std::string meta = fmt::format("title={} dead={}\n", about->title, about->dead ? 1 : 0);
  if (const Status kept = create_file(place / (*name + ".meta"), meta); !kept)
    return complain(kept.error());
  if (const Status kept = create_file(place / (*name + ".json"), ui::recorded_json(*about)); !kept)
    return complain(kept.error());
  const fs::path file = place / (*name + ".txt");
  print(fmt::format("{}: {}{}\n", file.string(), about->state,
                    about->rule.empty() ? std::string(" (no rule fits)")
                                        : fmt::format(" by rule '{}'", about->rule)));
  print(fmt::format("read it again: tmux-orch explain --agent {} --screen {} --title {}\n",
                    about->agent, shell_word(file.string()), shell_word(about->title)));
  return status::kOk;
}

}  // namespace orch::cli
