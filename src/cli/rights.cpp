// Tries the sandbox, and says what agents may do.
#include "cli/rights.hpp"

#include "agents/allowed.hpp"
#include "agents/sandbox.hpp"
#include "app/run_on_disk.hpp"
#include "cli/ask.hpp"
#include "cli/blocking.hpp"
#include "cli/config_here.hpp"
#include "cli/output.hpp"
#include "config/trusted_roots.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace orch::cli {
namespace {

constexpr Span kProbeTimeout = std::chrono::seconds(10);

bool is_right(const ConfigFlag& flag) {
  return flag.key == "unattended" || flag.key == "sandbox";
}

/// On which its agents live.
bool is_server(const ConfigFlag& flag) {
  return flag.key == "tmux.server" || flag.key == "tmux.socket_path";
}

void read_again(Prepared& prepared) {
  prepared.config = prepared.saved.read().config;
}

/// `up` again goes on as the run was begun: with its rights, on its tmux server, and with the agent
/// that was asked for.
void take_over(Prepared& prepared) {
  const git::RepositoryFacts& facts = *prepared.repository;
  const auto before =
      app::configuration_to_go_on_with(app::Paths(facts.root), prepared.task_file, facts.checkout);
  if (!before) return;
  std::vector<ConfigFlag>& flags = prepared.saved.flags;
  const bool names_server = std::ranges::any_of(flags, is_server);
  for (const ConfigFlag& flag : before->flags) {
    const bool is_given = std::ranges::find(flags, flag.key, &ConfigFlag::key) != flags.end();
    const bool is_its_server = is_server(flag) && !names_server;
    const bool is_kept = is_right(flag) || is_its_server || flag.key == "agent";
    if (is_kept && !is_given) flags.push_back(flag);
  }
  read_again(prepared);
}

/// Empty: it works; otherwise why it does not.
std::string why_no_sandbox() {
  Blocking blocking;
  loop::Command command;
  command.argv = sandbox_probe();
  command.timeout = kProbeTimeout;
  loop::Children& children = blocking.children;
  const auto probe = [&children](loop::Command what) -> loop::Job<Result<loop::Finished>> {
    co_return co_await children.run(std::move(what));
  };
  const Result<loop::Finished> ran = blocking.wait(probe(std::move(command)));
  if (!ran) {
    return fmt::format("{} is not installed (package {})", kSandboxProgram, kSandboxPackage);
  }
  return ran->ok() ? std::string() : one_line(ran->text(kSandboxProgram), 200);
}

Status settle_sandbox(Prepared& prepared, bool may_ask) {
  if (!is_sandboxed(prepared.config)) return {};
  const std::string why = why_no_sandbox();
  if (why.empty()) return {};
  const bool goes_on =
      may_ask && ask(fmt::format("there is no sandbox for agents here: {}\n"
                                 "start them without one, with all of your rights (y), or stop "
                                 "(n, the default)? ",
                                 why),
                     'n') == 'y';
  if (!goes_on) {
    return hinted(
        fail(Fault::Refused, "agents were to run in a sandbox, and there is none here: {}", why),
        fmt::format("install {}, and allow user namespaces (on Debian and Ubuntu: "
                    "`sysctl kernel.unprivileged_userns_clone kernel.apparmor_restrict_"
                    "unprivileged_userns` shows whether they are); or without a sandbox: "
                    "`tmux-orch up --no-sandbox`",
                    kSandboxPackage));
  }
  std::erase_if(prepared.saved.flags, [](const ConfigFlag& flag) { return flag.key == "sandbox"; });
  prepared.saved.flags.push_back({"--no-sandbox", "sandbox", "false"});
  read_again(prepared);
  return {};
}

void say_rights(const Config& config) {
  const bool boxed = is_sandboxed(config);
  if (config.unattended && boxed) {
    warn(
        "agents run everything without asking, in a sandbox: they write in their worktree only, "
        "and have your network");
  } else if (config.unattended) {
    warn("agents run everything without asking, without a sandbox: with all of your rights");
  } else if (boxed) {
    warn("agents run in a sandbox");
  }
  if (!config.unattended) return;
  for (const auto& [name, profile] : config.agents) {
    const bool has_place = std::ranges::find(profile.command, "{rights}") != profile.command.end();
    if (profile.command.empty() || profile.unattended_flags.empty() || has_place) continue;
    warn(fmt::format("agent '{}' asks as it always does: its command has no {{rights}}", name));
  }
}

std::string in_quotes(const std::vector<std::string>& argv) {
  std::vector<std::string> words;
  words.reserve(argv.size());
  for (const std::string& word : argv)
    words.push_back(shell_word(word));
  return fmt::format("`{}`", one_line(join(words, " "), 60));
}

std::string in_quotes(const TestCommand& test) {
  const std::string command = in_quotes(test.command);
  if (test.env.empty()) return command;
  return fmt::format("{} with {}", command, one_line(variables_line(test), 60));
}

/// The repository's own file names programs, as a Makefile does. Who trusts it knows.
void say_programs(const Prepared& prepared) {
  app::SavedConfig without = prepared.saved;
  std::erase_if(without.layers,
                [](const ConfigLayer& layer) { return layer.owner == LayerOwner::Repository; });
  const Config users = without.read().config;
  const Config& config = prepared.config;
  std::vector<std::string> programs;
  for (const auto& [name, profile] : config.agents) {
    if (profile.of_repository && !profile.command.empty())
      programs.push_back(fmt::format("agent '{}' {}", name, in_quotes(profile.command)));
  }
  if (config.worktree_setup.run != users.worktree_setup.run) {
    for (const auto& command : config.worktree_setup.run)
      programs.push_back(in_quotes(command));
  }
  if (config.merge.tests != users.merge.tests) {
    for (const TestCommand& test : config.merge.tests)
      programs.push_back(in_quotes(test));
  }
  if (config.merge.generated != users.merge.generated) {
    for (const GeneratedFiles& files : config.merge.generated)
      programs.push_back(in_quotes(files.command));
  }
  if (config.gates != users.gates) {
    for (const TestCommand& gate : config.gates)
      programs.push_back(fmt::format("gate '{}' {}", gate.name, in_quotes(gate)));
  }
  if (programs.empty()) return;
  warn(fmt::format("tmux-orch.toml of this repository names programs: {}", join(programs, ", ")));
}

}  // namespace

void add_rights(OptionList& list, RightsOptions& options) {
  list.flag("--unattended", options.unattended, "agents run everything without asking");
  list.flag("--no-unattended", options.no_unattended, "they ask again");
  list.flag("--sandbox", options.sandbox,
            "agents run in a sandbox (the default with --unattended)");
  list.flag("--no-sandbox", options.no_sandbox, "they do not");
}

std::vector<ConfigFlag> rights_flags(const RightsOptions& options) {
  std::vector<ConfigFlag> flags;
  if (options.unattended) flags.push_back({"--unattended", "unattended", "true"});
  if (options.no_unattended) flags.push_back({"--no-unattended", "unattended", "false"});
  if (options.sandbox) flags.push_back({"--sandbox", "sandbox", "true"});
  if (options.no_sandbox) flags.push_back({"--no-sandbox", "sandbox", "false"});
  return flags;
}

Status settle_rights(Prepared& prepared, bool may_ask) {
  take_over(prepared);
  const Status settled = settle_sandbox(prepared, may_ask);
  if (!settled) return settled;
  say_rights(prepared.config);
  if (!is_trusted_root(prepared.config, own_environment(), prepared.repository->root))
    say_programs(prepared);
  return {};
}

}  // namespace orch::cli
