// orch-shim: the parent of an agent in its tmux pane, and of the commands of a gate.
#include "orch/attempt/attempt.hpp"
#include "orch/base/process.hpp"
#include "shim/modes.hpp"
#include "shim/takeover.hpp"

#include <string_view>
#include <system_error>

int main(int argc, char** argv) {
  using namespace orch::shim;
  orch::open_standard_streams();
  const bool gate = argc == 3 && std::string_view(argv[1]) == "gate";
  if (argc != 2 && !gate) {
    complain("usage: orch-shim FOLDER | orch-shim gate FOLDER");
    return shim_status::kUsage;
  }
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(argv[argc - 1], error);
  return gate ? run_gate(folder) : run_agent(folder);
}
