#include "loop/off_loop.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "loop/child.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

namespace {

using Text = std::string;
using Thread = std::thread::id;

Job<Text> long_text(Loop& loop, char letter) {
  std::function<Text()> work = [letter] { return Text(100'000, letter); };
  co_return co_await off_loop<Text>(loop, std::move(work));
}

/// Opened by the test: work that takes as long as the test wants.
struct Gate {
  std::atomic<bool> begun = false;
  std::atomic<bool> open = false;

  void pass() {
    begun = true;
    begun.notify_all();
    open.wait(false);
  }

  void let_pass() {
    open = true;
    open.notify_all();
  }
};

}  // namespace

TEST_CASE("work is done in another thread, and its value comes back in the loop's") {
  Loop loop;
  Thread there;
  Thread here;
  std::function<Thread()> work = [] { return std::this_thread::get_id(); };
  spawn<Thread>(off_loop<Thread>(loop, std::move(work)), [&](Thread thread) {
    there = thread;
    here = std::this_thread::get_id();
  });
  CHECK(there == Thread());
  loop.run();
  CHECK(there != Thread());
  CHECK(there != here);
  CHECK(here == std::this_thread::get_id());
}

TEST_CASE("the loop goes on while work is done") {
  Loop loop;
  Gate gate;
  std::function<bool()> work = [&gate] {
    gate.pass();
    return true;
  };
  bool done = false;
  spawn<bool>(off_loop<bool>(loop, std::move(work)), [&](bool) { done = true; });
  int beats = 0;
  Timer timer(loop, [&] {
    if (++beats == 3) gate.let_pass();
    if (done) timer.cancel();
  });
  timer.every(1ms);
  loop.run();
  CHECK(done);
  CHECK(beats >= 3);
}

TEST_CASE("much work side by side comes back each to whom it is of") {
  Loop loop;
  constexpr int kJobs = 40;
  std::vector<Text> texts(kJobs);
  for (int i = 0; i < kJobs; ++i) {
    auto& text = texts[static_cast<std::size_t>(i)];
    spawn<Text>(long_text(loop, static_cast<char>('A' + i)), [&text](Text got) { text = got; });
  }
  loop.run();
  for (int i = 0; i < kJobs; ++i)
    CHECK(texts[static_cast<std::size_t>(i)] == Text(100'000, static_cast<char>('A' + i)));
}

TEST_CASE("a command is started and reaped while work is done") {
  Loop loop;
  Children children(loop);
  Gate gate;
  std::function<bool()> work = [&gate] {
    gate.pass();
    return true;
  };
  bool worked = false;
  spawn<bool>(off_loop<bool>(loop, std::move(work)), [&](bool) { worked = true; });
  bool ran = false;
  loop.post([&] {
    Command command;
    command.argv = {"true"};
    children.run(std::move(command), [&](const Result<Finished>& finished) {
      ran = finished && finished->ok() && !worked;
      gate.let_pass();
    });
  });
  loop.run();
  CHECK(ran);
  CHECK(worked);
}

TEST_CASE("a loop that ends waits for work that has begun, and drops its value and the rest") {
  Gate gate;
  std::atomic<int> worked = 0;
  int done = 0;
  const auto witness = std::make_shared<int>(1);
  std::thread helper;
  {
    Loop loop;
    for (int i = 0; i < 200; ++i) {
      loop.work(
          [&gate, &worked, witness] {
            gate.pass();
            ++worked;
          },
          [&done, witness] { ++done; });
    }
    gate.begun.wait(false);
    helper = std::thread([&gate] { gate.let_pass(); });
  }
  helper.join();
  CHECK(worked >= 1);
  CHECK(done == 0);
  CHECK(witness.use_count() == 1);
}

TEST_CASE("a stopped loop has the value for its next run") {
  Loop loop;
  Text text;
  spawn<Text>(long_text(loop, 'x'), [&](Text got) { text = std::move(got); });
  loop.post([&] { loop.stop(); });
  loop.run();
  loop.run();
  CHECK(text.size() == 100'000);
}

TEST_CASE("a tree is removed, and one that is not there is no failure") {
  TemporaryFolder folder;
  const auto tree = folder.path() / "tree";
  std::filesystem::create_directories(tree / "a/b");
  Loop loop;
  int removed = 0;
  for (int i = 0; i < 2; ++i) {
    spawn<Status>(remove_tree(loop, tree), [&](const Status& done) { removed += done ? 1 : 0; });
    loop.run();
    CHECK_FALSE(std::filesystem::exists(tree));
  }
  CHECK(removed == 2);
}
