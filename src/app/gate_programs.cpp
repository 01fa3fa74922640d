// Starts and ends them; what they do is in src/shim/gate.cpp.
#include "app/gate_programs.hpp"

#include <signal.h>

#include <utility>

namespace orch::app {

GatePrograms::GatePrograms(loop::Loop& loop, loop::Children& children, std::filesystem::path shim)
    : loop_(loop), children_(children), shim_(std::move(shim)) {}

GatePrograms::~GatePrograms() = default;

loop::Awaiter<Status> GatePrograms::run(const std::filesystem::path& folder, Span timeout) {
  return loop::Awaiter<Status>([this, folder, timeout](std::function<void(Status)> answer) {
    loop::Command command;
    command.argv = {shim_.string(), "gate", folder.string()};
    command.timeout = timeout;
    auto opened = children_.open(
        std::move(command), [](std::string_view) {},
        [this, folder, answer](const loop::Finished&) {
          // Freed on the next turn: this is its own callback.
          auto ended = running_.extract(folder);
          loop_.post([pipe = std::shared_ptr(std::move(ended.mapped()))] {});
          answer({});
        });
    if (!opened) return answer(passed_on(opened));
    (*opened)->close_input();
    running_.insert_or_assign(folder, std::move(*opened));
  });
}

void GatePrograms::stop(const std::function<bool(const std::filesystem::path& folder)>& ends) {
  for (const auto& [folder, program] : running_)
    if (ends(folder)) program->kill(SIGTERM);
}

void GatePrograms::stop_all() {
  stop([](const std::filesystem::path&) { return true; });
}

}  // namespace orch::app
