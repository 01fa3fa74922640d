// Git's formats and name rules, without git.
#include "git/parse.hpp"

#include "catch.hpp"
#include "git/git_errors.hpp"

#include <string>
#include <string_view>

using namespace orch;
using namespace orch::git;

namespace {

/// A text in which NUL is written as '|'.
std::string nul(std::string text) {
  for (char& c : text) {
    if (c == '|') c = '\0';
  }
  return text;
}

const std::string kId = "f280f2272c69726300cf7696e050dfb6e8b965d4";

}  // namespace

TEST_CASE("a list of worktrees tells branch, lock and what is missing") {
  const auto worktrees = parse_worktrees(nul(
      "worktree /r|HEAD " + kId + "|branch refs/heads/main||worktree /r/.worktrees/a b\n|HEAD " +
      kId + "|detached|locked tmux-orch run=1 task=T1|prunable gone||worktree /bare|bare||"));
  REQUIRE(worktrees.size() == 3);
  CHECK(worktrees[0].branch == "main");
  CHECK(worktrees[0].head.value == kId);
  CHECK_FALSE(worktrees[0].locked);
  CHECK(worktrees[1].path == "/r/.worktrees/a b\n");
  CHECK(worktrees[1].branch.empty());
  CHECK(worktrees[1].lock_reason == "tmux-orch run=1 task=T1");
  CHECK(worktrees[1].prunable);
  CHECK(worktrees[2].bare);
}

TEST_CASE("a worktree locked without a reason is locked") {
  const auto worktrees = parse_worktrees(nul("worktree /r|HEAD " + kId + "|detached|locked||"));
  REQUIRE(worktrees.size() == 1);
  CHECK(worktrees[0].locked);
  CHECK(worktrees[0].lock_reason.empty());
}

TEST_CASE("a list of worktrees cut anywhere is read without harm") {
  const std::string text = nul("worktree /r|HEAD " + kId + "|branch refs/heads/main||");
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    CHECK(parse_worktrees(std::string_view(text).substr(0, cut)).size() <= 1);
}

TEST_CASE("a status names each kind of change once") {
  const std::string ids = kId + " " + kId;
  const auto status = parse_status(
      nul("# branch.oid " + kId + "|# branch.head orch/T1|1 .M N... 100644 100644 100644 " + ids +
          " a file|2 R. N... 100644 100644 100644 " + ids + " R100 new name|old name|u UU N... " +
          "100644 100644 100644 100644 " + ids + " " + kId + " both|? left over/|"));
  CHECK(status.head.value == kId);
  CHECK(status.branch == "orch/T1");
  CHECK(status.changes.count == 4);
  CHECK(status.changes.names ==
        std::vector<std::string>{"a file", "new name", "both", "left over/"});
}

TEST_CASE("a status counts all and names the first") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "? f" + std::to_string(i) + "|";
  const auto status = parse_status(nul(text));
  CHECK(status.changes.count == 100);
  CHECK(status.changes.names.size() == kShownNames);
}

TEST_CASE("a status of a detached worktree or an unborn branch has no branch or no commit") {
  CHECK(parse_status(nul("# branch.oid " + kId + "|# branch.head (detached)|")).branch.empty());
  CHECK(parse_status(nul("# branch.oid (initial)|# branch.head main|")).head.empty());
}

TEST_CASE("a conflicted merge tells its files and why, not what merged by itself") {
  const auto merge = parse_merge(
      nul(kId + "|f|we ird||1|f|Auto-merging|Auto-merging f\n|1|f|CONFLICT (contents)|CONFLICT " +
          "(content): Merge conflict in f\n|2|we ird|x|CONFLICT (rename)|CONFLICT \x1b[2J two\n|"));
  REQUIRE(merge);
  CHECK(merge->tree == kId);
  CHECK(merge->files == std::vector<std::string>{"f", "we ird"});
  REQUIRE(merge->messages.size() == 2);
  CHECK(merge->messages[0] == "CONFLICT (content): Merge conflict in f");
  CHECK(merge->messages[1].find('\x1b') == std::string::npos);
}

TEST_CASE("a merge without a tree is none") {
  CHECK_FALSE(parse_merge(""));
  CHECK_FALSE(parse_merge("not something we can merge\n"));
  REQUIRE(parse_merge(nul(kId + "|")));
  CHECK(parse_merge(nul(kId + "|"))->files.empty());
}

TEST_CASE("a merge cut anywhere is read without harm") {
  const std::string text = nul(kId + "|f||9|f|CONFLICT (contents)|in f\n|x|y|z|");
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    (void)parse_merge(std::string_view(text).substr(0, cut));  // reads within its bounds
}

TEST_CASE("a tree listing keeps names with spaces, tabs and newlines") {
  const auto entries =
      parse_tree(nul("100644 blob " + kId + "\ta b\tc\n|120000 blob " + kId + "\tlink|"));
  REQUIRE(entries.size() == 2);
  CHECK(entries[0] == TreeEntry{"100644", kId, "a b\tc\n"});
  CHECK(entries[1].mode == "120000");
}

TEST_CASE("a raw comparison tells kind, modes and ids") {
  const std::string none(40, '0');
  const auto entries = parse_raw_diff(nul(":000000 100644 " + none + " " + kId + " A|new file|" +
                                          ":100644 000000 " + kId + " " + none + " D|old|"));
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].kind == 'A');
  CHECK(entries[0].new_id == kId);
  CHECK(entries[0].path == "new file");
  CHECK(entries[1].kind == 'D');
}

TEST_CASE("an identity is read from git's line") {
  CHECK(parse_identity("A Person <a@b> 1795234436 +0000\n") == Identity{"A Person", "a@b", false});
  CHECK_FALSE(parse_identity("nobody"));
}

TEST_CASE("names that git takes for branches are accepted") {
  for (const char* name : {"main", "orch/T1", "a-b_c.d", "ünïcode/☃", "it's", "a;b", "$(x)", "@x",
                           "roadmap-implementation_task-7", "x.locked", "#1", "\"q\"", "!"})
    CHECK(check_branch(name));
}

TEST_CASE("names that git does not take for branches are refused with the reason") {
  for (const char* name : {"",     "-rf", "a b",  "a..b",   "a~1",      "a^",   "a:b",  "a?",
                           "a*",   "a[",  "a\\b", "a@{1}",  "@",        "HEAD", "/a",   "a/",
                           "a//b", ".a",  "a/.b", "a.lock", "a.lock/b", "a.",   "a\nb", "a\x7f"}) {
    const Status status = check_branch(name);
    INFO(name);
    REQUIRE_FALSE(status);
    CHECK(status.error().fault == Fault::BadInput);
  }
  CHECK(check_branch("a b").error().what ==
        "'a b' cannot be the name of a branch: it has a space, a control character or one of ~ ^ : "
        "? * [ \\");
  CHECK_FALSE(check_branch(std::string(300, 'x')));
}

TEST_CASE("a branch cannot be the folder of another, nor lie in one") {
  CHECK(colliding_branch("orch/T1", {"main", "orch"}) == "orch");
  CHECK(colliding_branch("orch", {"orch/T1"}) == "orch/T1");
  CHECK_FALSE(colliding_branch("orch/T1", {"orch/T2", "orch/T10", "orchard", "main"}));
  CHECK_FALSE(colliding_branch("orch/T1", {"orch/T1"}));
}

TEST_CASE("the lock that git could not take is found in its words") {
  CHECK(held_lock("fatal: Unable to create '/r/.git/index.lock': File exists.\n\nAnother git") ==
        "/r/.git/index.lock");
  CHECK(held_lock("cannot lock ref 'x': Unable to create '/it's/x.lock': File exists.") ==
        "/it's/x.lock");
  CHECK(held_lock("error: could not lock config file /r s/.git/config: File exists") ==
        "/r s/.git/config.lock");
  CHECK_FALSE(held_lock("error: could not lock config file /r/.git/config: Permission denied"));
  CHECK_FALSE(held_lock("fatal: Unable to create '/r/.git/index.lock': Permission denied"));
  CHECK_FALSE(held_lock("fatal: cannot lock ref 'x': is at 1 but expected 2"));
}

TEST_CASE("the reason is the line that says fatal, else the one that says error") {
  CHECK(reason_of("warning: x\nfatal: it broke\nhint: y\n") == "it broke");
  CHECK(reason_of("hint: x\nerror: that broke\n") == "that broke");
  CHECK(reason_of("merge-tree: nope\n") == "merge-tree: nope");
  CHECK(reason_of("fatal: bad \x1b]0;title\x07 name").find('\x1b') == std::string::npos);
}

TEST_CASE("the cause that git or a filter told before is told, too") {
  CHECK(reason_of("Preparing worktree (new branch 'x')\nHEAD is now at 1 x\nwarning: old\n\n"
                  "no-such-lfs smudge 'big.bin': 1: no-such-lfs: not found\n"
                  "error: external filter 'no-such-lfs smudge %f' failed 127\n"
                  "fatal: big.bin: smudge filter lfs failed\n") ==
        "big.bin: smudge filter lfs failed (no-such-lfs smudge 'big.bin': 1: no-such-lfs: not "
        "found)");
  CHECK(reason_of("no-such-lfs: not found\nfatal: the remote end hung up unexpectedly\n") ==
        "a filter program ended too early (no-such-lfs: not found)");
  CHECK(reason_of("fatal: the remote end hung up unexpectedly\n") ==
        "a filter program ended too early");
  CHECK(reason_of("not on a Friday\nfatal: ref updates aborted by hook\n") ==
        "ref updates aborted by hook (not on a Friday)");
  CHECK(reason_of("error: inflate: data stream error\nfatal: loose object 12 is corrupt\n") ==
        "loose object 12 is corrupt (inflate: data stream error)");
  CHECK(reason_of("error: gpg failed to sign the data\nfatal: failed to write commit object\n") ==
        "failed to write commit object (gpg failed to sign the data)");
  CHECK(reason_of("warning: x\nerror: unable to create file a: Permission denied\n") ==
        "unable to create file a: Permission denied");
  CHECK(reason_of("fatal: .git/index: index file smaller than expected\n") ==
        ".git/index: index file smaller than expected");
}

TEST_CASE("what is in the way of a merge is named by its kind") {
  CHECK(why_refused("error: Your local changes to the following files would be overwritten by "
                    "merge:\n\ta b\n\tc\nPlease commit your changes or stash them\nAborting\n") ==
        "your changes to a b, c are in the way");
  CHECK(why_refused("error: The following untracked working tree files would be overwritten by "
                    "merge:\n\t.env\nPlease move or remove them before you merge.\nAborting\n") ==
        "your .env is in the way");
  CHECK(why_refused("error: Updating the following directories would lose untracked files in "
                    "them:\n\tbuild\n\nAborting\n") == "your files in build are in the way");
  CHECK(
      why_refused("error: The following untracked working tree files would be overwritten by "
                  "merge:\n\ta\n\tb\n\tc\n\td\n\te\n\tf\nPlease\nerror: Your local changes to the "
                  "following files would be overwritten by merge:\n\tg\nPlease\n") ==
      "your a, b, c, d, e and 1 more are in the way; your changes to g are in the way");
  CHECK(why_refused("fatal: x") == "x");
}

TEST_CASE("submodules that become files, or lie in folders that do, are found") {
  const auto entry = [](const char* old_mode, const char* new_mode, char kind, const char* path) {
    return ChangedEntry{old_mode, new_mode, "", "", kind, path};
  };
  const std::vector<ChangedEntry> changes = {
      entry("000000", "100644", 'A', "dir"),      entry("160000", "000000", 'D', "dir/deep/sub"),
      entry("160000", "120000", 'T', "link"),     entry("160000", "160000", 'M', "moved"),
      entry("160000", "000000", 'D', "folder"),   entry("000000", "100644", 'A', "folder/file"),
      entry("160000", "000000", 'D', "dir-next"),
  };
  CHECK(replaced_submodules(changes) ==
        std::vector<ReplacedSubmodule>{{"dir/deep/sub", "dir"}, {"link", "link"}});
}

TEST_CASE("a path as an ignore pattern matches nothing else") {
  CHECK(ignore_pattern("node_modules/") == "/node_modules");
  CHECK(ignore_pattern("a*[b]?") == "/a\\*\\[b\\]\\?");
  CHECK(ignore_pattern("#x y!") == "/\\#x\\ y\\!");
}

TEST_CASE("a log of HEAD is read line by line, and what is no move is left out") {
  const std::string id = kId;
  const std::string zero(40, '0');
  const auto moves = parse_head_log(
      zero + " " + id + " A <a@b> 1 +0000\tcommit (initial): one\n" + id + " " + zero +
      " A B <a@b> 2 +0000\tcheckout: moving from a to b\nrubbish\n" + id + "\ttab\n");
  REQUIRE(moves.size() == 2);
  CHECK(moves[0].from.value == zero);
  CHECK(moves[0].to.value == id);
  CHECK(moves[0].message == "commit (initial): one");
  CHECK(moves[1].message == "checkout: moving from a to b");
  CHECK(parse_head_log("").empty());
}

TEST_CASE("a path meets a place of ours at it, below it and above it") {
  CHECK(meeting(".tmux-orch", ".tmux-orch", false) == ".tmux-orch");
  CHECK(meeting(".tmux-orch/runs/x", ".tmux-orch", false) == ".tmux-orch");
  CHECK(meeting("build", "build/trees/T1", false) == "build");
  CHECK(meeting("build/other", "build/trees/T1", false).empty());
  CHECK(meeting(".tmux-orchard", ".tmux-orch", false).empty());
  CHECK(meeting("sub/.tmux-orch", ".tmux-orch", false).empty());
  CHECK(meeting(".Tmux-ORCH/x", ".tmux-orch", true) == ".Tmux-ORCH");
  CHECK(meeting(".Tmux-ORCH/x", ".tmux-orch", false).empty());
}

TEST_CASE("a signed commit is the same as the one that it signs") {
  const std::string head = "tree " + std::string(kId) + "\nparent " + std::string(kId) +
                           "\nauthor A B <a@b> 1 +0000\ncommitter C <c@d> 2 +0100\n";
  const auto plain = parse_commit(head + "\nsubject\n\nbody\n");
  const auto with_signature =
      parse_commit(head + "gpgsig -----BEGIN\n tree x\n -----END\n\nsubject\n\nbody\n");
  REQUIRE(plain);
  REQUIRE(with_signature);
  CHECK(plain->parents == std::vector<std::string>{std::string(kId)});
  CHECK(plain->author == Identity{"A B", "a@b", false});
  CHECK(plain->committer_date == "@2 +0100");
  CHECK(plain->message == "subject\n\nbody\n");
  CHECK_FALSE(plain->is_signed);
  CHECK(with_signature->is_signed);
  CHECK(with_signature->same_but_signature(*plain));
  CHECK_FALSE(parse_commit(head + "\nother\n")->same_but_signature(*plain));
  CHECK_FALSE(parse_commit("rubbish"));
}

TEST_CASE("why a signer failed is what it said") {
  CHECK(
      why_unsigned("error: gpg failed to sign the data\nfatal: failed to write commit object\n") ==
      "gpg failed to sign the data");
  CHECK(why_unsigned("fatal: cannot run /no/gpg: No such file\n") ==
        "cannot run /no/gpg: No such file");
}
