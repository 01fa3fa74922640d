// The loop of the dashboard: keys, what is stored, and a tick a second each lead to a frame.
#include "cli/dashboard.hpp"

#include "app/tmux_host.hpp"
#include "cli/attach.hpp"
#include "cli/last_lines.hpp"
#include "cli/output.hpp"
#include "cli/run_reader.hpp"
#include "curses/screen.hpp"
#include "dashboard/frame.hpp"
#include "dashboard/keys.hpp"
#include "loop/child.hpp"
#include "loop/loop.hpp"
#include "loop/readable_watch.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/once.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <utility>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;
using dashboard::Ask;
using dashboard::Request;

constexpr Span kTick = 1s;
constexpr Span kPause = 200ms;  // between two looks, however much is stored
constexpr Span kVerbTimeout = 30s;
constexpr std::size_t kKeptOutput = 1u << 20;  // bytes, of a log or a difference

/// What a verb said, on one line, as it is said where the verb's name is known.
std::string said(std::string_view text) {
  std::string all;
  for (std::string_view line : split_lines(text)) {
    line = trim(line);
    constexpr std::string_view kName = "tmux-orch: ";
    if (line.starts_with(kName)) line.remove_prefix(kName.size());
    if (line.empty()) continue;
    if (!all.empty()) all += "; ";
    all += line;
  }
  return all;
}

class Dashboard {
 public:
  Dashboard(const RunHandle& handle, std::unique_ptr<curses::Screen> screen, Place place)
      : screen_(std::move(screen)), reader_(handle) {
    view_.is_home = place == Place::Home;
  }

  void run() {
    // These are members no longer than the loop runs: it asserts that none outlives it.
    const loop::ReadableWatch keys(loop_, STDIN_FILENO, [this] { on_keys(); });
    const loop::ReadableWatch stored(loop_, reader_.store().changes(), [this] { on_stored(); });
    const loop::SignalWatch resized(loop_, SIGWINCH, [this] {
      screen_->fit();
      draw();
    });
    const loop::SignalWatch hangup(loop_, SIGHUP, [this] { loop_.stop(); });
    const loop::SignalWatch term(loop_, SIGTERM, [this] { loop_.stop(); });
    look_.once(kPause);
    tick_.every(kTick);
    look();
    draw();
    loop_.run();
  }

 private:
  void on_keys() {
    bool any = false;
    while (const std::optional<dashboard::Key> key = screen_->read()) {
      // It is about what the one before it has led to.
      if (any) frame_ = dashboard::frame_of(board(), view_, moment(), screen_->size());
      any = true;
      dashboard::Pressed pressed = dashboard::press(board(), view_, frame_, *key);
      view_ = settled(std::move(pressed.view));
      if (pressed.leaves) return loop_.stop();
      if (pressed.request) carry_out(*pressed.request);
    }
    if (!any && is_terminal_gone()) return loop_.stop();
    draw();
  }

  static bool is_terminal_gone() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return ::poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  }

  void on_stored() {
    if (reader_.store().take_change() && !look_is_due_) {
      look_is_due_ = true;
      look_.once(kPause);
    }
  }

  void on_look() {
    look_is_due_ = false;
    look();
    draw();
  }

  /// Reads at least once a second: the end of a supervisor changes no file.
  void on_tick() {
    if (!look_is_due_) look();
    draw();
  }

  void look() {
    const Result<RunReader::Found> found = reader_.look();
    if (!found) return say(said(found.error().what), true);
    if (found->calls && view_.is_home) screen_->ring();
  }

  void draw() {
    const dashboard::Size size = screen_->size();
    view_ = settled(std::move(view_));
    frame_ = dashboard::frame_of(board(), view_, moment(), size);
    if (look_at_logs()) frame_ = dashboard::frame_of(board(), view_, moment(), size);
    screen_->draw(frame_);
  }

  /// Of the agents whose tasks are on the screen; has any printed something?
  bool look_at_logs() {
    const std::int64_t now = loop::Loop::boottime_ms();
    if (now - logs_looked_at_ < kTick.count()) return false;
    logs_looked_at_ = now;
    std::vector<LastLines::Shown> shown;
    for (const TaskId& id : frame_.tasks) {
      const TaskRecord* task = board().state->find(id);
      if (task != nullptr && board().state->agent_of(*task).is_alive())
        shown.push_back({id, task->attempts});
    }
    const RunHandle& handle = reader_.place();
    last_lines_.look(app::RunPaths(handle.paths.run(handle.run.info.id)), shown);
    return true;
  }

  void carry_out(const Request& request) {
    if (request.ask == Ask::Go) return go(request.task);
    if (busy_) return say("wait: what you asked for before is not done yet", true);
    busy_ = true;
    say(fmt::format("{} ...", join(dashboard::words_of(request), " ")), false);
    children_.run(command_of(request), [this, request](const Result<loop::Finished>& ran) {
      busy_ = false;
      on_done(request, ran);
      draw();
    });
  }

  loop::Command command_of(const Request& request) const {
    loop::Command command;
    command.argv = {own_program().string(), "-C", reader_.place().paths.repository().string()};
    for (std::string& word : dashboard::words_of(request))
      command.argv.push_back(std::move(word));
    if (request.ask == Ask::Send) command.input = request.text;
    command.timeout = kVerbTimeout;
    command.keep = kKeptOutput;
    return command;
  }

  void on_done(const Request& request, const Result<loop::Finished>& ran) {
    if (!ran) return say(said(ran.error().what), true);
    if (ran->timed_out) return say("there was no answer in time", true);
    const bool pages = request.ask == Ask::Logs || request.ask == Ask::Diff;
    if (!ran->ok()) return say(said(ran->err.empty() ? ran->out : ran->err), true);
    if (!pages) return say(said(ran->out), false);
    view_.message.clear();
    open_page(request, *ran);
  }

  void open_page(const Request& request, const loop::Finished& ran) {
    const bool is_diff = request.ask == Ask::Diff;
    dashboard::Page page{
        .title = fmt::format("{} {}", is_diff ? "diff" : "logs", one_line(request.task.value, 40)),
        .is_diff = is_diff};
    for (const std::string_view line : split_lines(ran.out))
      page.lines.emplace_back(line);
    if (page.lines.empty()) page.lines.emplace_back("nothing yet");
    if (ran.cut) page.lines.emplace_back("... there is more, which the verb itself shows");
    page.top = is_diff ? 0 : dashboard::last_top(page, screen_->size());
    view_.page = std::move(page);
    view_.mode = dashboard::Mode::Page;
  }

  void go(const TaskId& id) {
    const RunHandle handle = reader_.handle();
    if (view_.is_home) return select(handle, id);
    screen_->suspend();
    const Result<int> shown = show_session(handle, id);
    screen_->resume();
    if (!shown) say(said(shown.error().what), true);
  }

  /// We are in a window of the run: whoever pressed the key is taken to the other one.
  void select(const RunHandle& handle, const TaskId& id) {
    const Result<Config> config = config_of(handle);
    if (!config) return say(said(config.error().what), true);
    const TaskRecord* task = handle.run.state.find(id);
    const tmuxctl::WindowId window{handle.run.state.agent_of(*task).window};
    loop::spawn<Status>(
        tmuxctl::select_window(children_,
                               app::tmux_server(config->tmux, handle.paths.repository()).address,
                               window, "@orch_task", id.value),
        [this](const Status& selected) {
          if (selected) return;
          say(said(selected.error().what), true);
          draw();
        });
  }

  void say(std::string text, bool is_bad) {
    view_.message = std::move(text);
    view_.message_is_bad = is_bad;
  }

  const dashboard::Board& board() const { return reader_.board(); }

  dashboard::Moment moment() const { return {reader_.now(), last_lines_.lines()}; }

  dashboard::View settled(dashboard::View view) const {
    return dashboard::settled(std::move(view), board(), moment(), screen_->size());
  }

  std::unique_ptr<curses::Screen> screen_;
  loop::Loop loop_;
  loop::Children children_{loop_};
  RunReader reader_;
  LastLines last_lines_;
  std::int64_t logs_looked_at_ = 0;
  dashboard::View view_;
  dashboard::Frame frame_;
  bool busy_ = false;  ///< a verb is at work for us
  bool look_is_due_ = false;
  loop::Timer look_{loop_, [this] { on_look(); }};
  loop::Timer tick_{loop_, [this] { on_tick(); }};
};

}  // namespace

Status show_dashboard(const RunHandle& handle, Place place) {
  Result<std::unique_ptr<curses::Screen>> screen = curses::Screen::open(colours());
  if (!screen) return passed_on(screen);
  Dashboard(handle, std::move(*screen), place).run();
  return {};
}

}  // namespace orch::cli
