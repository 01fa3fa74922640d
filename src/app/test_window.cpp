// Finds or opens it. The run that it shows is marked in the session, so that neither a new
// supervisor nor a window that the user closed has a second one opened.
#include "app/test_window.hpp"

#include "app/run_context.hpp"
#include "app/tmux_host.hpp"
#include "orch/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::app {
namespace {

// A user option of a window is looked for in its session as well, so the two differ.
constexpr std::string_view kOfWindow = "@orch_shows";
constexpr std::string_view kOfSession = "@orch_tests";
constexpr std::string_view kTests = "tests";

}  // namespace

int test_window_index(std::size_t tasks) {
  int index = 99;
  while (static_cast<std::size_t>(index) <= tasks)
    index = index * 10 + 9;
  return index;
}

TestWindow::TestWindow(TmuxHost& tmux, const RunContext& context, std::size_t tasks)
    : tmux_(tmux), context_(context), tasks_(tasks) {}

void TestWindow::forget() {
  wanted_ = false;
  done_ = false;
}

void TestWindow::show() {
  wanted_ = true;
  session_is_there();
}

void TestWindow::session_is_there() {
  tmuxctl::Server* server = tmux_.connected();
  if (!wanted_ || server == nullptr || std::exchange(done_, true)) return;
  loop::spawn<Status>(open(*server), [](const Status& opened) {
    if (!opened) log_line(LogLevel::Warning, "no window for tests: {}", opened.error().what);
  });
}

loop::Job<Status> TestWindow::open(tmuxctl::Server& server) {
  const tmuxctl::SessionId session = server.session();
  const Result<std::string> shown_run =
      co_await server.session_option(session, std::string(kOfSession));
  if (!shown_run) co_return passed_on(shown_run);
  const Result<std::vector<tmuxctl::Pane>> panes =
      co_await server.list_panes(session, std::string(kOfWindow));
  if (!panes) co_return passed_on(panes);
  const auto found = std::ranges::find(*panes, kTests, &tmuxctl::Pane::option);
  const bool is_there = found != panes->end();
  // Where it is not there, the user has closed it.
  const bool is_of_run = *shown_run == context_.info.id;
  if (is_of_run && !(is_there && found->dead)) co_return Status();
  loop::Job<Status> showing =
      is_there ? server.respawn_window(found->window, command()) : open_new(server);
  const Status shown = co_await showing;
  if (!shown) co_return shown;
  std::vector<tmuxctl::Option> mark;
  mark.push_back({session.value, std::string(kOfSession), context_.info.id});
  co_return co_await server.set_options(std::move(mark));
}

loop::Job<Status> TestWindow::open_new(tmuxctl::Server& server) {
  tmuxctl::WindowSpec spec;
  spec.session = server.session();
  spec.name = kTests;
  spec.cwd = "/";
  spec.argv = command();
  // Lines have no size of their own: tmux fits them to who looks.
  spec.options = {{std::string(kOfWindow), std::string(kTests)}, {"window-size", "latest"}};
  spec.index = test_window_index(tasks_);
  Result<tmuxctl::Opened> opened = co_await server.open_window(spec);
  if (!opened && !tmuxctl::may_have_run(opened.error())) {
    spec.index.reset();  // somebody else's has that number
    opened = co_await server.open_window(spec);
  }
  if (!opened) co_return passed_on(opened);
  co_return Status();
}

std::vector<std::string> TestWindow::command() const {
  return {context_.program.string(),
          "-C",
          context_.paths.repository().string(),
          "logs",
          "--tests",
          "-f"};
}

}  // namespace orch::app
