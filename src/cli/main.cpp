// tmux-orch: finds the verb and runs it; the last place where anything is caught.
#include "cli/completion.hpp"
#include "cli/hook.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "loop/descriptors.hpp"
#include "orch/base/process.hpp"

#include <signal.h>

#include <exception>
#include <filesystem>
#include <string>

int main(int argc, char** argv) {
  using namespace orch::cli;
  constexpr int kBug = 70;
  if (is_hook_call(argc, argv)) run_hook(argc > 2 ? argv[2] : "");
  orch::open_standard_streams();
  orch::loop::raise_descriptor_limit();
  leave_callers_git();
  leave_long_tmux_folder();
  // A reader that went away (`| head`) is an error of write(), not a silent death.
  ::signal(SIGPIPE, SIG_IGN);
  try {
    using orch::loop::check_descriptors;
    const orch::Status enough = check_descriptors("tmux-orch", orch::loop::kDescriptorsOfLoop);
    if (!enough) return complain(enough.error());
    if (is_completion_call(argc, argv)) return print_completions(argc, argv);
    const auto parsed = parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    const Call& call = std::get<Call>(parsed);
    if (!call.folder.empty()) {
      std::error_code ec;
      std::filesystem::current_path(call.folder, ec);
      if (ec) {
        return complain(orch::Error{orch::Fault::NotFound,
                                    "cannot work in " + call.folder + ": " + ec.message(),
                                    "-C takes a folder that exists"});
      }
    }
    return call.run();
  } catch (const std::exception& problem) {
    warn(std::string("a bug, please report it: ") + problem.what());
    return kBug;
  }
}
