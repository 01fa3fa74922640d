// Which repositories the user trusts: who may say so, and what does not count.
#include "config/trusted_roots.hpp"

#include "catch.hpp"
#include "orch/base/files.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

using namespace orch;
namespace fs = std::filesystem;

namespace {

struct Home {
  Home() {
    std::string pattern = (fs::temp_directory_path() / "orch-trust-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = fs::canonical(pattern);
    repository = folder / "repo";
    fs::create_directories(repository);
  }

  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  ~Home() { fs::remove_all(folder); }

  Environment environment() const { return {{"HOME", folder.string()}}; }

  bool trusts(const fs::path& root) const { return is_trusted_root({}, environment(), root); }

  fs::path folder;
  fs::path repository;
};

}  // namespace

TEST_CASE("A root is trusted once the user said so, in each spelling, and only that one") {
  const Home home;
  CHECK_FALSE(home.trusts(home.repository));
  REQUIRE(trust_root(home.environment(), home.repository));
  REQUIRE(trust_root(home.environment(), home.repository));
  REQUIRE(trust_root(home.environment(), home.folder / "other"));
  CHECK(home.trusts(home.repository));
  CHECK(home.trusts(home.repository / ""));
  fs::create_directory_symlink(home.repository, home.folder / "link");
  CHECK(home.trusts(home.folder / "link"));
  CHECK_FALSE(home.trusts(home.repository / "below"));
  CHECK_FALSE(home.trusts(home.folder));
  const fs::path file = trusted_roots_file(home.environment());
  CHECK(*read_file(file) ==
        home.repository.string() + "\n" + (home.folder / "other").string() + "\n");

  struct stat status {};

  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("A list of trusted roots that others could have written does not count") {
  const Home home;
  REQUIRE(trust_root(home.environment(), home.repository));
  const fs::path file = trusted_roots_file(home.environment());
  fs::permissions(file, fs::perms(0666));
  CHECK_FALSE(home.trusts(home.repository));
  REQUIRE(trust_root(home.environment(), home.folder / "other"));
  CHECK_FALSE(home.trusts(home.repository));
  CHECK(home.trusts(home.folder / "other"));
}

TEST_CASE("The user's configuration names trusted roots; a path of two lines cannot be kept") {
  const Home home;
  Config config;
  config.trusted_roots = {"/nowhere", home.repository.string() + "/"};
  CHECK(is_trusted_root(config, {}, home.repository));
  CHECK_FALSE(is_trusted_root(config, {}, home.folder));
  CHECK_FALSE(trust_root(home.environment(), home.folder / "two\nlines"));
  CHECK_FALSE(trust_root({}, home.repository));
  CHECK(trusted_roots_file({{"XDG_STATE_HOME", "/state"}, {"HOME", "/home/me"}}) ==
        "/state/tmux-orch/trusted");
}
