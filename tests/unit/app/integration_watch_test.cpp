// An integration branch that somebody else has moved.
#include "app/integration_watch.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <sys/stat.h>

#include <string>
#include <variant>
#include <vector>

using namespace orch;
using namespace std::chrono_literals;

namespace {

struct HandClock final : port::Clock {
  Time time{};

  Time now() const override { return time; }
};

const std::string kOurs(40, 'a');
const std::string kTheirs(40, 'b');

struct Desk {
  TemporaryFolder folder;
  HandClock clock;
  State state;
  std::vector<std::string> posted;
  app::IntegrationWatch watch{state, clock, folder / "refs", [this](const Event& event) {
                                posted.push_back(std::get<IntegrationMoved>(event).tip.value);
                              }};

  Desk() {
    state.run.phase = RunPhase::Running;
    state.run.integration = CommitId{kOurs};
    is_at(kOurs + "\n");
  }

  void is_at(const std::string& text) { REQUIRE(write_file(folder / "refs", text)); }

  void look() {
    clock.time += 10s;
    watch.look();
  }
};

}  // namespace

TEST_CASE("a commit where the run has not put its branch is told of once") {
  Desk its;
  its.look();
  CHECK(its.posted.empty());
  its.is_at(kTheirs + "\n");
  its.watch.look();
  CHECK(its.posted.empty());
  its.look();
  its.look();
  CHECK(its.posted == std::vector{kTheirs});
}

TEST_CASE("what a landing may have moved is looked at when that is over") {
  Desk its;
  its.state.run.landings.push_back({.task = TaskId{"A"}});
  its.is_at(kTheirs);
  its.look();
  CHECK(its.posted.empty());
  its.state.run.landings.clear();
  its.state.run.integration = CommitId{kTheirs};
  its.look();
  CHECK(its.posted.empty());
}

TEST_CASE("what is no commit says nothing") {
  Desk its;
  for (const std::string& text :
       {std::string("ref: refs/heads/main"), std::string(), kTheirs + kTheirs, std::string(39, 'b'),
        std::string(40, 'x'), std::string(10'000, 'b')}) {
    its.is_at(text);
    its.look();
  }
  std::filesystem::remove(its.folder / "refs");
  its.look();
  REQUIRE(::mkfifo((its.folder / "refs").c_str(), 0600) == 0);
  its.look();
  CHECK(its.posted.empty());
}
