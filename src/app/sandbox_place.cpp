// Looks which folders a sandbox has to open, and which to hide.
#include "app/sandbox_place.hpp"

#include "config/trusted_roots.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string_view>
#include <system_error>

namespace orch::app {
namespace {

constexpr std::size_t kLargestPointer = 64u << 10;

Environment variables_of(const RunContext& context) {
  Environment variables;
  for (const std::string& variable : context.environment) {
    const std::size_t equals = variable.find('=');
    if (equals != std::string::npos)
      variables.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return variables;
}

std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

/// Without links, as a mount needs it; empty: there is nothing.
std::string real_path(const fs::path& path) {
  std::error_code ec;
  const fs::path real = fs::canonical(path, ec);
  return ec ? std::string() : real.string();
}

void add_existing(const fs::path& path, std::vector<std::string>& paths) {
  if (std::string real = real_path(path); !real.empty()) paths.push_back(std::move(real));
}

/// What a `.git` file names; empty: it is none.
fs::path pointer_in(const fs::path& file) {
  constexpr std::string_view kKey = "gitdir:";
  const Result<std::string> text = read_file(file, kLargestPointer);
  if (!text || !text->starts_with(kKey)) return {};
  return file.parent_path() / std::string(trim(std::string_view(*text).substr(kKey.size())));
}

/// The path that a file is made of; one from its own folder is made absolute.
fs::path pointer_text(const fs::path& file) {
  const Result<std::string> text = read_file(file, kLargestPointer);
  return text ? file.parent_path() / std::string(trim(*text)) : fs::path();
}

/// The git folder of a repository: its own, one that it names, or itself where it is bare.
std::string git_of(const fs::path& root) {
  std::error_code ec;
  const fs::path inside = root / ".git";
  if (fs::is_directory(inside, ec)) return real_path(inside);
  const fs::path named = pointer_in(inside);
  return real_path(named.empty() ? root : named);
}

bool is_folder(const std::string& path) {
  std::error_code ec;
  return fs::is_directory(path, ec);
}

void add_home(const AgentProfile& profile, const Environment& environment, SandboxPlace& place) {
  const fs::path home = place.home;
  for (const std::string& name : usual_secrets()) {
    const std::string path = real_path(home / name);
    if (path.empty()) continue;
    (is_folder(path) ? place.hidden_folders : place.hidden_files).push_back(path);
  }
  for (const char* name : {".cache", ".npm"})
    add_existing(home / name, place.scratch);
  for (const std::string& name : profile.home_writable)
    add_existing(home / name, place.write);
  for (const std::string& name : profile.home_protected)
    add_existing(home / name, place.protect);
  add_existing(trusted_roots_file(environment).parent_path(), place.hidden_folders);
  add_existing(user_config_file(environment), place.protect);
}

/// tmux runs for everybody who reaches its socket what they want.
void hide_tmux(const RunContext& context, const Environment& environment, SandboxPlace& place) {
  std::string folder = variable(environment, "TMUX_TMPDIR");
  if (folder.empty()) folder = "/tmp";
  add_existing(fs::path(folder) / fmt::format("tmux-{}", ::getuid()), place.hidden_folders);
  const std::string& socket = context.config.tmux.socket_path;
  if (!socket.empty()) add_existing(context.paths.repository() / socket, place.hidden_files);
}

/// A worktree may have been made to name any folder, by an attempt before.
Status add_worktree(const RunContext& context, const fs::path& worktree, SandboxPlace& place) {
  place.root = real_path(context.paths.repository());
  place.git = git_of(context.paths.repository());
  place.worktree = real_path(worktree);
  place.own_git = real_path(pointer_in(worktree / ".git"));
  const fs::path own = place.own_git;
  const bool is_known = !place.git.empty() && own.parent_path() == place.git + "/worktrees" &&
                        real_path(pointer_text(own / "gitdir")) == place.worktree + "/.git";
  if (is_known) return {};
  return hinted(fail(Fault::Refused, "{} is no worktree of {} that could be put into a sandbox",
                     one_line(worktree.string(), 200), one_line(place.root, 200)),
                "`git worktree list` shows what git knows; without a sandbox: `tmux-orch down`, "
                "then `tmux-orch up --no-sandbox`");
}

/// What is the same wherever it works.
void add_machine(const RunContext& context, const AgentProfile& profile, SandboxPlace& place) {
  const Environment environment = variables_of(context);
  place.temporary = "/tmp";
  place.home = real_path(variable(environment, "HOME"));
  if (place.home == "/") place.home.clear();
  if (!place.home.empty()) add_home(profile, environment, place);
  hide_tmux(context, environment, place);
  const std::string programs = variable(environment, "PATH");
  for (const std::string_view folder : split(programs, ':'))
    if (folder.starts_with("/tmp/") || folder.starts_with("/var/tmp/") ||
        folder.starts_with("/run/"))
      add_existing(std::string(folder), place.read);
  add_existing(context.program.parent_path(), place.read);
  for (const std::string& path : context.config.sandbox_read)
    add_existing(place_at_home(path, environment), place.read);
  for (const std::string& path : context.config.sandbox_write)
    add_existing(place_at_home(path, environment), place.write);
}

}  // namespace

Result<SandboxPlace> sandbox_place(const RunContext& context, const AgentProfile& profile,
                                   const fs::path& worktree, const std::string& branch,
                                   const fs::path& attempt) {
  SandboxPlace place;
  if (const Status known = add_worktree(context, worktree, place); !known) return passed_on(known);
  place.branch = branch;
  place.attempt = real_path(attempt);
  place.attempts = real_path(attempt.parent_path());
  add_machine(context, profile, place);
  return place;
}

Result<SandboxPlace> review_place(const RunContext& context, const AgentProfile& profile,
                                  const fs::path& checkout) {
  SandboxPlace place;
  if (const Status known = add_worktree(context, checkout, place); !known) return passed_on(known);
  place.attempts = real_path(context.run.attempts());
  place.only_looks = true;
  add_machine(context, profile, place);
  return place;
}

}  // namespace orch::app
