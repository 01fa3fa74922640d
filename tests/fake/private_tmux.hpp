#pragma once
// A tmux server of a test's own: a folder, a socket in it, and the end of both with the test.
#include "orch/base/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace orch::test {

/// An environment variable that is what it was again at the end of the block.
class Setenv {
 public:
  Setenv(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* old = std::getenv(name_.c_str())) {
      had_ = true;
      old_ = old;
    }
    setenv(name_.c_str(), value.c_str(), 1);
  }

  ~Setenv() {
    if (had_) {
      setenv(name_.c_str(), old_.c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }

  Setenv(const Setenv&) = delete;
  Setenv& operator=(const Setenv&) = delete;

 private:
  std::string name_;
  bool had_ = false;
  std::string old_;
};

/// A folder under the temporary one, 0700, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tmux-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = pattern;
  }

  ~TemporaryFolder() {
    std::error_code ignored;  // a test that fails may leave a folder
    std::filesystem::remove_all(path_, ignored);
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Ran {
  int code = 0;
  std::string out;  ///< standard output and standard error
};

/// Runs a command and waits for it.
inline Ran run_command(const std::vector<std::string>& words) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  std::vector<char*> argv;
  for (const std::string& word : words)
    argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  Ran ran;
  if (failed == 0) {
    char buffer[4096];
    for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
      ran.out.append(buffer, static_cast<std::size_t>(got));
    int status = 0;
    waitpid(pid, &status, 0);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  } else {
    ran.code = 127;
  }
  close(ends[0]);
  return ran;
}

/// The server itself is started by what is tested, or by tmux({"new-session", "-d", ...}).
class PrivateServer {
 public:
  PrivateServer()
      : home_("HOME", folder_.path().string()), tmux_("TMUX", ""), pane_("TMUX_PANE", "") {
    unsetenv("TMUX");
    unsetenv("TMUX_PANE");
  }

  /// Ends the server on exactly this socket and waits for its process.
  ~PrivateServer() {
    const ProcessId server = identify(pid());
    if (!server) return;
    tmux({"kill-server"});
    while (is_alive(server))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  const std::filesystem::path& folder() const { return folder_.path(); }

  std::string socket() const { return (folder_.path() / "s").string(); }

  /// The first words of each command line for this server.
  std::vector<std::string> argv() const {
    return {"tmux", "-u", "-S", socket(), "-f", "/dev/null"};
  }

  Ran tmux(const std::vector<std::string>& words) const {
    std::vector<std::string> line = argv();
    line.insert(line.end(), words.begin(), words.end());
    return run_command(line);
  }

  /// What tmux prints for a format, without the newline.
  std::string show(const std::string& format, const std::string& target = "") const {
    std::vector<std::string> words = {"display-message", "-p"};
    if (!target.empty()) words.insert(words.end(), {"-t", target});
    words.push_back(format);
    Ran ran = tmux(words);
    if (ran.out.ends_with('\n')) ran.out.pop_back();
    return ran.out;
  }

  /// The server's pid, or 0 when none is running.
  pid_t pid() const {
    if (!std::filesystem::exists(socket())) return 0;
    const Ran ran = tmux({"display-message", "-p", "#{pid}"});
    return ran.code == 0 ? static_cast<pid_t>(std::atoi(ran.out.c_str())) : 0;
  }

 private:
  TemporaryFolder folder_;
  Setenv home_;
  Setenv tmux_;
  Setenv pane_;
};

}  // namespace orch::test
