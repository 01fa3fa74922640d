// The agents that need no configuration.
#include "config/builtin_agents.hpp"

namespace orch {

// Measured with claude 2.1, codex 0.169, gemini 0.61, opencode 1.18, pi 0.73 and qwen 0.24: each
// takes its first prompt as an argument, goes on interactively, and edits, commits and reports
// without a question. claude, codex, gemini and qwen ask before they do more; the others never ask.
// - A list of allowed tools is one word with its option: otherwise it swallows the prompt.
// - codex hands its work to a daemon that outlives the window unless told not to. Its sandbox keeps
//   git's folder read-only and has no sockets, so its work is committed for it and it reports by
//   files in the attempt's folder.
std::string_view builtin_agents() {
  return R"toml(
[agents.claude]
command = [
  "claude", "--permission-mode", "acceptEdits",
  """--allowedTools=Bash(git add:*),Bash(git commit:*),Bash(git status:*),\
  Bash(git diff:*),Bash(git log:*),Bash(tmux-orch:*)""",
]
resumes = true

[agents.codex]
command = [
  "codex", "--no-daemon", "-s", "workspace-write", "-a", "on-request",
  "--add-dir", "{attempt_folder}",
]
commit = true
resumes = true

[agents.gemini]
command = [
  "gemini", "--approval-mode", "auto_edit",
  """--allowed-tools=run_shell_command(git add),run_shell_command(git commit),\
  run_shell_command(git status),run_shell_command(git diff),run_shell_command(git log),\
  run_shell_command(tmux-orch)""",
  "-i",
]
resumes = true

[agents.opencode]
command = ["opencode", "--prompt"]
resumes = true

[agents.pi]
command = ["pi"]
resumes = true

[agents.qwen]
command = [
  "qwen", "--approval-mode", "auto-edit",
  """--allowed-tools=run_shell_command(git add),run_shell_command(git commit),\
  run_shell_command(git status),run_shell_command(git diff),run_shell_command(git log),\
  run_shell_command(tmux-orch)""",
  "-i",
]
resumes = true

[agents.sh]
command = ["sh", "-eu", "{prompt_file}"]
prompt = "script"
done = "exit"
commit = true
automatic = false
)toml";
}

}  // namespace orch
