// `start`, the change, `prepare` and `commit` in one write, so that git waits for nobody in
// between.
#include "git/ref_writer.hpp"

#include "git/locks.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::git {
namespace {

// Of a disk that is slow to sync, say. It is ended then, which takes two seconds.
constexpr Span kPatience = std::chrono::seconds(5);
static_assert(kPatience + std::chrono::seconds(2) < kStaleAfter);
// Git dates what it logs by the moment when it first did so.
constexpr Span kOldest = std::chrono::seconds(10);

}  // namespace

struct RefWriter::Kept {
  Kept(loop::Loop& loop, loop::Children& children,
       const std::function<loop::Command(const std::string&)>& command)
      : git(
            loop, children, [this, command] { return command(message); }, kPatience) {}

  std::string message;
  LastingGit git;
};

RefWriter::RefWriter(loop::Loop& loop, loop::Children& children,
                     std::function<loop::Command(const std::string&)> command)
    : age_(loop, [this] { end_idle(); }) {
  for (auto& kept : kept_)
    kept = std::make_unique<Kept>(loop, children, command);
}

RefWriter::~RefWriter() = default;

loop::Job<Result<bool>> RefWriter::change(std::string message, std::string line) {
  Kept* const kept = git_for(message);
  if (kept == nullptr) co_return fail(Fault::Busy, "all gits that change refs are at work");
  if (!aging_) age_.once(kOldest);
  aging_ = true;
  std::string question = "start\n" + line + "\nprepare\ncommit\n";
  const auto answer = co_await kept->git.ask(std::move(question), 3);
  if (!answer) co_return passed_on(answer);
  if (*answer != "start: ok\nprepare: ok\ncommit: ok\n") {
    kept->git.restart();
    co_return fail(Fault::Corrupt, "git answered: {}", *answer);
  }
  co_return true;
}

RefWriter::Kept* RefWriter::git_for(const std::string& message) {
  const auto has_text = [&message](const auto& kept) { return kept->message == message; };
  auto found = std::ranges::find_if(kept_, has_text);
  if (found == kept_.end()) {
    found = std::prev(kept_.end());
    while (!(*found)->git.is_idle()) {
      if (found == kept_.begin()) return nullptr;
      --found;
    }
    (*found)->git.restart();
    (*found)->message = message;
  }
  std::rotate(kept_.begin(), found, std::next(found));
  return kept_.front().get();
}

void RefWriter::end_idle() {
  aging_ = false;
  for (const auto& kept : kept_) {
    if (kept->git.is_idle()) {
      kept->git.restart();
    } else {
      aging_ = true;
    }
  }
  if (aging_) age_.once(kOldest);
}

void RefWriter::restart() {
  for (const auto& kept : kept_)
    kept->git.restart();
}

}  // namespace orch::git
