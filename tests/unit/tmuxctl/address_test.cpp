// Addresses of servers, and what tmux's complaints are turned into.
#include "tmuxctl/address.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "tmuxctl/explain.hpp"

#include <fmt/format.h>
#include <unistd.h>

using namespace tmuxctl;
using orch::Fault;

TEST_CASE("an address is a name or a path") {
  CHECK(Address::named("x").argv() == std::vector<std::string>{"tmux", "-u", "-L", "x"});
  CHECK(Address::at("/s").argv() == std::vector<std::string>{"tmux", "-u", "-S", "/s"});
  CHECK(Address::named("x").text() == "-L x");
  CHECK(Address::at("/tmp/s").socket("/elsewhere") == "/tmp/s");
  CHECK(Address::named("x").socket("") == fmt::format("/tmp/tmux-{}/x", getuid()));
  CHECK(Address::named("x").socket("/") == fmt::format("/tmux-{}/x", getuid()));
  CHECK(Address::named("x").socket("/no/such") == fmt::format("/tmp/tmux-{}/x", getuid()));
}

TEST_CASE("an address that tmux would misread is refused") {
  CHECK(Address::named("x").check(""));
  CHECK_FALSE(Address::named("").check(""));
  CHECK_FALSE(Address::named("../x").check(""));
  CHECK_FALSE(Address::at(std::string("/a\0b", 4)).check(""));
  CHECK_FALSE(Address::at("/" + std::string(200, 'a')).check(""));
}

TEST_CASE("a socket whose path has no room in an address is refused, by name as by path") {
  const TemporaryFolder folder;
  const std::filesystem::path deep = folder.path() / std::string(90, 'd');
  REQUIRE(std::filesystem::create_directory(deep));
  const orch::Status named = Address::named("x").check(deep.native());
  REQUIRE_FALSE(named);
  CHECK(named.error().what.find("too long") != std::string::npos);
  CHECK(Address::named("x").check(folder.path().native()));
  CHECK(Address::at("/tmp/s").check(deep.native()));
}

TEST_CASE("an unusable socket folder is named") {
  const Address address = Address::at("/run/me/s");
  const orch::Error unsafe = explain(address, "directory /run/me has unsafe permissions");
  CHECK(unsafe.fault == Fault::Refused);
  CHECK(unsafe.what.find("/run/me") != std::string::npos);
  CHECK(unsafe.hint == "chmod 700 /run/me");
  const orch::Error denied = explain(address, "error creating /run/me/s (Permission denied)");
  CHECK(denied.fault == Fault::Refused);
  CHECK(denied.what.find("/run/me") != std::string::npos);
  const orch::Error missing =
      explain(address, "error creating /run/me/s (No such file or directory)");
  CHECK(missing.fault == Fault::Refused);
  CHECK(missing.what == "there is no folder /run/me for tmux's socket");
  CHECK(explain(address, "error creating /run/me/s (No space left on device)").fault == Fault::Io);
}

TEST_CASE("a missing server is told from other failures") {
  const Address address = Address::named("x");
  CHECK(explain(address, "no server running on /tmp/tmux-0/x").fault == Fault::NotFound);
  CHECK(explain(address, "error connecting to /x (No such file or directory)").fault ==
        Fault::NotFound);
  CHECK(explain(address, "can't find session: y").fault == Fault::NotFound);
  CHECK(explain(address, "duplicate session: y").fault == Fault::Refused);
  CHECK(refusal("parse error: unknown command: x").fault == Fault::BadInput);
}

TEST_CASE("a server that is just ending is worth another try") {
  CHECK(is_passing("no server running on /tmp/x"));
  CHECK(is_passing("server exited unexpectedly"));
  CHECK(is_passing("error connecting to /x (Connection refused)"));
  CHECK_FALSE(is_passing("duplicate session: x"));
  CHECK_FALSE(is_passing("directory /x has unsafe permissions"));
}

TEST_CASE("a missing tmux comes with the way to get it") {
  const orch::Error error = not_started({Fault::NotFound, "no such program: tmux", ""});
  CHECK(error.what == "tmux is not installed");
  CHECK(error.hint == "apt install tmux");
  CHECK(not_started({Fault::Io, "cannot fork", ""}).what == "cannot fork");
}
