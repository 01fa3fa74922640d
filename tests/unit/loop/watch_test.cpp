#include "catch.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "unit/base/temporary_folder.hpp"

#include <memory>

using namespace orch;
using namespace orch::loop;
using namespace std::chrono_literals;

TEST_CASE("a change in a folder is told, and many at once are told once") {
  const TemporaryFolder folder;
  Loop loop;
  int told = 0;
  Timer quiet_end(loop, [&] { loop.stop(); });
  const Watch watch(loop, folder.path(), 20ms, [&] {
    ++told;
    quiet_end.once(60ms);
  });
  for (int i = 0; i < 300; ++i) {
    REQUIRE(write_file(folder / ("file" + std::to_string(i)), "x"));
  }
  loop.run();
  CHECK(told == 1);
}

TEST_CASE("a change while the last one is told is told again") {
  const TemporaryFolder folder;
  Loop loop;
  int told = 0;
  const Watch watch(loop, folder.path(), 1ms, [&] {
    if (++told == 3) return loop.stop();
    REQUIRE(write_file(folder / "file", "x"));
  });
  REQUIRE(write_file(folder / "file", "x"));
  loop.run();
  CHECK(told == 3);
}

TEST_CASE("a folder that was replaced is still watched") {
  const TemporaryFolder folder;
  const auto path = folder / "inner";
  REQUIRE(make_folders(path));
  Loop loop;
  int told = 0;
  const Watch watch(loop, path, 1ms, [&] {
    if (++told == 1) return loop.post([&] { (void)write_file(path / "file", "x"); });
    loop.stop();
  });
  std::filesystem::rename(path, folder / "old");
  REQUIRE(make_folders(path));
  loop.run();
  CHECK(told == 2);
}

TEST_CASE("what cannot be watched is looked at from time to time") {
  const TemporaryFolder folder;
  Loop loop;
  bool told = false;
  std::unique_ptr<Watch> watch;
  watch = std::make_unique<Watch>(loop, folder / "missing", 1ms, [&] {
    told = true;
    watch.reset();
  });
  loop.run();
  CHECK(told);
}

TEST_CASE("a watch may destroy itself and what it holds stays until it returns") {
  const TemporaryFolder folder;
  Loop loop;
  std::unique_ptr<Watch> watch;
  const auto text = std::make_shared<std::string>("alive");
  std::string seen;
  watch = std::make_unique<Watch>(loop, folder.path(), 1ms, [&watch, &seen, text] {
    watch.reset();
    seen = *text;
  });
  REQUIRE(write_file(folder / "file", "x"));
  loop.run();
  CHECK(seen == "alive");
}
