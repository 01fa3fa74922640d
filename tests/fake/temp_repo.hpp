#pragma once
// A git repository of a test's own, with a home of its own and no configuration from outside.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace orch::test {

/// While it lives the whole process has HOME in its folder and GIT_CONFIG_GLOBAL=/dev/null. The
/// folder's name has a space and a quote, as people's have.
class TempRepo {
 public:
  struct Output {
    int code = 0;
    std::string text;  ///< standard output
    std::string error;
  };

  /// A repository on branch `main` with one commit, unless `init` is false: then only the folder.
  /// It has no identity of its own; the commits made here name one by themselves.
  explicit TempRepo(bool init = true) {
    std::string pattern = std::filesystem::temp_directory_path() / "orch-repo-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = std::filesystem::canonical(pattern);
    set("HOME", (folder_ / "home").string());
    set("GIT_CONFIG_GLOBAL", "/dev/null");
    set("GIT_CONFIG_NOSYSTEM", "1");
    std::filesystem::create_directories(folder_ / "home");
    std::filesystem::create_directories(root());
    if (!init) return;
    git({"init", "-q", "-b", "main"});
    write("README.md", "hello\n");
    commit("first commit");
  }

  ~TempRepo() {
    for (const auto& [name, old] : environment_) {
      if (old) {
        ::setenv(name.c_str(), old->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  TempRepo(const TempRepo&) = delete;
  TempRepo& operator=(const TempRepo&) = delete;

  /// The main worktree.
  std::filesystem::path root() const { return folder_ / "it's a repo"; }

  /// Next to the repository, for whatever else a test needs.
  const std::filesystem::path& folder() const { return folder_; }

  /// Where the supervisor would put the worktree of that name.
  std::filesystem::path worktree(const std::string& name) const {
    return root() / ".worktrees" / name;
  }

  /// Sets an environment variable until the repository is gone.
  void set(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    environment_.emplace(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
    ::setenv(name.c_str(), value.c_str(), 1);
  }

  Output try_git_in(const std::filesystem::path& where,
                    const std::vector<std::string>& args) const {
    std::vector<std::string> argv = {"git", "-C", where.string()};
    argv.insert(argv.end(), args.begin(), args.end());
    return run(argv);
  }

  /// Standard output without its last newline; throws with git's words when git fails.
  std::string git_in(const std::filesystem::path& where,
                     const std::vector<std::string>& args) const {
    Output output = try_git_in(where, args);
    if (output.code != 0) throw std::runtime_error("git " + args.front() + ": " + output.error);
    if (output.text.ends_with('\n')) output.text.pop_back();
    return output.text;
  }

  std::string git(const std::vector<std::string>& args) const { return git_in(root(), args); }

  bool git_says_yes(const std::vector<std::string>& args) const {
    return try_git_in(root(), args).code == 0;
  }

  /// Paths are relative to the main worktree unless absolute; folders are made.
  void write(const std::filesystem::path& path, const std::string& text) const {
    const std::filesystem::path file = root() / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }

  std::string read(const std::filesystem::path& path) const { return text_of(root() / path); }

  /// Everything in the worktree becomes a commit; returns its id.
  std::string commit_in(const std::filesystem::path& where, const std::string& message) const {
    git_in(where, {"add", "-A"});
    git_in(where, {"commit", "-q", "--allow-empty", "-m", message});
    return git_in(where, {"rev-parse", "HEAD"});
  }

  std::string commit(const std::string& message) const { return commit_in(root(), message); }

  std::string id(const std::string& rev) const { return git({"rev-parse", rev}); }

 private:
  static std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }

  static std::string drain(int fd) {
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(got));
    return text;
  }

  /// Standard error goes to a file, so that two pipes need not be read at once.
  Output run(const std::vector<std::string>& words) const {
    const std::string error_file = (folder_ / "stderr").string();
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, error_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    std::vector<std::string> variables = {
        "GIT_AUTHOR_NAME=A Person", "GIT_AUTHOR_EMAIL=person@example.org",
        "GIT_COMMITTER_NAME=A Person", "GIT_COMMITTER_EMAIL=person@example.org"};
    std::vector<char*> env;
    for (std::string& variable : variables)
      env.push_back(variable.data());
    for (char** inherited = environ; *inherited != nullptr; ++inherited)
      env.push_back(*inherited);
    env.push_back(nullptr);
    std::vector<char*> argv;
    for (const std::string& word : words)
      argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);

    pid_t pid = 0;
    const int failed = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), env.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    Output output;
    if (failed == 0) output.text = drain(ends[0]);
    ::close(ends[0]);
    if (failed != 0) throw std::runtime_error("cannot start git");
    int status = 0;
    ::waitpid(pid, &status, 0);
    output.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    output.error = text_of(error_file);
    return output;
  }

  std::filesystem::path folder_;
  std::map<std::string, std::optional<std::string>> environment_;
};

}  // namespace orch::test
