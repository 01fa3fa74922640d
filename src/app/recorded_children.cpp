// Processes of a supervisor, on record.
#include "app/recorded_children.hpp"

#include "loop/child.hpp"
#include "orch/base/log.hpp"
#include "orch/base/process.hpp"

#include <signal.h>

#include <chrono>
#include <thread>
#include <vector>

namespace orch::app {

using namespace std::chrono_literals;

void end_old_children(store::Store& store) {
  const Result<std::vector<ProcessId>> children = store.children();
  if (!children) return;
  for (const ProcessId& child : *children) {
    if (signal_process(child, SIGKILL)) {
      log_line(LogLevel::Warning, "ended process {} of an earlier supervisor", child.pid);
    }
    for (int look = 0; is_alive(child) && look < 100; ++look)
      std::this_thread::sleep_for(10ms);
    if (const Status forgotten = store.forget_child(child); !forgotten) return;
  }
}

void record_children(loop::Children& children, store::Store& store) {
  children.on_start = [&store](const ProcessId& child, const loop::Command& command) {
    const Status recorded = store.record_child(child, command.argv.front());
    if (!recorded) log_line(LogLevel::Warning, "{}", to_text(recorded.error()));
  };
  children.on_end = [&store](const ProcessId& child) { store.note_end_of(child); };
}

}  // namespace orch::app
