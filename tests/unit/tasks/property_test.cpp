// Generated task files: what is written is read, and each tick is exactly one edit.
#include "as_tasks.hpp"
#include "catch.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/write/marks.hpp"

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

using namespace orch;
using namespace orch::tasks;

namespace {

/// Writes a task file together with the tasks that a reader must find in it.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed), end_(pick(3) == 0 ? "\r\n" : "\n") {
    if (pick(4) == 0) text = "\xEF\xBB\xBF";
    say("# Plan");
    say("");
    const int count = 1 + pick(12);
    for (int number = 1; number <= count; ++number) {
      decoy();
      task(number);
    }
    if (pick(2) == 0) text.resize(text.size() - end_.size());
  }

  std::string text;
  std::vector<TaskSpec> tasks;
  std::vector<std::string> ticked_by;  ///< per task: "x" or "[x] "
  std::vector<std::size_t> places;     ///< where that goes

 private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  void say(const std::string& line) {
    text += line + end_;
    ++line_;
  }

  /// Text outside tasks that holds things which are none. Comes with a heading, so that what stands
  /// before it has ended.
  void decoy() {
    if (pick(3) != 0) return;
    say("");
    say("# Section");
    in_heading_ = false;
    const int kind = pick(4);
    if (kind == 0) {
      for (const char* line : {"~~~", "- [ ] T1: decoy", "## T2: decoy", "~~~"})
        say(line);
    }
    if (kind == 1) {
      for (const char* line : {"<!--", "- [x] T1: decoy", "", "-->"})
        say(line);
    }
    if (kind == 2) say("- bullet [ ] not a box");
    if (kind == 3) say("Depends: T1 belongs to nobody");
    say("");
  }

  void task(int number) {
    static const std::vector<std::string> kTitles{
        "Write it",  "; rm -rf $(x)", "#(touch x)", "a `b` *c* [d](e) <f>", "../..", "🚀 go",
        "\"q\" 'r'", "x: y",          "[x] z"};
    const bool heading = pick(3) == 0;
    TaskSpec task;
    task.id = {fmt::format("T{}", number)};
    task.title = kTitles[static_cast<std::size_t>(pick(static_cast<int>(kTitles.size())))];
    if (heading && task.title.starts_with("[x]")) task.title = "y";  // that would be its box
    const bool has_box = !heading || pick(2) == 0;
    task.done = has_box && pick(3) == 0;
    if (in_heading_ && !heading) {  // a box there would be the heading's
      say("");
      say("# Section");
    }
    in_heading_ = heading;
    if (heading) say("");
    task.line = line_;
    const std::string lead = heading ? "## " : bullets_[static_cast<std::size_t>(pick(4))];
    places.push_back(text.size() + lead.size() + (has_box ? 1 : 0));
    ticked_by.push_back(has_box ? "x" : "[x] ");
    const std::string box = has_box ? (task.done ? "[x] " : "[ ] ") : "";
    say(lead + box + task.id.value + ": " + task.title);
    rest(task, number, heading ? "" : std::string(lead.size(), ' '));
    tasks.push_back(task);
  }

  void rest(TaskSpec& task, int number, const std::string& indent) {
    if (number > 1 && pick(2) == 0) {
      task.depends = {{fmt::format("T{}", 1 + pick(number - 1))}};
      say(indent + "Depends: " + task.depends[0].value);
    }
    if (pick(2) == 0) {
      task.creates = {"src/new.c"};
      task.files = {"src/new.c", "src/old.c"};
      say(indent + "- **Files:** `src/new.c` (create), src/old.c");
    }
    if (pick(3) == 0) {
      task.priority = Priority::P0;
      say(indent + "priority: P0");
    }
    if (pick(2) == 0) {
      say("");
      say(indent + "- [ ] part");
      say(indent + "  more");
      say("");
      say(indent + "```sh");
      say(indent + "  run \\");
      say(indent + "Depends: T0");
      say(indent + "```");
      task.script = "  run \\\nDepends: T0";
      task.body = "- [ ] part\n  more\n\n```sh\n" + task.script + "\n```";
    }
  }

  std::mt19937 random_;
  std::string end_;
  std::vector<std::string> bullets_{"- ", "* ", "1. ", "+   "};
  int line_ = 1;
  bool in_heading_ = false;
};

}  // namespace

TEST_CASE("what a generated file says is read from it") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    const Generator file(seed);
    CAPTURE(seed, file.text);
    const TaskList list = read_tasks(file.text);
    REQUIRE(list.format == "native");
    REQUIRE(list.tasks == file.tasks);
  }
}

TEST_CASE("each task of a generated file is ticked by exactly one edit") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Generator file(seed);
    CAPTURE(seed, file.text);
    for (std::size_t i = 0; i < file.tasks.size(); ++i) {
      const bool done = file.tasks[i].done;
      const bool has_box = file.ticked_by[i] == "x";
      std::string expected = file.text;
      if (!done) expected.replace(file.places[i], has_box ? 1 : 0, file.ticked_by[i]);
      const Result<std::string> ticked = set_mark(file.text, file.tasks[i].id, true);
      REQUIRE(ticked == expected);
      REQUIRE(with_marks_of(*ticked, file.text) == file.text);
      REQUIRE(with_marks_of(file.text, *ticked) == *ticked);
      TaskList again = read_tasks(*ticked);
      REQUIRE(again.tasks.at(i).done);
      again.tasks[i].done = done;
      REQUIRE(again.tasks == file.tasks);
    }
  }
}

TEST_CASE("any cut of a generated file is read without an accident") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const Generator file(seed);
    for (std::size_t cut = 0; cut < file.text.size(); ++cut) {
      const TaskList list = read_tasks(std::string_view(file.text).substr(0, cut));
      REQUIRE(list.tasks.size() <= file.tasks.size() + 1);
    }
  }
}
