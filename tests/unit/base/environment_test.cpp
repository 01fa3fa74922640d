#include "orch/base/environment.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cstdlib>

using namespace orch;

TEST_CASE("what a git sets for the programs it calls is its state") {
  for (const char* name : {"GIT_DIR",
                           "GIT_WORK_TREE",
                           "GIT_INDEX_FILE",
                           "GIT_PREFIX",
                           "GIT_COMMON_DIR",
                           "GIT_OBJECT_DIRECTORY",
                           "GIT_QUARANTINE_PATH",
                           "GIT_NAMESPACE",
                           "GIT_CONFIG",
                           "GIT_CONFIG_PARAMETERS",
                           "GIT_REFLOG_ACTION",
                           "GIT_AUTHOR_NAME",
                           "GIT_AUTHOR_DATE",
                           "GIT_COMMITTER_EMAIL",
                           "GIT_EDITOR",
                           "GIT_SEQUENCE_EDITOR",
                           "GIT_TRACE",
                           "GIT_SHALLOW_FILE",
                           "GIT_REPLACE_REF_BASE",
                           "GIT_INVENTED_TOMORROW"})
    CHECK(is_git_state(name));
}

TEST_CASE("what says how git is configured and reaches other hosts is a setting") {
  for (const char* name :
       {"GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_12",
        "GIT_SSL_CAINFO", "GIT_HTTP_LOW_SPEED_LIMIT", "GIT_TERMINAL_PROMPT", "GIT_LFS_SKIP_SMUDGE"})
    CHECK_FALSE(is_git_state(name));
}

TEST_CASE("variables of others are none of git's") {
  for (const char* name : {"HOME", "GITHUB_TOKEN", "GIT", "MY_GIT_DIR", ""})
    CHECK_FALSE(is_git_state(name));
}

TEST_CASE("the state is taken out of the process and the settings stay") {
  ::setenv("GIT_DIR", "/nowhere", 1);
  ::setenv("GIT_SSH_COMMAND", "ssh -v", 1);
  const auto has = [](const char* name) {
    const auto names = git_state_here();
    return std::ranges::find(names, name) != names.end();
  };
  CHECK(has("GIT_DIR"));
  CHECK_FALSE(has("GIT_SSH_COMMAND"));
  drop_git_state();
  CHECK(std::getenv("GIT_DIR") == nullptr);
  CHECK(std::getenv("GIT_SSH_COMMAND") != nullptr);
  ::unsetenv("GIT_SSH_COMMAND");
}

TEST_CASE("a setting of git's goes after those that are there") {
  std::vector<std::string> environment = {"A=b", "GIT_CONFIG_KEY_0=a.b", "GIT_CONFIG_COUNT=1",
                                          "GIT_CONFIG_VALUE_0=c", "GIT_CONFIG_KEY_1=left.over"};
  add_git_setting(environment, "gc.auto", "0");
  add_git_setting(environment, "user.name", "A = B");
  const auto has = [&environment](const char* entry) {
    return std::ranges::count(environment, entry) == 1;
  };
  CHECK(environment.size() == 8);
  CHECK(has("GIT_CONFIG_COUNT=3"));
  CHECK(has("GIT_CONFIG_KEY_0=a.b"));
  CHECK(has("GIT_CONFIG_KEY_1=gc.auto"));
  CHECK(has("GIT_CONFIG_VALUE_1=0"));
  CHECK(has("GIT_CONFIG_VALUE_2=A = B"));
}
