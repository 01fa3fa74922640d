// Objects that are written through gits that stay, next to what a git of its own writes.
#include "catch.hpp"
#include "fixture.hpp"
#include "git/commit_object.hpp"
#include "git/context.hpp"
#include "git/objects.hpp"
#include "git/tree_edit.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>

using namespace orch;
using namespace orch::git;
using orch::test::Fixture;
using orch::test::TempRepo;

namespace fs = std::filesystem;

namespace {

struct Writing : Fixture {
  std::vector<std::pair<ProcessId, std::vector<std::string>>> started;
  std::unique_ptr<GitContext> context;

  Writing() { begin(); }

  explicit Writing(TempRepo& existing) : Fixture(existing) { begin(); }

  void begin() {
    children.on_start = [this](const ProcessId& process, const loop::Command& command) {
      started.emplace_back(process, command.argv);
    };
    context = std::make_unique<GitContext>(loop, children,
                                           RepositoryFacts{repo.root(), repo.root() / ".git"});
  }

  /// How many gits had this among their arguments.
  std::ptrdiff_t gits_with(const std::string& word) const {
    return std::ranges::count_if(started, [&word](const auto& process) {
      return std::ranges::find(process.second, word) != process.second.end();
    });
  }

  std::string blob(const std::string& text) {
    const auto id = wait(write_blob(*context, text));
    return id ? *id : std::string();
  }

  CommitId commit(const std::vector<CommitId>& parents, const std::string& message,
                  const Identity& identity) {
    const auto made =
        wait(commit_tree(*context, repo.id("main^{tree}"), parents, message, identity));
    return made ? *made : CommitId();
  }

  bool left_nothing() const {
    for (const auto& entry : fs::directory_iterator(repo.root() / ".git")) {
      if (entry.path().filename().native().starts_with("orch-")) return false;
    }
    return true;
  }
};

/// The same by `update-index --index-info`.
std::string edited_by_git(const TempRepo& repo, const std::string& tree,
                          const std::vector<TreeEntry>& edits) {
  TempRepo& scope = const_cast<TempRepo&>(repo);
  const fs::path index = repo.folder() / "edited index";
  fs::remove(index);
  scope.set("GIT_INDEX_FILE", index);
  repo.git({"read-tree", tree});
  for (const TreeEntry& edit : edits) {
    if (edit.mode == "0") {
      repo.git({"update-index", "--force-remove", edit.path});
    } else {
      repo.git({"update-index", "--add", "--replace", "--cacheinfo",
                edit.mode + "," + edit.id + "," + edit.path});
    }
  }
  std::string written = repo.git({"write-tree"});
  ::unsetenv("GIT_INDEX_FILE");
  return written;
}

}  // namespace

TEST_CASE("blobs are written as they are, by one git that stays") {
  Writing writing;
  writing.repo.git({"config", "core.autocrlf", "true"});
  writing.repo.write(".gitattributes", "* text=auto\n");
  const std::vector<std::string> texts = {"", "a\n", std::string("a\0\r\nb", 5),
                                          std::string(1u << 20, 'x')};
  for (const std::string& text : texts) {
    const std::string id = writing.blob(text);
    REQUIRE_FALSE(id.empty());
    const fs::path file = writing.repo.folder() / "blob";
    writing.repo.write(file, text);
    CHECK(id == writing.repo.git({"hash-object", "--no-filters", file}));
    CHECK(writing.repo.git({"cat-file", "-s", id}) == std::to_string(text.size()));
  }
  CHECK(writing.started.size() == 1);
  CHECK(writing.left_nothing());
}

TEST_CASE("commits are those that git makes, byte by byte") {
  Writing writing;
  auto& repo = writing.repo;
  const CommitId first{repo.id("main")};
  const CommitId second{repo.commit("second")};
  for (const char* zone : {"UTC", "Asia/Kolkata", "America/St_Johns"}) {
    repo.set("TZ", zone);
    for (const Identity& identity :
         {Identity{"A Person", "person@example.org"}, Identity{" <Ü> O'Neil.,", " <x y@z> "}}) {
      for (const std::string message : {"text\n", "no newline", "", "\n\n# ü\n\n\nlast \n\n"}) {
        for (const std::vector<CommitId>& parents :
             std::vector<std::vector<CommitId>>{{}, {first}, {second, first}}) {
          const CommitId made = writing.commit(parents, message, identity);
          REQUIRE_FALSE(made.empty());
          const auto text = parse_commit(repo.git({"cat-file", "commit", made.value}) + "\n");
          REQUIRE(text);
          Call make = writing.context->call({"commit-tree", "-F", "-"}, "make a commit");
          for (const CommitId& parent : parents)
            make.args.insert(make.args.end(), {"-p", parent.value});
          make.args.push_back(repo.id("main^{tree}"));
          make.input = message;
          make.env = {{"GIT_AUTHOR_NAME", identity.name},
                      {"GIT_AUTHOR_EMAIL", identity.email},
                      {"GIT_AUTHOR_DATE", text->author_date},
                      {"GIT_COMMITTER_NAME", identity.name},
                      {"GIT_COMMITTER_EMAIL", identity.email},
                      {"GIT_COMMITTER_DATE", text->committer_date}};
          const auto by_git = writing.wait(writing.context->line(make));
          REQUIRE(by_git);
          CHECK(made.value == *by_git);
          CHECK(text->committer_date.ends_with(zone == std::string("UTC") ? " +0000" : "30"));
        }
      }
    }
  }
  const std::ptrdiff_t by_comparison = 3 * 2 * 4 * 3;
  CHECK(writing.gits_with("commit-tree") == by_comparison);
  CHECK(writing.gits_with("--stdin-paths") == 1);
}

TEST_CASE("a commit that git would write in another way is made by git") {
  Writing writing;
  auto& repo = writing.repo;
  const Identity person{"A Person", "person@example.org"};
  const CommitId latin = writing.commit({}, "gr\xfc\xdf\n", person);
  CHECK(repo.git({"log", "-1", "--format=%s", latin.value}) == "grüß");
  CHECK(writing.gits_with("commit-tree") == 1);
  CHECK(writing.commit({CommitId{std::string(40, '1')}}, "lost\n", person).empty());
  CHECK(writing.gits_with("commit-tree") == 2);
  repo.git({"config", "i18n.commitEncoding", "ISO-8859-1"});
  const CommitId encoded = writing.commit({}, "text\n", person);
  CHECK(repo.git({"cat-file", "commit", encoded.value}).find("\nencoding ISO-8859-1\n") !=
        std::string::npos);
}

TEST_CASE("a tree is edited as an index would be") {
  Writing writing;
  const auto& repo = writing.repo;
  for (const char* path : {"a/b/c", "a/b.txt", "a-b", "a.c", "folder/only", "z/deep/er/x"})
    repo.write(path, "text\n");
  repo.commit("files");
  const std::string tree = repo.id("main^{tree}");
  const std::string id = writing.blob("new\n");
  const std::string none(40, '0');
  for (const std::vector<TreeEntry>& edits : std::vector<std::vector<TreeEntry>>{
           {{"100644", id, "a/b/c"}},
           {{"100755", id, "new/in/here"}, {"120000", id, "a0"}},
           {{"0", none, "z/deep/er/x"}},
           {{"0", none, "a"}, {"0", none, "nowhere/x"}, {"0", none, "a-b/x"}},
           {{"100644", id, "a"}},
           {{"100644", id, "a-b/in a file's place"}},
           {{"0", none, "a-b"}, {"100644", id, "a-b/x"}, {"100644", id, "a-b/y ü"}},
           {{"160000", repo.id("main"), "sub"}},
           {{"100644", repo.id("main:a/b/c"), "a/b/c"}}}) {
    const auto edited = writing.wait(edited_tree(*writing.context, tree, edits));
    REQUIRE(edited);
    CHECK(*edited == edited_by_git(repo, tree, edits));
  }
  CHECK(writing.gits_with("read-tree") == 0);
  for (const char* path : {".git/x", "a/.GIT", "../x", "a//b", ""}) {
    const std::vector<TreeEntry> edits = {{"100644", id, path}};
    CHECK_FALSE(writing.wait(edited_tree(*writing.context, tree, edits)));
    // Git leaves such a path out.
    CHECK(*writing.wait(replace_entries(*writing.context, tree, edits)) == tree);
  }
}

TEST_CASE("a writer that is killed is followed by another one") {
  Writing writing;
  REQUIRE_FALSE(writing.blob("one\n").empty());
  ::kill(writing.started.back().first.pid, SIGKILL);
  CHECK_FALSE(writing.blob("two\n").empty());
  CHECK_FALSE(writing.blob("three\n").empty());
  CHECK(writing.repo.git_says_yes({"cat-file", "-e", writing.blob("two\n")}));
  CHECK(writing.gits_with("--stdin-paths") == 2);
  CHECK(writing.left_nothing());
}

TEST_CASE("an object that a pack had, and that was pruned since, is written again") {
  Writing writing;
  const auto& repo = writing.repo;
  repo.write("file", "text\n");
  repo.commit("with the file");
  repo.git({"gc", "-q"});
  const std::string id = writing.blob("text\n");
  CHECK(id == repo.id("main:file"));
  CHECK(writing.gits_with("--stdin") == 1);
  repo.git({"update-ref", "-d", "refs/heads/main"});
  repo.git({"reflog", "expire", "--expire=now", "--all"});
  repo.git({"read-tree", "--empty"});
  repo.git({"gc", "-q", "--prune=now"});
  REQUIRE_FALSE(repo.git_says_yes({"cat-file", "-e", id}));
  CHECK(writing.blob("text\n") == id);
  CHECK(repo.git_says_yes({"cat-file", "-e", id}));
}

TEST_CASE("a repository with longer ids is written to in the same way") {
  TempRepo repo(false);
  repo.git({"init", "-q", "-b", "main", "--object-format=sha256"});
  repo.write("a/b", "text\n");
  repo.commit("first");
  Writing writing(repo);
  const std::string tree = repo.id("main^{tree}");
  const std::string id = writing.blob("new\n");
  CHECK(id.size() == 64);
  const std::vector<TreeEntry> edits = {{"100644", id, "a/c"}};
  const auto edited = writing.wait(edited_tree(*writing.context, tree, edits));
  REQUIRE(edited);
  CHECK(*edited == edited_by_git(repo, tree, edits));
  const CommitId made =
      writing.commit({CommitId{repo.id("main")}}, "text\n", {"A Person", "person@example.org"});
  CHECK(repo.git({"cat-file", "-t", made.value}) == "commit");
  CHECK(writing.gits_with("commit-tree") == 0);
}
