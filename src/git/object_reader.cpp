// A line for each question; answers come in the order of the questions.
#include "git/object_reader.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::git {
namespace {

// Of a git that waits for something which is no file, say, in the place of a pack.
constexpr Span kReadPatience = std::chrono::seconds(10);
constexpr std::size_t kLongestName = 4096;
// One that does not know the option, say.
constexpr int kMostFailures = 3;

Failure not_asked(std::string_view why) {
  return fail(Fault::Busy, "git's objects cannot be read: {}", why);
}

bool is_one_line(std::string_view name) {
  const auto breaks = [](char byte) { return byte == '\n' || byte == '\0'; };
  return !name.empty() && name.size() <= kLongestName && std::ranges::none_of(name, breaks);
}

}  // namespace

ObjectReader::ObjectReader(loop::Loop& loop, loop::Children& children,
                           std::function<loop::Command()> command)
    : children_(children), command_(std::move(command)), patience_(loop, [this] {
        give_up({Fault::TimedOut, "git took too long", {}});
      }) {}

ObjectReader::~ObjectReader() = default;

loop::Awaiter<ObjectReader::Answer> ObjectReader::look(std::string name) {
  return ask(std::move(name), std::nullopt);
}

loop::Awaiter<ObjectReader::Answer> ObjectReader::read(std::string name, std::size_t most) {
  return ask(std::move(name), most);
}

loop::Awaiter<ObjectReader::Answer> ObjectReader::ask(std::string name,
                                                      std::optional<std::size_t> most) {
  return loop::Awaiter<Answer>(
      [this, name = std::move(name), most](std::function<void(Answer)> done) {
        begin(name, {.most = most, .done = std::move(done)});
      });
}

void ObjectReader::begin(const std::string& name, Question question) {
  if (!is_one_line(name)) return question.done(not_asked("no name of an object"));
  if (!git_) {
    if (const Status started = start(); !started) return question.done(passed_on(started));
  }
  git_->write((question.most ? "contents " : "info ") + name + '\n');
  if (open_.empty()) patience_.once(kReadPatience);
  open_.push_back(std::move(question));
}

Status ObjectReader::start() {
  if (failures_ >= kMostFailures) return not_asked("its git ended each time");
  stream_ = {};
  auto git = children_.open(
      command_(), [this](std::string_view bytes) { take(bytes); },
      [this](const loop::Finished& finished) {
        give_up({Fault::Io, one_line(trim(finished.err), 200), {}});
      });
  if (!git) return passed_on(git);
  git_ = std::move(*git);
  return {};
}

void ObjectReader::take(std::string_view bytes) {
  stream_.feed(bytes);
  while (!open_.empty()) {
    const std::optional<std::size_t> most = open_.front().most;
    auto answer = most ? stream_.next_contents(*most) : stream_.next_info();
    if (!answer) break;
    if (!*answer && answer->error().fault == Fault::Corrupt) return give_up(answer->error());
    const Question question = std::move(open_.front());
    open_.pop_front();
    failures_ = 0;
    patience_.once(kReadPatience);
    question.done(std::move(*answer));
  }
  if (open_.empty()) patience_.cancel();
}

void ObjectReader::give_up(const Error& error) {
  patience_.cancel();
  git_.reset();
  ++failures_;
  for (const Question& question : std::exchange(open_, {}))
    question.done(not_asked(error.what));
}

void ObjectReader::restart() {
  give_up({Fault::Busy, "its git was started anew", {}});
  failures_ = 0;
}

}  // namespace orch::git
