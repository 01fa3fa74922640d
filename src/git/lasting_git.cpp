// Some lines for each question; answers come in the order of the questions.
#include "git/lasting_git.hpp"

#include "orch/base/text.hpp"

#include <sys/resource.h>

#include <utility>

namespace orch::git {
namespace {

// Of lines that are an id, or a word and "ok".
constexpr std::size_t kLongestAnswer = 64u << 10;
// One that does not know the option, say.
constexpr int kMostFailures = 3;

/// Where so many lines end; npos: they are not all there.
std::size_t end_of_lines(std::string_view text, std::size_t lines) {
  std::size_t end = 0;
  for (; lines > 0; --lines) {
    const std::size_t newline = text.find('\n', end);
    if (newline == text.npos) return text.npos;
    end = newline + 1;
  }
  return end;
}

Error ended(const loop::Finished& finished) {
  const std::string said = one_line(trim(finished.err), 200);
  if (said.empty()) return {Fault::Io, "git ended", {}};
  return {Fault::Refused, said, {}};
}

}  // namespace

LastingGit::LastingGit(loop::Loop& loop, loop::Children& children,
                       std::function<loop::Command()> command, Span patience)
    : children_(children), command_(std::move(command)), patience_(patience), late_(loop, [this] {
        give_up({Fault::TimedOut, "git took too long", {}});
      }) {}

LastingGit::~LastingGit() = default;

loop::Awaiter<LastingGit::Answer> LastingGit::ask(std::string question, std::size_t lines) {
  return loop::Awaiter<Answer>(
      [this, text = std::move(question), lines](std::function<void(Answer)> done) {
        begin(text, {.lines = lines, .done = std::move(done)});
      });
}

void LastingGit::begin(std::string text, Question question) {
  if (!git_) {
    if (const Status started = start(); !started) return question.done(passed_on(started));
  }
  git_->write(std::move(text));
  if (open_.empty()) late_.once(patience_);
  open_.push_back(std::move(question));
}

/// Each that stays holds three files open; where a run has few, those for one call do.
static bool has_files_to_spare() {
  constexpr rlim_t kEnough = 256;
  rlimit files{};
  return ::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= kEnough;
}

Status LastingGit::start() {
  if (!has_files_to_spare()) return fail(Fault::Busy, "few files may be open");
  if (failures_ >= kMostFailures) return fail(Fault::Busy, "git ended each time");
  text_.clear();
  auto git = children_.open(
      command_(), [this](std::string_view bytes) { take(bytes); },
      [this](const loop::Finished& finished) { give_up(ended(finished)); });
  if (!git) return passed_on(git);
  git_ = std::move(*git);
  ++failures_;
  return {};
}

void LastingGit::take(std::string_view bytes) {
  failures_ = 0;
  text_ += bytes;
  while (!open_.empty()) {
    const std::size_t end = end_of_lines(text_, open_.front().lines);
    if (end == text_.npos) break;
    const Question question = std::move(open_.front());
    open_.pop_front();
    late_.once(patience_);
    std::string answer = text_.substr(0, end);
    text_.erase(0, end);
    question.done(std::move(answer));
  }
  if (open_.empty()) late_.cancel();
  if (text_.size() > kLongestAnswer) give_up({Fault::Corrupt, "git answered too much", {}});
}

void LastingGit::give_up(const Error& error) {
  late_.cancel();
  git_.reset();
  for (const Question& question : std::exchange(open_, {}))
    question.done(Failure(error));
}

void LastingGit::restart() {
  give_up({Fault::Busy, "git was started anew", {}});
  failures_ = 0;
}

}  // namespace orch::git
