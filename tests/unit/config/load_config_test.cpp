// Which files are read, and what happens when they cannot be.
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "reading.hpp"

#include <stdlib.h>

#include <filesystem>

using namespace orch;
namespace fs = std::filesystem;
using test::problems_text;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "orch-config-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  void write(const fs::path& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    REQUIRE(write_file(path_ / name, text));
  }

  fs::path operator/(const fs::path& name) const { return path_ / name; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("the user's own file lies where XDG says") {
  CHECK(user_config_file({{"XDG_CONFIG_HOME", "/x"}, {"HOME", "/h"}}) ==
        "/x/tmux-orch/config.toml");
  CHECK(user_config_file({{"HOME", "/h"}}) == "/h/.config/tmux-orch/config.toml");
  CHECK(user_config_file({{"XDG_CONFIG_HOME", "relative"}, {"HOME", "/h"}}) ==
        "/h/.config/tmux-orch/config.toml");
  CHECK(user_config_file({}).empty());
}

TEST_CASE("both files are read, and missing ones are no mistake") {
  const Folder folder;
  const Environment environment{{"HOME", (folder / "home").string()}};
  CHECK(problems_text(load_config(folder / "repo", environment, {})).empty());

  folder.write("home/.config/tmux-orch/config.toml", "workers = 2\nbase = \"user\"\n");
  folder.write("repo/tmux-orch.toml", "base = \"repo\"\n");
  const ConfigReading reading = load_config(folder / "repo", environment, {});
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.workers == 2);
  CHECK(reading.config.base == "repo");
}

TEST_CASE("a file that cannot be read is an error that names it") {
  const Folder folder;
  fs::create_directories(folder / "repo/tmux-orch.toml");
  folder.write("x/tmux-orch/config.toml", "worker = 1");
  const ConfigReading reading =
      load_config(folder / "repo", {{"XDG_CONFIG_HOME", (folder / "x").string()}}, {});
  const std::string directory = (folder / "repo/tmux-orch.toml").string();
  CHECK(problems_text(reading) == directory + ": cannot read " + directory +
                                      ": it is not a file\n" +
                                      (folder / "x/tmux-orch/config.toml").string() +
                                      ":1:1: unknown key 'worker'\n  did you mean 'workers'?");
}
