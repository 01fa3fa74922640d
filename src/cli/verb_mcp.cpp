// mcp: the tools as a server of the Model Context Protocol, on standard input and output.
#include "cli/output.hpp"
#include "cli/program_version.hpp"
#include "cli/tool_run.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"
#include "tools/mcp_server.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>

namespace orch::cli {
namespace {

/// Whole lines to the client. One that has gone reads nothing more, and the input ends soon.
void write_line(std::string line) {
  line += '\n';
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Of a line that is too long only so much is kept as shows that it is.
void take_bytes(tools::McpServer& server, std::string& line, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    const std::size_t room = tools::kLongestMcpLine + 1 - line.size();
    line += part.substr(0, room);
    if (end == std::string_view::npos) return;
    bytes.remove_prefix(end + 1);
    if (!line.empty()) server.take(line);
    line.clear();
  }
}

int serve(const NoOptions&) {
  const Result<ToolCaller> caller = find_tool_caller();
  if (!caller) return complain(caller.error());
  std::signal(SIGPIPE, SIG_IGN);
  ToolRun run(caller->paths);
  tools::McpServer server(run, caller->caller, kVersion, write_line);
  std::array<char, 65536> buffer{};
  std::string line;
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    take_bytes(server, line, {buffer.data(), static_cast<std::size_t>(size)});
  }
  if (!line.empty()) server.take(line);
  server.finish();
  return status::kOk;
}

}  // namespace

const Verb kMcpVerb{"mcp", kPrograms, "the tools as an MCP server on standard input and output",
                    "claude mcp add tmux-orch -- tmux-orch mcp", begin<no_options, serve>};

}  // namespace orch::cli
