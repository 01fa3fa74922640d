// What `up` and `plan` have in common.
#include "cli/prepare.hpp"

#include "cli/output.hpp"
#include "cli/site.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tasks/reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace orch::cli {
namespace {

Environment own_environment() {
  Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::vector<ConfigFlag> flags_of(const Options& options) {
  std::vector<ConfigFlag> flags;
  const auto add = [&](const char* name, const char* key, const std::optional<std::string>& text) {
    if (text) flags.push_back({name, key, *text});
  };
  add("--workers", "workers", options.workers);
  add("--agent", "agent", options.agent);
  add("--base", "base", options.base);
  add("-S", "tmux.socket_path", options.server_path);
  if (options.server_name) {
    flags.push_back({"-L", "tmux.server", "socket:" + *options.server_name});
  }
  if (options.no_write_back) flags.push_back({"--no-write-back", "write_back", "false"});
  return flags;
}

Result<app::SavedConfig> read_layers(const fs::path& folder, const Options& options) {
  app::SavedConfig saved;
  const Environment environment = own_environment();
  for (const fs::path& file : {user_config_file(environment), folder / "tmux-orch.toml"}) {
    std::error_code ec;
    if (file.empty() || !fs::exists(file, ec)) continue;
    const Result<std::string> text = read_file(file, 4u << 20);
    if (!text) return passed_on(text);
    saved.layers.push_back({file.string(), *text});
  }
  for (const auto& [name, value] : environment) {
    // TMUX_ORCH_ATTEMPT and the like are told to agents, they are no settings.
    const bool setting = name.starts_with("TMUX_ORCH_") && name != "TMUX_ORCH_ATTEMPT" &&
                         name != "TMUX_ORCH_FAILPOINT";
    if (setting) saved.environment.emplace(name, value);
  }
  saved.flags = flags_of(options);
  return saved;
}

bool complain_about(const Prepared& prepared) {
  bool errors = false;
  const auto tell = [&](const Problem& problem) {
    if (problem.severity == Severity::Note) return;
    warn(ui::problem_text(prepared.view.file, problem));
    errors = errors || problem.severity == Severity::Error;
  };
  std::ranges::for_each(prepared.list.problems, tell);
  std::ranges::for_each(prepared.plan.problems, tell);
  return errors;
}

}  // namespace

std::optional<Prepared> prepare(const Options& options, bool needs_repository) {
  Prepared prepared;
  std::error_code ec;
  fs::path folder = fs::current_path(ec);
  const Result<git::RepositoryFacts> facts = discover_here();
  if (facts) {
    prepared.repository = *facts;
    folder = facts->root;
  } else if (needs_repository) {
    complain(facts.error());
    return {};
  }
  const Result<app::SavedConfig> saved = read_layers(folder, options);
  if (!saved) {
    complain(saved.error());
    return {};
  }
  prepared.saved = *saved;
  ConfigReading reading = prepared.saved.read();
  for (const ConfigProblem& problem : reading.problems)
    warn(to_text(problem));
  if (reading.has_errors()) return {};
  prepared.config = std::move(reading.config);

  std::string found_by;
  const Result<std::string> file =
      find_task_file(options.words.empty() ? "" : options.words[0], prepared.config.tasks,
                     {fs::current_path(ec).string(), folder.string()}, &found_by);
  if (!file) {
    complain(file.error());
    return {};
  }
  if (!found_by.empty()) warn(found_by);
  prepared.task_file = *file;
  constexpr std::size_t kLargestFile = 100u << 20;
  const Result<std::string> text = read_file(*file, kLargestFile);
  if (!text) {
    complain(text.error());
    return {};
  }
  prepared.list = tasks::read_tasks(*text, *file);
  prepared.plan = make_plan(prepared.list.tasks);
  prepared.view = {.file = fs::path(*file).lexically_proximate(fs::current_path(ec)).string(),
                   .format = prepared.list.format,
                   .reason = prepared.list.reason,
                   .agent = prepared.config.agent,
                   .workers = prepared.config.workers,
                   .problems = prepared.list.problems};
  if (complain_about(prepared)) return {};
  return prepared;
}

Result<std::string> find_task_file(const std::string& argument, const std::string& configured,
                                   const std::vector<std::string>& folders, std::string* reason) {
  std::error_code ec;
  const auto find = [&](const std::string& name) -> std::optional<std::string> {
    for (const std::string& folder : folders) {
      const fs::path file = fs::path(folder) / name;
      if (fs::is_regular_file(file, ec)) return fs::weakly_canonical(file, ec).string();
    }
    return {};
  };
  for (const std::string& wanted : {argument, configured}) {
    if (wanted.empty()) continue;
    if (const auto file = find(wanted)) return *file;
    return hinted(fail(Fault::NotFound, "there is no task file {}", one_line(wanted)),
                  "`tmux-orch up FILE` takes a Markdown file with a list of `- [ ]` tasks");
  }
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  const auto add = [&](const fs::path& file) {
    if (!fs::is_regular_file(file, ec)) return;
    const std::string name = fs::weakly_canonical(file, ec).string();
    found.emplace_back(fs::last_write_time(file, ec), name);
  };
  for (const std::string& folder : folders) {
    for (const char* name : {"tasks.md", "TASKS.md"})
      add(fs::path(folder) / name);
    for (const char* below : {".kiro/specs", "specs", ".tmp"}) {
      for (fs::directory_iterator it(fs::path(folder) / below, ec), end; !ec && it != end;
           it.increment(ec)) {
        add(it->path() / "tasks.md");
      }
    }
  }
  if (found.empty()) {
    return hinted(fail(Fault::NotFound, "there is no task file here"),
                  "write a tasks.md with lines such as `- [ ] add a parser`, or name the file: "
                  "`tmux-orch up FILE`");
  }
  const auto newest = std::ranges::max_element(found);
  *reason = fmt::format("taking {}", newest->second);
  return newest->second;
}

}  // namespace orch::cli
