// Files that an agent has written, and whether they are its business.
#include "agents/written_files.hpp"

#include "catch.hpp"

using namespace orch;

namespace {

WritePlace place() {
  return {.worktree = "/tmp/repo/.worktrees/T1",
          .repository = "/tmp/repo",
          .own = {"/home/me/.claude", "/tmp/repo/.tmux-orch/runs/r/attempts/T1.1"},
          .temporary = {"/tmp", "/var/tmp"}};
}

}  // namespace

TEST_CASE("what lies in the worktree is an agent's own, however its path is written") {
  for (const char* path :
       {"/tmp/repo/.worktrees/T1/a.c", "a.c", "./b/../a.c", "/tmp/repo/.worktrees/T1/../T1/a.c"})
    CHECK(judge_written(place(), path) == WriteKind::Fine);
}

TEST_CASE("temporary files and those of its program are in nobody's way") {
  for (const char* path : {"/tmp/x", "/var/tmp/a/b", "/home/me/.claude/plans/p.md",
                           "/tmp/repo/.tmux-orch/runs/r/attempts/T1.1/notes"})
    CHECK(judge_written(place(), path) == WriteKind::Fine);
}

TEST_CASE("the user's checkout, other worktrees and all else are outside") {
  for (const char* path :
       {"/tmp/repo/a.c", "/tmp/repo/.worktrees/T2/a.c", "/home/me/a.c", "../../a.c",
        "/tmp/repo/.worktrees/T10/a.c", "/etc/passwd", "/tmp/../etc/passwd"})
    CHECK(judge_written(place(), path) == WriteKind::Outside);
}

TEST_CASE("where a task names files, others in the worktree are told apart") {
  WritePlace where = place();
  where.named_files = {"src/a.c", "docs/"};
  CHECK(judge_written(where, "src/a.c") == WriteKind::Fine);
  CHECK(judge_written(where, "/tmp/repo/.worktrees/T1/docs/x/y.md") == WriteKind::Fine);
  CHECK(judge_written(where, "src/b.c") == WriteKind::Unnamed);
  CHECK(judge_written(where, "/etc/passwd") == WriteKind::Outside);
}
