// What a path names: files, folders, and things that must be refused.
#include "tasks/source/source.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"

#include <sys/stat.h>

#include <fstream>
#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::vector<std::string> names_of(const Loaded& loaded) {
  std::vector<std::string> names;
  for (const NamedText& file : loaded.files)
    names.push_back(file.name);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a file is loaded") {
  const TemporaryFolder folder;
  write(folder / "x.md", "- [ ] a\n");
  const Result<Loaded> loaded = load_source(folder / "x.md");
  REQUIRE(loaded);
  CHECK_FALSE(loaded->is_folder);
  CHECK(loaded->text == "- [ ] a\n");
}

TEST_CASE("a folder is loaded in natural order") {
  const TemporaryFolder folder;
  for (const char* name : {"10.md", "9.md", "x.txt", ".hidden.md", "_template.md", "sub/1.md"})
    write(folder / name, name);
  fs::create_symlink(folder / "sub/1.md", folder / "11.md");
  const Result<Loaded> loaded = load_source(folder.path());
  REQUIRE(loaded);
  CHECK(loaded->is_folder);
  CHECK(names_of(*loaded) == Names{"9.md", "10.md", "11.md"});
  CHECK(loaded->files[2].text == "sub/1.md");
}

TEST_CASE("a folder may stand for what lies in it") {
  const TemporaryFolder folder;
  write(folder / "a/tasks/1.md", "one");
  write(folder / "b/tasks.md", "two");
  write(folder / "b/design.md", "no");
  write(folder / "c/tasks/tasks.json", "{}");
  CHECK(names_of(*load_source(folder / "a")) == Names{"1.md"});
  CHECK(load_source(folder / "a")->path == folder / "a/tasks");
  CHECK(load_source(folder / "b")->text == "two");
  CHECK(load_source(folder / "c")->text == "{}");
}

TEST_CASE("what cannot be tasks is refused with its name") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "empty");
  fs::create_directories(folder / "loop");
  fs::create_symlink("a.md", folder / "loop/a.md");
  fs::create_directories(folder / "pipe");
  REQUIRE(::mkfifo((folder / "pipe/a.md").c_str(), 0600) == 0);
  fs::create_directories(folder / "dangling");
  fs::create_symlink("nowhere", folder / "dangling/a.md");

  struct Case {
    const char* path;
    Fault fault;
    const char* words;
  };

  for (const Case& one :
       {Case{"missing", Fault::NotFound, "no file or folder"},
        Case{"empty", Fault::NotFound, "no task files in the folder"},
        Case{"loop", Fault::Io, "loop/a.md"}, Case{"loop/a.md", Fault::Io, "loop/a.md"},
        Case{"pipe", Fault::Refused, "pipe/a.md: it is not a file"},
        Case{"pipe/a.md", Fault::Refused, "not a file"},
        Case{"dangling", Fault::NotFound, "dangling/a.md"}}) {
    CAPTURE(one.path);
    const Result<Loaded> loaded = load_source(folder / one.path);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().fault == one.fault);
    CHECK(loaded.error().what.find(one.words) != std::string::npos);
  }
}

TEST_CASE("a folder within itself ends") {
  const TemporaryFolder folder;
  write(folder / "1.md", "one");
  fs::create_directory_symlink(folder.path(), folder / "self.md");
  CHECK(names_of(*load_source(folder.path())) == Names{"1.md"});
  fs::create_directories(folder / "x");
  fs::create_directory_symlink(".", folder / "x/tasks");
  CHECK_FALSE(load_source(folder / "x"));
}

TEST_CASE("number and size of the files are bounded") {
  const TemporaryFolder folder;
  for (int i = 0; i < 4; ++i)
    write(folder / (std::to_string(i) + ".md"), "0123456789");
  CHECK(load_source(folder.path(), {.files = 4, .bytes = 40}));
  const Result<Loaded> many = load_source(folder.path(), {.files = 3});
  CHECK(many.error().what.find("more than 3 files") != std::string::npos);
  const Result<Loaded> large = load_source(folder.path(), {.bytes = 39});
  CHECK(large.error().what.find("larger than 39 bytes") != std::string::npos);
  CHECK_FALSE(load_source(folder / "1.md", {.bytes = 9}));
}
