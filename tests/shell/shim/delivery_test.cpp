// Texts get to a living agent once, whatever else happens in its pane.
#include "orch/attempt/delivery.hpp"

#include "catch.hpp"
#include "pane.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

namespace {

const std::string kId = "00112233445566778899aabbccddeeff";
const std::string kPaste = "\x1b[200~";
const std::string kPasteEnd = "\x1b[201~";

/// An agent that writes down every byte it reads.
const std::string kRecorder = "stty raw -echo; printf '\\033[?2004hready'; cat > got";

void put(const Folder& folder, std::string_view text, const std::string& id = kId) {
  REQUIRE(make_folders(folder / kDeliveriesFolder, 0700));
  REQUIRE(write_file(delivery_text(folder.path(), id), text, 0600));
}

std::string pasted_order(const std::string& id = kId) {
  return kPaste + delivery_order(id) + kPasteEnd;
}

bool answered(const Folder& folder, DeliveryAnswer answer, const std::string& id = kId) {
  return eventually([&] {
    const auto now = read_answer(folder.path(), id);
    return now && *now == answer;
  });
}

/// It is that, and nothing comes after it. That can only be watched for a while.
bool stays(const Folder& folder, const std::string& expected) {
  if (!eventually([&] { return folder.text("got") == expected; })) return false;
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  return folder.text("got") == expected;
}

/// Where a supervisor would listen.
class Listener {
 public:
  explicit Listener(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(path.native(), std::begin(address.sun_path));
    REQUIRE(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(fd_.get(), 8) == 0);
  }

  /// The next line; "nothing" if none comes in that time.
  std::string hears(std::chrono::milliseconds time = std::chrono::seconds(20)) const {
    pollfd ready{fd_.get(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(time.count())) != 1) return "nothing";
    const Fd peer(::accept(fd_.get(), nullptr, nullptr));
    std::array<char, 100> line{};
    const ssize_t got = ::read(peer.get(), line.data(), line.size());
    return {line.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }

 private:
  Fd fd_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

std::string lines(int count, std::string_view end) {
  std::string text;
  for (int line = 0; line < count; ++line)
    text += fmt::format("{}line {} of a long text, forty bytes.", line == 0 ? "" : end, line);
  return text;
}

}  // namespace

TEST_CASE("a delivery reaches the agent exactly once") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, kRecorder)));
  put(folder, "one\ntwo\x1b[201~\x03\n");
  const std::string expected = kPaste + "one\rtwo[201~" + kPasteEnd + "\r";
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));

  SECTION("ordered once") {
    pane.type(pasted_order());
  }
  SECTION("ordered twenty times, with and without signs") {
    for (int i = 0; i < 20; ++i) {
      pane.type(i % 2 == 0 ? pasted_order() : delivery_order(kId));
      std::this_thread::sleep_for(std::chrono::milliseconds(i * 5));
    }
  }
  SECTION("ordered byte by byte") {
    for (const char byte : pasted_order()) {
      pane.type(std::string_view(&byte, 1));
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  CHECK(answered(folder, DeliveryAnswer::Passed));
  CHECK(stays(folder, expected));
  CHECK(std::filesystem::exists(delivery_record(folder.path(), kId)));
  CHECK_FALSE(folder.has("typed"));
}

TEST_CASE("keys that are pressed during a delivery come after it, complete and in order") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, kRecorder)));
  put(folder, "text");
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));

  pane.type(pasted_order());
  std::string keys;
  for (int i = 0; i < 40; ++i) {
    const std::string key = i % 5 == 0 ? "\x1b[A" : i % 7 == 0 ? "\x1b" : fmt::format("{}", i);
    pane.type(key);
    keys += key;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  CHECK(answered(folder, DeliveryAnswer::Passed));
  CHECK(stays(folder, kPaste + "text" + kPasteEnd + "\r" + keys));
  CHECK(folder.has("typed"));
  pane.type(pasted_order(std::string(32, 'e')));
  CHECK(answered(folder, DeliveryAnswer::Typing, std::string(32, 'e')));
}

TEST_CASE("a draft and an unknown text are left alone") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, kRecorder)));
  put(folder, "text");
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  const std::string unknown(32, 'e');
  pane.type(pasted_order(unknown));
  CHECK(answered(folder, DeliveryAnswer::Missing, unknown));
  pane.type("dra" + pasted_order() + "ft");
  CHECK(answered(folder, DeliveryAnswer::Typing));
  CHECK(stays(folder, "draft"));
  CHECK_FALSE(std::filesystem::exists(delivery_record(folder.path(), kId)));
}

TEST_CASE("a long text is complete at an agent that reads slowly") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder,
                                           "stty raw -echo; printf ready; "
                                           "while head -c 500 >> got; do sleep 0.01; done")));
  put(folder, lines(3000, "\n"));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  pane.type(pasted_order());
  pane.type(std::string(1000, 'x'));  // so that the last piece of 500 is full
  CHECK(answered(folder, DeliveryAnswer::Passed));
  const std::string expected = lines(3000, "\r") + "\r" + std::string(1000, 'x');
  CHECK(eventually([&] { return folder.text("got").size() >= expected.size() - 500; }));
  CHECK(expected.starts_with(folder.text("got")));
}

TEST_CASE("a program that reads lines gets lines, if its terminal can hold them") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "stty -echo; printf ready; cat > got")));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  SECTION("many") {
    put(folder, lines(500, "\n") + "\n");
    pane.type(pasted_order());
    CHECK(answered(folder, DeliveryAnswer::Passed));
    CHECK(stays(folder, lines(500, "\n") + "\n"));
  }
  SECTION("the longest") {
    put(folder, "short\n" + std::string(4095, 'x'));
    pane.type(pasted_order());
    CHECK(answered(folder, DeliveryAnswer::Passed));
    CHECK(stays(folder, "short\n" + std::string(4095, 'x') + "\n"));
  }
  SECTION("one byte more") {
    put(folder, "short\n" + std::string(4096, 'x'));
    pane.type(pasted_order());
    CHECK(answered(folder, DeliveryAnswer::Missing));
    CHECK(stays(folder, ""));
  }
}

TEST_CASE("a shim that is killed in a delivery leaves a record of it from before the first byte") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, kRecorder)));
  put(folder, "text");
  const auto [point, got] =
      GENERATE(table<std::string, std::string>({{"shim.delivery.recorded", ""},
                                                {"shim.delivery.typed", "text"},
                                                {"shim.delivery.answered", "text\r"}}));
  Pane pane(folder, {{"TMUX_ORCH_FAILPOINT", point}});
  REQUIRE(pane.shows("ready"));
  pane.type(pasted_order());
  CHECK(pane.finish().signal == SIGKILL);
  CHECK(std::filesystem::exists(delivery_record(folder.path(), kId)));
  CHECK(read_answer(folder.path(), kId).has_value() == (point == "shim.delivery.answered"));
  CHECK(folder.text("got").size() <= kPaste.size() + got.size() + kPasteEnd.size());
}

TEST_CASE("keys are not delayed, and a lone Escape only a little") {
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, kRecorder)));
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  std::string expected;
  for (const std::string key : {"\x1b", "[", "a", "\x1b", "\x1b[200~", "\x1b_tm"}) {
    pane.type(key);
    expected += key;
    CHECK(eventually([&] { return folder.text("got") == expected; }));
  }
}

TEST_CASE("the supervisor is told of an answer, and when a person begins to type") {
  const Folder folder;
  const Listener supervisor(folder / "notify");
  auto spec = script(folder, kRecorder);
  spec.socket = folder / "notify";
  REQUIRE(write_spec(folder.path(), spec));
  put(folder, "text");
  Pane pane(folder);
  REQUIRE(pane.shows("ready"));
  REQUIRE(supervisor.hears() == "started run/T1/1\n");

  pane.type("\x1b[I\x1b[?1;2c" + pasted_order());
  CHECK(supervisor.hears() == "typed run/T1/1\n");
  CHECK(answered(folder, DeliveryAnswer::Passed));
  CHECK_FALSE(folder.has("typed"));
  pane.type("x");
  CHECK(supervisor.hears() == "typed run/T1/1\n");
  CHECK(folder.has("typed"));
  pane.type("y");
  CHECK(supervisor.hears(std::chrono::milliseconds(300)) == "nothing");
}
