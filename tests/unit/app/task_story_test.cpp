// Random stories of a user at work on the base, elsewhere, and with things set aside, while a run
// ticks what it merged: no task is ticked, changed or taken out but by an edit on the base.
#include "app/task_news.hpp"
#include "catch.hpp"
#include "tasks/tick.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace orch::app {
namespace {

tasks::Loaded loaded(const std::string& text) {
  return {.path = "/r/tasks.md", .is_folder = false, .text = text, .files = {}};
}

class Story {
 public:
  explicit Story(unsigned seed) : dice_(seed) {
    for (int i = 0; i < 3; ++i)
      base_.emplace(next_++, false);
    disk_ = base_;
    last_ = first_read(sight());
    known_.tasks = read_(last_.disk).value();
    wanted_ = base_;
  }

  void step() {
    switch (below(9)) {
      case 0: return edit();
      case 1: return commit();
      case 2: return stash();
      case 3: return pop();
      case 4: return leave();
      case 5: return come_back();
      case 6: return scribble();
      default: return merge_one();
    }
  }

  void look() {
    TaskNews news = news_of(known_, last_, sight(), read_);
    known_.tasks = news.tasks;
    last_ = news.last;
    moved_ = written_ = false;
    for (const TaskId& id : news.unticked)
      unticked_.insert(id.value);
  }

  /// What the run has, and what it should have: "T1 T2x".
  std::string found() const { return text_of(known_.tasks); }

  std::string wanted() const {
    std::string names;
    for (const auto& [number, done] : wanted_)
      names += fmt::format(" T{}{}", number, done ? "x" : "");
    return names;
  }

  const std::set<std::string>& unticked() const { return unticked_; }

 private:
  using Lines = std::map<int, bool>;  // number of a task, and is it ticked

  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(dice_); }

  static std::string text(const Lines& lines) {
    std::string all;
    for (const auto& [number, done] : lines)
      all += fmt::format("- [{}] T{}: do {}\n", done ? 'x' : ' ', number, number);
    return all;
  }

  static std::string text_of(const std::vector<TaskSpec>& tasks) {
    std::map<int, bool> lines;
    for (const TaskSpec& task : tasks)
      lines[std::stoi(task.id.value.substr(1))] = task.done;
    std::string names;
    for (const auto& [number, done] : lines)
      names += fmt::format(" T{}{}", number, done ? "x" : "");
    return names;
  }

  TaskSight sight() const {
    TaskSight sight{.disk = loaded(text(disk_)), .stored = loaded(text(base_)), .commit = {}};
    sight.commit = CommitId{fmt::format("c{}", commits_)};
    sight.branch = "main";
    sight.home = home_;
    sight.tracked = true;
    sight.edited = home_ && disk_ != base_;
    sight.by_git = !written_;
    return sight;
  }

  void edit() {
    if (!home_) return;
    written_ = true;
    const int number = next_++;
    disk_.emplace(number, false);
    wanted_.emplace(number, false);
    look();
    if (below(3) != 0) return;
    // A task that is not the run's is ticked, or taken out, by hand.
    const auto chosen = std::next(disk_.begin(), below(static_cast<int>(disk_.size())));
    if (below(2) == 0) {
      chosen->second = wanted_[chosen->first] = true;
    } else {
      wanted_.erase(chosen->first);
      disk_.erase(chosen);
    }
    written_ = true;
    look();
  }

  void commit() {
    if (!home_) return;
    base_ = disk_;
    ++commits_;
  }

  void stash() {
    if (!home_ || stashed_ || disk_ == base_) return;
    stashed_ = disk_;
    disk_ = base_;
    look();
  }

  /// Only onto what it was made on: anything else is a conflict that git does not resolve either.
  void pop() {
    if (!home_ || !stashed_ || disk_ != base_) return;
    for (const auto& [number, done] : *stashed_)
      if (wanted_.contains(number)) disk_[number] = done || disk_[number];
    for (const auto& [number, done] : disk_)
      if (done) wanted_[number] = true;
    stashed_.reset();
    written_ = true;
    look();
  }

  void leave() {
    if (!home_ || disk_ != base_) return;
    home_ = false;
    disk_.clear();
    for (int i = 1; i < next_; ++i)
      if (below(2) == 0) disk_.emplace(i, true);
    disk_.emplace(9000, true);
    look();
  }

  void scribble() {
    if (home_) return;
    disk_.emplace(9000 + below(50), below(2) == 0);
    written_ = true;
    look();
  }

  void come_back() {
    if (home_) return;
    home_ = true;
    disk_ = base_;
    look();
  }

  /// The run merges one: the mark lands in the base, and on the disk where that is the base's.
  void merge_one() {
    if (stashed_) return;
    const auto open = std::find_if(base_.begin(), base_.end(), [&](const auto& one) {
      return !one.second && wanted_.contains(one.first);
    });
    if (open == base_.end()) return;
    open->second = wanted_[open->first] = true;
    ++commits_;
    if (home_ && disk_.contains(open->first)) disk_[open->first] = true;
    known_.merged.push_back(TaskId{fmt::format("T{}", open->first)});
    look();
  }

  std::mt19937 dice_;
  const ReadTasks read_{"native", UnitRule::Task};
  Lines base_, disk_, wanted_;
  std::optional<Lines> stashed_;
  bool home_ = true, moved_ = false, written_ = false;
  int next_ = 1, commits_ = 1;
  KnownTasks known_;
  LastRead last_;
  std::set<std::string> unticked_;
};

TEST_CASE("random stories: only edits on the base change what a run has to do") {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    Story story(seed);
    for (int step = 0; step < 40; ++step) {
      story.step();
      story.look();
      INFO("seed " << seed << ", step " << step);
      REQUIRE(story.found() == story.wanted());
      REQUIRE(story.unticked().empty());
    }
  }
}

}  // namespace
}  // namespace orch::app
