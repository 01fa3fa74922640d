// The arguments of the sandbox: what lies over what.
#include "agents/sandbox.hpp"

#include "catch.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <string>

using namespace orch;

namespace {

SandboxPlace place() {
  return {.home = "/home/me",
          .root = "/srv/repo",
          .git = "/srv/repo/.git",
          .worktree = "/srv/repo/.worktrees/T1",
          .own_git = "/srv/repo/.git/worktrees/T1",
          .branch = "orch/T1",
          .attempt = "/srv/repo/.tmux-orch/runs/r/attempts/T1.1",
          .attempts = "/srv/repo/.tmux-orch/runs/r/attempts",
          .temporary = "/tmp",
          .hidden_folders = {"/home/me/.ssh"},
          .hidden_files = {"/home/me/.netrc"},
          .scratch = {"/home/me/.cache"},
          .read = {"/opt/bin"},
          .write = {"/home/me/.claude"},
          .protect = {"/home/me/.claude/settings.json"}};
}

/// What the last mount that reaches `path` makes of it: its option.
std::string mounted(const std::vector<std::string>& words, const std::string& path) {
  std::string how;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") break;
    const bool two = word.find("bind") != std::string::npos;
    const bool one = word == "--tmpfs" || word == "--dev" || word == "--proc";
    if (!two && !one) continue;
    const std::string target = words[i + (two ? 2 : 1)];
    if (target == "/" || path == target || path.starts_with(target + "/"))
      how = words[i + 1] == "/dev/null" ? "nothing" : word.substr(2);
  }
  if (how.ends_with("-try")) how.resize(how.size() - 4);
  return how;
}

}  // namespace

TEST_CASE("an agent in the sandbox writes where its work is, and nowhere else") {
  const std::vector<std::string> words = sandbox_command(place());
  static constexpr std::pair<const char*, const char*> kTable[] = {
      {"/usr/bin/git", "ro-bind"},
      {"/etc/passwd", "ro-bind"},
      {"/tmp/tmux-0/default", "tmpfs"},
      {"/run/docker.sock", "tmpfs"},
      {"/run/user/1000/bus", "tmpfs"},
      {"/run/systemd/resolve/stub-resolv.conf", "ro-bind"},
      {"/dev/sda", "dev"},
      {"/proc/1/root", "proc"},
      {"/home/me/.bashrc", "ro-bind"},
      {"/home/me/.ssh/id_ed25519", "tmpfs"},
      {"/home/me/.netrc", "nothing"},
      {"/home/me/.cache/x", "tmpfs"},
      {"/home/me/.claude/projects", "bind"},
      {"/home/me/.claude/settings.json", "ro-bind"},
      {"/opt/bin/tool", "ro-bind"},
      {"/srv/repo/README", "ro-bind"},
      {"/srv/repo/.worktrees/T1/README", "bind"},
      {"/srv/repo/.worktrees/T1/.git", "ro-bind"},
      {"/srv/repo/.worktrees/T2/README", "ro-bind"},
      {"/srv/repo/.tmux-orch/orch.db", "ro-bind"},
      {"/srv/repo/.tmux-orch/runs/r/attempts/T1.1/spool", "bind"},
      {"/srv/repo/.tmux-orch/runs/r/attempts/T2.1/spec", "tmpfs"},
      {"/srv/repo/.git/config", "ro-bind"},
      {"/srv/repo/.git/hooks/post-commit", "ro-bind"},
      {"/srv/repo/.git/info/attributes", "ro-bind"},
      {"/srv/repo/.git/packed-refs", "ro-bind"},
      {"/srv/repo/.git/objects/12/34", "bind"},
      {"/srv/repo/.git/refs/heads/orch/T1.lock", "bind"},
      {"/srv/repo/.git/refs/heads/main", "ro-bind"},
      {"/srv/repo/.git/refs/orch/cand/T1", "ro-bind"},
      {"/srv/repo/.git/logs/refs/heads/orch/T1", "bind"},
      {"/srv/repo/.git/lfs/objects/1", "bind"},
      {"/srv/repo/.git/worktrees/T1/index", "bind"},
      {"/srv/repo/.git/worktrees/T1/commondir", "ro-bind"},
      {"/srv/repo/.git/worktrees/T2/index", "ro-bind"}};
  for (const auto& [path, how] : kTable) {
    INFO(path);
    CHECK(mounted(words, path) == how);
  }
}

TEST_CASE("who only looks at work writes its program's own files, and nothing of the repository") {
  SandboxPlace reviews = place();
  reviews.worktree = "/srv/repo/.tmux-orch/review.1";
  reviews.own_git = "/srv/repo/.git/worktrees/review.1";
  reviews.branch.clear();
  reviews.attempt.clear();
  reviews.only_looks = true;
  const std::vector<std::string> words = sandbox_command(reviews);
  static constexpr std::pair<const char*, const char*> kTable[] = {
      {"/srv/repo/.tmux-orch/review.1/README", "ro-bind"},
      {"/srv/repo/.tmux-orch/runs/r/attempts/T1.1/spec", "tmpfs"},
      {"/srv/repo/README", "ro-bind"},
      {"/srv/repo/.git/objects/12/34", "ro-bind"},
      {"/srv/repo/.git/refs/heads/orch/T1", "ro-bind"},
      {"/srv/repo/.git/worktrees/review.1/index", "ro-bind"},
      {"/home/me/.claude/projects", "bind"},
      {"/home/me/.ssh/id_ed25519", "tmpfs"},
      {"/tmp/x", "tmpfs"}};
  for (const auto& [path, how] : kTable) {
    INFO(path);
    CHECK(mounted(words, path) == how);
  }
  CHECK(std::ranges::find(words, std::string()) == words.end());
}

TEST_CASE("the sandbox has processes of its own, ends with its shim and keeps the terminal") {
  const std::vector<std::string> words = sandbox_command(place());
  CHECK(words.front() == kSandboxProgram);
  CHECK(words.back() == "--");
  const auto has = [&words](const char* word) {
    return std::ranges::find(words, word) != words.end();
  };
  CHECK(has("--unshare-pid"));
  CHECK(has("--die-with-parent"));
  CHECK_FALSE(has("--new-session"));
  CHECK_FALSE(has("--unshare-net"));
}

TEST_CASE("a branch without a folder opens the folder of branches, as git renames its locks") {
  SandboxPlace plain = place();
  plain.branch = "T1";
  plain.home.clear();
  const std::vector<std::string> words = sandbox_command(plain);
  CHECK(mounted(words, "/srv/repo/.git/refs/heads/T1") == "bind");
  CHECK(mounted(words, "/srv/repo/.git/refs/tags/v1") == "ro-bind");
}

TEST_CASE("agents are sandboxed where they ask nothing, unless the user says otherwise") {
  Config config;
  CHECK_FALSE(is_sandboxed(config));
  config.unattended = true;
  CHECK(is_sandboxed(config));
  config.sandbox = SandboxRule::Off;
  CHECK_FALSE(is_sandboxed(config));
  config.unattended = false;
  config.sandbox = SandboxRule::On;
  CHECK(is_sandboxed(config));
}
