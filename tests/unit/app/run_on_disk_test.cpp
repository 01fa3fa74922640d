#include "app/run_on_disk.hpp"

#include "../base/temporary_folder.hpp"
#include "app/boottime_clock.hpp"
#include "app/run_files.hpp"
#include "catch.hpp"
#include "loop/loop.hpp"
#include "orch/base/process.hpp"

using namespace orch;

TEST_CASE("a configuration is saved with its layers, variables and flags") {
  const TemporaryFolder folder;
  app::SavedConfig config;
  config.layers = {{"a.toml", "workers = 2\n"}, {"b.toml", ""}};
  config.environment = {{"TMUX_ORCH_AGENT", "sh"}};
  config.flags = {{"--workers", "workers", "7"}};
  config.layers.push_back({"theirs.toml", "unattended = true", LayerOwner::Repository});
  REQUIRE(app::save_config(folder.path() / "c", config));
  const Result<app::SavedConfig> read = app::load_saved_config(folder.path() / "c");
  REQUIRE(read);
  const Config values = read->read().config;
  CHECK(values.workers == 7);
  CHECK(values.agent == "sh");
  // Whose a layer is, is kept: a repository's gives no rights to a supervisor either.
  CHECK(read->read().has_errors());
  CHECK_FALSE(values.unattended);
}

TEST_CASE("an environment is saved byte for byte") {
  const TemporaryFolder folder;
  const std::vector<std::string> variables = {"A=1", "B=two\nlines", "C=", "D=\xff\x01"};
  REQUIRE(app::save_environment(folder.path() / "e", variables));
  const auto read = app::load_environment(folder.path() / "e");
  REQUIRE(read);
  CHECK(*read == variables);
}

TEST_CASE("the run's clock goes on in the same boot and stands still while the machine is off") {
  const std::int64_t offset = loop::Loop::boottime_ms() - 5000;
  const app::BoottimeClock same = app::BoottimeClock::resume(boot_id(), offset, at_ms(100));
  CHECK(to_ms(same.now()) >= 5000);
  CHECK(same.offset_ms() == offset);
  const app::BoottimeClock other = app::BoottimeClock::resume("another boot", offset, at_ms(100));
  CHECK(to_ms(other.now()) >= 100);
  CHECK(to_ms(other.now()) < 5000);
}

TEST_CASE("without a database there is no run, and the hint says how to begin one") {
  const TemporaryFolder folder;
  const auto none = app::load_newest(app::Paths(folder.path()));
  REQUIRE_FALSE(none);
  CHECK(none.error().fault == Fault::NotFound);
  CHECK(none.error().hint == "`tmux-orch up tasks.md` starts one");
}
