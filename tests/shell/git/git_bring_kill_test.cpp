// A merge of the base into a task's worktree is finished after a kill.
#include "bring_fixture.hpp"
#include "catch.hpp"
#include "git/locks.hpp"
#include "kills.hpp"

using namespace orch;
using namespace orch::test;
using How = orch::git::BroughtBase::How;

TEST_CASE("a base that was being brought when we were killed is there after the next try") {
  const bool conflicts = GENERATE(false, true);
  Fixture fixture;
  many_files(fixture);
  git::BringRequest request;
  bombard(
      fixture, {"git.bring_base", "git.bring_base.merged"},
      [&](int round) {
        for (int i = 0; i < 100; ++i)
          fixture.repo.write("src/file" + std::to_string(i), "base of " + task_of(round));
        fixture.repo.commit("before " + task_of(round));
        request = work_behind(fixture, task_of(round), "src/file299", conflicts);
        for (int i = 0; i < 100; ++i)
          fixture.repo.write("src/file" + std::to_string(i), task_of(round));
        fixture.repo.commit("after " + task_of(round));
        request.base = fixture.id("main");
      },
      [&](int) -> Deed {
        return [request](Fixture& on) {
          const auto brought = on.wait(on.git.bring_base(request));
          REQUIRE(brought);
          REQUIRE(brought->how != How::NotDone);
        };
      },
      [&](int round) {
        const auto in = request.worktree;
        git::clear_stale_ref_locks(fixture.repo.root() / ".git", fixture.repo.root(),
                                   {"refs/heads/" + request.branch}, Span(0));
        CHECK(fixture.repo.read(in / "src/file99") == task_of(round));
        CHECK(fixture.repo.id(request.branch + (conflicts ? "" : "^1")) == request.work.value);
        const std::string status =
            fixture.repo.git_in(in, {"status", "--porcelain", "src/file299"});
        CHECK(status == (conflicts ? "UU src/file299" : ""));
        check_sound(fixture);
      });
}
