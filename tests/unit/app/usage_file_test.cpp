// The file of a conversation, as it grows, and what may stand in its place.
#include "app/usage_file.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace orch;
namespace fs = std::filesystem;

namespace {

std::string answer(const std::string& id) {
  return R"({"type":"assistant","message":{"id":")" + id +
         R"(","model":"m","usage":{"input_tokens":10,"output_tokens":1}}})" + "\n";
}

/// A folder of a program, with one of conversations in it.
class Place {
 public:
  Place() { fs::create_directories(folder() / "projects"); }

  fs::path folder() const { return temporary_ / "home"; }

  fs::path outside() const { return temporary_ / "outside.jsonl"; }

  fs::path log() const { return folder() / "projects" / "log.jsonl"; }

  void write(const std::string& text) const { std::ofstream(log()) << text; }

  void append(const std::string& text) const { std::ofstream(log(), std::ios::app) << text; }

  app::UsageFile file(const fs::path& path) const {
    return app::UsageFile(UsageFormat::Claude, folder(), path);
  }

 private:
  TemporaryFolder temporary_;
};

std::int64_t input_after_look(app::UsageFile& file) {
  file.look();
  return file.usage().tokens().input;
}

}  // namespace

TEST_CASE("a file is read on from where the last look ended") {
  const Place place;
  app::UsageFile file = place.file(place.log());
  CHECK(input_after_look(file) == 0);
  place.write(answer("a"));
  CHECK(input_after_look(file) == 10);
  CHECK(input_after_look(file) == 10);
  const std::string second = answer("b");
  place.append(second.substr(0, 30));
  CHECK(input_after_look(file) == 10);
  place.append(second.substr(30));
  CHECK(input_after_look(file) == 20);
  CHECK_FALSE(file.has_more());
}

TEST_CASE("a file that was cut or replaced is read from its begin") {
  const Place place;
  place.write(answer("a") + answer("b"));
  app::UsageFile file = place.file(place.log());
  CHECK(input_after_look(file) == 20);
  place.write(answer("c"));
  CHECK(input_after_look(file) == 10);
  REQUIRE(write_file(place.log(), answer("d") + answer("e") + answer("f")));
  CHECK(input_after_look(file) == 30);
}

TEST_CASE("a large file is read in several looks") {
  const Place place;
  std::string text;
  for (int i = 0; text.size() < (9u << 20); ++i)
    text += answer(std::to_string(i)) + std::string(1000, ' ') + "\n";
  place.write(text);
  app::UsageFile file = place.file(place.log());
  const std::int64_t first = input_after_look(file);
  CHECK(file.has_more());
  CHECK(input_after_look(file) > first);
  CHECK_FALSE(file.has_more());
}

TEST_CASE("nothing is read that is no plain file below the folder") {
  const Place place;
  REQUIRE(write_file(place.outside(), answer("a")));
  fs::path path = place.log();
  SECTION("a link") {
    fs::create_symlink(place.outside(), path);
  }
  SECTION("a FIFO, which would block") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  }
  SECTION("a folder") {
    fs::create_directory(path);
  }
  SECTION("a link on the way") {
    fs::create_symlink(place.outside().parent_path(), place.folder() / "way");
    path = place.folder() / "way" / "outside.jsonl";
  }
  SECTION("elsewhere") {
    path = place.outside();
  }
  SECTION("elsewhere, by a way that leads out") {
    path = place.folder() / "projects/../../outside.jsonl";
  }
  SECTION("nothing at all") {}
  app::UsageFile file = place.file(path);
  CHECK(input_after_look(file) == 0);
}

TEST_CASE("a file that nobody names is found by a pattern, where one alone fits") {
  const Place place;
  const auto input = [&place](const std::string& pattern) {
    app::UsageFile file = app::UsageFile::to_be_found(UsageFormat::Claude, place.folder(), pattern);
    return input_after_look(file);
  };
  CHECK(input("*/log.jsonl") == 0);
  place.write(answer("a"));
  CHECK(input("*/log.jsonl") == 10);
  CHECK(input("projects/l*.jsonl") == 10);
  CHECK(input("*.jsonl") == 0);
  CHECK(input("*/*/log.jsonl") == 0);
  CHECK(input("../*/projects/log.jsonl") == 0);
  fs::create_directories(place.folder() / "more");
  fs::create_symlink(place.log(), place.folder() / "more" / "log.jsonl");
  CHECK(input("*/log.jsonl") == 0);
}

TEST_CASE("the user's own link to the folder is followed, by either name") {
  const Place place;
  place.write(answer("a"));
  const fs::path link = place.folder().parent_path() / "link";
  fs::create_directory_symlink(place.folder(), link);
  for (const fs::path& path : {link / "projects/log.jsonl", place.log()}) {
    app::UsageFile file(UsageFormat::Claude, link, path);
    CHECK(input_after_look(file) == 10);
  }
}
