// Blocks of ports: one worktree never has those of another.
#include "app/port_blocks.hpp"

#include "catch.hpp"
#include "orch/base/files.hpp"
#include "unit/base/temporary_folder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <set>
#include <string>
#include <thread>

using namespace orch;
using app::lease_ports;
using app::PortRange;
namespace fs = std::filesystem;

namespace {

// Far from what the tests of others listen on, and below what the system gives.
constexpr PortRange kRange{28'100, 10};

struct Place {
  TemporaryFolder folder;
  fs::path list = folder / "state/ports";

  fs::path worktree(const std::string& name) const {
    const fs::path path = folder / name;
    fs::create_directories(path);
    return path;
  }

  int lease(const std::string& name, PortRange range = kRange) const {
    const Result<int> first = lease_ports(list, range, worktree(name));
    REQUIRE(first);
    return *first;
  }
};

/// Somebody who listens on a port; 0: nobody could.
class Listener {
 public:
  explicit Listener(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    struct sockaddr_in address {};

    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* place = reinterpret_cast<const sockaddr*>(&address);
    listens_ = ::bind(socket_.get(), place, sizeof address) == 0 && ::listen(socket_.get(), 1) == 0;
  }

  bool listens() const { return listens_; }

 private:
  Fd socket_;
  bool listens_ = false;
};

}  // namespace

TEST_CASE("each worktree has a block of its own, and keeps it") {
  const Place place;
  const int first = place.lease("a");
  const int second = place.lease("b");
  CHECK(std::abs(first - second) >= kRange.size);
  CHECK(place.lease("a") == first);
  CHECK(place.lease("b") == second);
}

TEST_CASE("a block is free again when its worktree has gone") {
  const Place place;
  const int first = place.lease("a");
  fs::remove(place.folder / "a");
  CHECK(place.lease("b") == first);
  CHECK(place.lease("a") != first);
}

TEST_CASE("a block in which somebody listens is passed over, but not taken away") {
  const Place place;
  const int first = place.lease("a");
  const Listener server(first + 3);
  REQUIRE(server.listens());
  CHECK(place.lease("a") == first);
  fs::remove(place.folder / "a");
  CHECK(place.lease("b") > first);
}

TEST_CASE("blocks of another size do not overlap those that are there") {
  const Place place;
  std::set<int> ports;
  for (const auto& [name, size] :
       {std::pair("a", 10), std::pair("b", 3), std::pair("c", 25), std::pair("d", 1)}) {
    const int first = place.lease(name, {kRange.base, size});
    for (int port = first; port < first + size; ++port)
      CHECK(ports.insert(port).second);
  }
  // Its own is no longer what is asked for.
  CHECK(place.lease("b", {kRange.base, 30}) != place.lease("c", {kRange.base, 25}));
}

TEST_CASE("when none is left that is said") {
  const Place place;
  const PortRange last{32'748, 10};
  (void)place.lease("a", last);
  (void)place.lease("b", last);
  const Result<int> none = lease_ports(place.list, last, place.worktree("c"));
  REQUIRE_FALSE(none);
  CHECK(none.error().fault == Fault::Full);
}

TEST_CASE("a list that somebody has spoilt costs nothing but the blocks in it") {
  const Place place;
  fs::create_directories(place.list.parent_path());
  const std::string good = "28200 10 " + place.worktree("good").string() + "\n";
  REQUIRE(write_file(
      place.list, "x\n-5 10 /\n99999 10 /\n28100\n28100 ten /\n2147483647 2147483647 /\n" + good));
  const int first = place.lease("a");
  CHECK(first >= kRange.base);
  CHECK(place.lease("good") == 28'200);
}

TEST_CASE("several programs at once never give the same block twice") {
  const Place place;
  constexpr int kPrograms = 8;
  std::vector<int> firsts(kPrograms);
  std::vector<std::thread> programs;
  for (int i = 0; i < kPrograms; ++i)
    (void)place.worktree("w" + std::to_string(i));
  for (int i = 0; i < kPrograms; ++i) {
    programs.emplace_back([&, i] {
      firsts[static_cast<std::size_t>(i)] =
          lease_ports(place.list, kRange, place.folder / ("w" + std::to_string(i))).value_or(0);
    });
  }
  for (std::thread& program : programs)
    program.join();
  CHECK(std::set<int>(firsts.begin(), firsts.end()).size() == kPrograms);
  CHECK(std::ranges::find(firsts, 0) == firsts.end());
}
