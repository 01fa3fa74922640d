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
    CHECK(judge_written(place(), path).kind == WriteKind::Fine);
}

TEST_CASE("temporary files and those of its program are in nobody's way") {
  for (const char* path : {"/tmp/x", "/var/tmp/a/b", "/home/me/.claude/plans/p.md",
                           "/tmp/repo/.tmux-orch/runs/r/attempts/T1.1/notes"})
    CHECK(judge_written(place(), path).kind == WriteKind::Fine);
}

TEST_CASE("what is nobody's place is outside, also in the repository") {
  for (const char* path :
       {"/tmp/repo/a.c", "/tmp/repo/.worktrees/T2/a.c", "/home/me/a.c", "../../a.c",
        "/tmp/repo/.worktrees/T10/a.c", "/etc/passwd", "/tmp/../etc/passwd"})
    CHECK(judge_written(place(), path).kind == WriteKind::Outside);
}

TEST_CASE("where a task names files, others in the worktree are told apart") {
  WritePlace where = place();
  where.named_files = {"src/a.c", "docs/"};
  CHECK(judge_written(where, "src/a.c").kind == WriteKind::Fine);
  CHECK(judge_written(where, "/tmp/repo/.worktrees/T1/docs/x/y.md").kind == WriteKind::Fine);
  CHECK(judge_written(where, "src/b.c").kind == WriteKind::Unnamed);
  CHECK(judge_written(where, "/etc/passwd").kind == WriteKind::Outside);
}

TEST_CASE("where others are at work is told by whose place it is, the innermost one") {
  WritePlace where = place();
  where.others = {{"/tmp/repo", "your checkout"},
                  {"/tmp/repo/.worktrees/T2", "the worktree of T2"},
                  {"/elsewhere/T3", "the worktree of T3"}};
  const auto judged = [&where](const char* path) { return judge_written(where, path); };
  CHECK(judged("/tmp/repo/a.c") == WriteJudgement{WriteKind::Others, "your checkout"});
  CHECK(judged("../../a.c") == WriteJudgement{WriteKind::Others, "your checkout"});
  CHECK(judged("../T2/a.c") == WriteJudgement{WriteKind::Others, "the worktree of T2"});
  CHECK(judged("/elsewhere/T3/b") == WriteJudgement{WriteKind::Others, "the worktree of T3"});
  CHECK(judged("a.c") == WriteJudgement{WriteKind::Fine});
  // Its own files lie in the checkout as well, and so do git's and ours.
  CHECK(judged("/tmp/repo/.tmux-orch/runs/r/attempts/T1.1/notes") == WriteJudgement());
  CHECK(judged("/tmp/repo/.git/config") == WriteJudgement{WriteKind::Outside});
  CHECK(judged("/tmp/repo/.tmux-orch/orch.db") == WriteJudgement{WriteKind::Outside});
  CHECK(judged("/elsewhere/T30/b") == WriteJudgement{WriteKind::Outside});
}
