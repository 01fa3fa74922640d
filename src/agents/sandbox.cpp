// Puts the arguments of bubblewrap together: what is mounted later lies over what was before.
#include "agents/sandbox.hpp"

#include <initializer_list>
#include <utility>

namespace orch {

namespace {

/// What of the system is looked up there by programs that resolve names or have been installed.
constexpr std::string_view kOfRun[] = {"/run/systemd/resolve", "/run/resolvconf",
                                       "/run/NetworkManager", "/run/current-system"};

class Arguments {
 public:
  explicit Arguments(std::initializer_list<std::string_view> first) {
    for (const std::string_view word : first)
      words_.emplace_back(word);
  }

  void mount(std::string_view how, std::string_view path) {
    words_.emplace_back(how);
    words_.emplace_back(path);
    words_.emplace_back(path);
  }

  void mount_all(std::string_view how, const std::vector<std::string>& paths) {
    for (const std::string& path : paths)
      mount(how, path);
  }

  void empty(std::string_view path) {
    words_.emplace_back("--tmpfs");
    words_.emplace_back(path);
  }

  void add(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words)
      words_.emplace_back(word);
  }

  std::vector<std::string> take() { return std::move(words_); }

 private:
  std::vector<std::string> words_;
};

/// The system as it is, to be read. Processes of its own, so that it can stop and look into none of
/// the user's. No session of its own: the shim gives it a terminal that nobody else has, whose
/// signals it gets.
Arguments whole_system() {
  return Arguments{kSandboxProgram,
                   "--die-with-parent",
                   "--unshare-pid",
                   "--unshare-ipc",
                   "--ro-bind",
                   "/",
                   "/",
                   "--dev",
                   "/dev",
                   "--proc",
                   "/proc"};
}

/// "refs/heads/orch" for the branch "orch/T1": git renames a lock to the ref, so it needs the
/// folder.
std::string folder_of_ref(const std::string& branch) {
  const std::string ref = "refs/heads/" + branch;
  return ref.substr(0, ref.rfind('/'));
}

/// A commit writes objects, the branch, its log, and what the worktree has of its own. What would
/// have other gits run something, or look at another repository, stays as it is.
void add_git(Arguments& arguments, const SandboxPlace& place) {
  arguments.mount("--ro-bind", place.git);
  arguments.mount("--bind", place.git + "/objects");
  arguments.mount("--bind-try", place.git + "/" + folder_of_ref(place.branch));
  arguments.mount("--bind-try", place.git + "/logs/" + folder_of_ref(place.branch));
  for (const char* name : {"/reftable", "/lfs", "/rr-cache"})
    arguments.mount("--bind-try", place.git + name);
  arguments.mount("--bind", place.own_git);
  for (const char* name : {"/commondir", "/gitdir", "/config.worktree"})
    arguments.mount("--ro-bind-try", place.own_git + name);
}

}  // namespace

bool is_sandboxed(const Config& config) {
  return config.sandbox == SandboxRule::On ||
         (config.sandbox == SandboxRule::Auto && config.unattended);
}

std::vector<std::string> sandbox_command(const SandboxPlace& place) {
  Arguments arguments = whole_system();
  // Sockets of the user's tmux, session bus and containers are ways out.
  for (const char* folder : {"/tmp", "/var/tmp", "/run"})
    arguments.empty(folder);
  for (const std::string_view path : kOfRun)
    arguments.mount("--ro-bind-try", path);
  // A repository that the home folder lies in must not show again what is hidden there; any other
  // stays as it is, whatever else may be written.
  const bool around_home = (place.home + "/").starts_with(place.root + "/");
  if (around_home) arguments.mount("--ro-bind", place.root);
  if (!place.home.empty()) arguments.mount("--ro-bind", place.home);
  for (const std::string& path : place.hidden_folders)
    arguments.empty(path);
  for (const std::string& path : place.hidden_files)
    arguments.add({"--ro-bind", "/dev/null", path});
  arguments.mount_all("--ro-bind-try", place.read);
  for (const std::string& path : place.scratch)
    arguments.empty(path);
  arguments.mount_all("--bind-try", place.write);
  arguments.mount_all("--ro-bind-try", place.protect);
  if (!around_home) arguments.mount("--ro-bind", place.root);
  arguments.empty(place.attempts);
  if (!place.attempt.empty()) arguments.mount("--bind", place.attempt);
  if (place.only_looks) {
    arguments.mount("--ro-bind", place.worktree);
    arguments.mount("--ro-bind", place.git);
  } else {
    arguments.mount("--bind", place.worktree);
    arguments.mount("--ro-bind-try", place.worktree + "/.git");
    add_git(arguments, place);
  }
  arguments.add({"--setenv", "TMPDIR", place.temporary, "--chdir", place.worktree, "--"});
  return arguments.take();
}

std::vector<std::string> sandbox_probe() {
  Arguments arguments = whole_system();
  arguments.empty("/tmp");
  arguments.add({"--", "true"});
  return arguments.take();
}

std::vector<std::string> usual_secrets() {
  return {".ssh",
          ".gnupg",
          ".aws",
          ".azure",
          ".kube",
          ".docker",
          ".config/gcloud",
          ".config/gh",
          ".config/hub",
          ".config/glab-cli",
          ".config/op",
          ".config/google-chrome",
          ".config/chromium",
          ".config/BraveSoftware",
          ".mozilla",
          ".thunderbird",
          ".password-store",
          ".local/share/keyrings",
          ".local/state/tmux-orch",
          ".netrc",
          ".git-credentials",
          ".config/git/credentials",
          ".pypirc",
          ".npmrc",
          ".pgpass",
          ".cargo/credentials",
          ".cargo/credentials.toml",
          ".bash_history",
          ".zsh_history"};
}

}  // namespace orch
