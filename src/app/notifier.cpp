// Facts to commands, one after the other.
#include "app/notifier.hpp"

#include "agents/filled.hpp"
#include "orch/base/log.hpp"
#include "orch/base/text.hpp"
#include "ui/lines.hpp"
#include "ui/sentences.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostWaiting = 8;
constexpr std::size_t kColumns = 300;
constexpr Span kTimeout = 5s;

}  // namespace

Notifier::Notifier(loop::Children& children, std::vector<std::string> command)
    : children_(children), command_(std::move(command)) {}

void Notifier::tell(const Fact& fact) {
  if (command_.empty() || !ui::calls_user(fact)) return;
  if (waiting_.size() >= kMostWaiting) {
    ++left_out_;
    return;
  }
  waiting_.push_back({one_line(fact.task.value, 40), one_line(ui::sentence(fact), kColumns)});
  run_next();
}

void Notifier::run_next() {
  if (running_ || waiting_.empty()) return;
  Note note = std::move(waiting_.front());
  waiting_.pop_front();
  if (waiting_.empty() && left_out_ > 0)
    note.text += fmt::format("; and {} more", std::exchange(left_out_, 0));
  const std::string title =
      note.task.empty() ? "tmux-orch" : fmt::format("tmux-orch: {}", note.task);
  const std::array<Placeholder, 3> places{
      {{"{title}", title}, {"{text}", note.text}, {"{task}", note.task}}};
  loop::Command command;
  for (const std::string& word : command_)
    command.argv.push_back(filled(word, places));
  command.cwd = std::string("/");
  command.timeout = kTimeout;
  command.keep = 4096;
  running_ = true;
  children_.run(std::move(command), [this](const Result<loop::Finished>& done) {
    running_ = false;
    if (!done) {
      log_line(LogLevel::Warning, "notify.command: {}", to_text(done.error()));
    } else if (!done->ok()) {
      log_line(LogLevel::Warning, "{}", one_line(done->text("notify.command"), 200));
    }
    run_next();
  });
}

}  // namespace orch::app
