// The list of what a set-up made, by files in a folder of the test's own.
#include "git/made_list.hpp"

#include "catch.hpp"
#include "git/ordered_walk.hpp"
#include "orch/base/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace orch;
namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = fs::temp_directory_path() / "orch-made-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) FAIL("no folder");
    path_ = pattern;
    fs::create_directories(tree());
  }

  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path tree() const { return path_ / "tree"; }

  fs::path list() const { return path_ / "list"; }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((tree() / path).parent_path());
    REQUIRE(write_file(tree() / path, text));
  }

 private:
  fs::path path_;
};

Texts walked(const fs::path& top, Texts paths) {
  Texts met;
  REQUIRE(git::walk_in_order(top, std::move(paths), [&met](const git::Met& one) {
    met.push_back(one.path);
    return git::Onward::In;
  }));
  return met;
}

}  // namespace

TEST_CASE("a walk is in the order of paths, whatever is in their names") {
  Folder folder;
  for (const char* path : {"a/z", "a/b/c", "a-b", "a/b.c", "a/b-c/d", "b\n", "a\xff"})
    folder.write(path, "");
  const Texts met = walked(folder.tree(), {"b\n", "a-b", "none/at/all", "a", "a\xff"});
  CHECK(met ==
        Texts{"a", "a/b", "a/b/c", "a/b-c", "a/b-c/d", "a/b.c", "a/z", "a-b", "a\xff", "b\n"});
  for (std::size_t i = 1; i < met.size(); ++i) {
    CHECK(git::comes_before(met[i - 1], met[i]));
    CHECK_FALSE(git::comes_before(met[i], met[i - 1]));
  }
}

TEST_CASE("a walk follows no link") {
  Folder folder;
  folder.write("a/b/c", "");
  fs::create_directory_symlink("a", folder.tree() / "l");
  CHECK(walked(folder.tree(), {"l"}) == Texts{"l"});
  CHECK_FALSE(
      git::walk_in_order(folder.tree(), {"l/b"}, [](const git::Met&) { return git::Onward::In; }));
}

TEST_CASE("what was touched since it was listed is told") {
  Folder folder;
  const Texts roots = {"deps", "out"};
  folder.write("deps/a", "a\n");
  folder.write("deps/b/c", "c\n");
  folder.write("deps/b\nx/d", "d\n");
  folder.write("out", "o\n");
  folder.write("other", "not of it\n");
  const auto listing = git::write_made_list(folder.list(), folder.tree(), roots, {"nowhere"});
  REQUIRE(listing);
  CHECK(listing->entries == 7);
  CHECK(listing->names_text.empty());
  CHECK(listing->shared.empty());
  CHECK(listing->incomplete.empty());
  const auto changes = [&] { return git::compare_made_list(folder.list(), folder.tree(), roots); };
  CHECK(changes().nothing());

  SECTION("others do not matter") {
    folder.write("other", "changed\n");
    CHECK(changes().nothing());
  }
  SECTION("more") {
    folder.write("deps/0/1/2", "");
    folder.write("deps/b/z", "");
    folder.write("deps/zz", "");
    CHECK(changes().intact);
    CHECK(changes().more == Texts{"deps/0", "deps/b/z", "deps/zz"});
  }
  SECTION("less at the beginning, in the middle, at the end") {
    fs::remove(folder.tree() / GENERATE("deps/a", "deps/b/c", "out"));
    CHECK_FALSE(changes().intact);
  }
  SECTION("one replaced by another") {
    fs::rename(folder.tree() / "deps/a", folder.tree() / "deps/a2");
    CHECK_FALSE(changes().intact);
  }
  SECTION("mode") {
    ::chmod((folder.tree() / "deps/b").c_str(), 0700);
    CHECK_FALSE(changes().intact);
  }
  SECTION("no list") {
    fs::remove(folder.list());
    CHECK_FALSE(changes().intact);
  }
  SECTION("half a list") {
    fs::resize_file(folder.list(), fs::file_size(folder.list()) / 2);
    CHECK_FALSE(changes().nothing());
  }
  SECTION("a link in the place of the folder") {
    fs::rename(folder.tree() / "deps", folder.tree() / "moved");
    fs::create_directory_symlink("moved", folder.tree() / "deps");
    CHECK_FALSE(changes().intact);
  }
}

TEST_CASE("what is too deep is no list, and no error") {
  Folder folder;
  std::string path = "deps";
  for (int i = 0; i < 300; ++i)
    path += "/d";
  folder.write(path + "/file", "");
  const auto listing = git::write_made_list(folder.list(), folder.tree(), {"deps"}, {});
  REQUIRE(listing);
  CHECK_FALSE(listing->incomplete.empty());
  CHECK_FALSE(git::compare_made_list(folder.list(), folder.tree(), {"deps"}).intact);
}

TEST_CASE("texts are found at the beginning of files and where links lead, hard links always") {
  Folder folder;
  folder.write("deps/a", "a\n");
  const auto listing = [&folder] {
    const auto made = git::write_made_list(folder.list(), folder.tree(), {"deps"}, {"/w/T1"});
    REQUIRE(made);
    return *made;
  };
  SECTION("in a file") {
    folder.write("deps/b", std::string("\0x", 2) + "at /w/T1/src");
    CHECK(listing().names_text == "deps/b");
  }
  SECTION("in a link") {
    fs::create_symlink("/w/T1/deps", folder.tree() / "deps/b");
    CHECK(listing().names_text == "deps/b");
  }
  SECTION("not far behind its beginning") {
    folder.write("deps/b", std::string(200'000, 'x') + "/w/T1");
    CHECK(listing().names_text.empty());
  }
  SECTION("another name of a file") {
    fs::create_hard_link(folder.tree() / "deps/a", folder.tree() / "elsewhere");
    CHECK(listing().shared == "deps/a");
  }
}
