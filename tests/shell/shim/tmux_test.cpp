// The shim in the panes of a real tmux.
#include "catch.hpp"
#include "orch/attempt/delivery.hpp"
#include "orch/base/process.hpp"
#include "orch/base/text.hpp"
#include "pane.hpp"

#include <charconv>

using namespace orch;
using namespace orch::shim;
using namespace orch::test;

namespace {

/// A tmux server that is gone after the test.
class Tmux {
 public:
  Tmux() {
    ask({"new-session", "-d", "-x", "100", "-y", "30", "sleep", "1000"});
    ask({"set-option", "-g", "remain-on-exit", "on"});
    ask({"set-option", "-g", "history-limit", "5000"});
  }

  ~Tmux() { ask({"kill-server"}); }

  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;

  std::string ask(const std::vector<std::string>& command) const {
    std::vector<std::string> argv{"env",
                                  "-u",
                                  "TMUX",
                                  "HOME=" + folder_.path().native(),
                                  "tmux",
                                  "-S",
                                  folder_ / "socket",
                                  "-f",
                                  "/dev/null"};
    argv.insert(argv.end(), command.begin(), command.end());
    const std::string answer = output_of(argv);
    return std::string(trim(answer));
  }

  /// The pane in which the shim runs.
  std::string open(const Folder& attempt) const {
    return ask({"new-window", "-d", "-P", "-F", "#{pane_id}", ORCH_SHIM, attempt.path()});
  }

  std::string of(const std::string& pane, const std::string& format) const {
    return ask({"display-message", "-p", "-t", pane, format});
  }

 private:
  Folder folder_;
};

}  // namespace

TEST_CASE("in tmux neither the last output nor the exit code is lost") {
  const Tmux tmux;
  for (int round = 0; round < 40; ++round) {
    const Folder folder;
    REQUIRE(
        write_spec(folder.path(), script(folder, "seq 1 1000; printf 'the last line'; exit 9")));

    const std::string pane = tmux.open(folder);

    REQUIRE(eventually([&] { return folder.has("exit"); }));
    CHECK(read_exit(folder.path()).value().outcome.code == 9);
    const std::string screen = tmux.ask({"capture-pane", "-p", "-t", pane});
    CHECK(screen.find("1000\nthe last line") != std::string::npos);
    const AttemptClaim claim = read_claim(folder.path()).value();
    CHECK(claim.pane == pane);
    CHECK(claim.tmux == identify(claim.tmux.pid));
    CHECK(std::to_string(claim.tmux.pid) == tmux.of(pane, "#{pid}"));
    CHECK(std::to_string(claim.shim.pid) == tmux.of(pane, "#{pane_pid}"));
    tmux.ask({"kill-pane", "-t", pane});
  }
}

TEST_CASE("in tmux keys, size and titles go through") {
  const Tmux tmux;
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder,
                                           "printf '\\033]2;my title\\033\\\\'; stty size > size; "
                                           "read line; echo \"$line\" > line; read line")));
  const std::string pane = tmux.open(folder);
  tmux.ask({"send-keys", "-t", pane, "-l", "typed by tmux"});
  tmux.ask({"send-keys", "-t", pane, "Enter"});

  CHECK(eventually([&] { return folder.text("line") == "typed by tmux\n"; }));
  CHECK(folder.text("size") == "30 100\n");
  CHECK(eventually([&] { return tmux.of(pane, "#{pane_title}") == "my title"; }));
  CHECK(tmux.of(pane, "#{pane_current_path}") == folder.path());
}

TEST_CASE("in tmux a killed window or server ends the agent as a hangup") {
  const Tmux tmux;
  const Folder folder;
  REQUIRE(write_spec(folder.path(), script(folder, "trap '' HUP; echo > ready; exec sleep 1000")));
  const std::string pane = tmux.open(folder);
  REQUIRE(eventually([&] { return folder.has("ready"); }));
  const AttemptPids pids = read_pids(folder.path()).value();

  SECTION("window") {
    tmux.ask({"kill-window", "-t", pane});
  }
  SECTION("server") {
    tmux.ask({"kill-server"});
  }
  SECTION("server, by force") {
    signal_process(read_claim(folder.path()).value().tmux, 9);
  }

  REQUIRE(eventually([&] { return folder.has("exit"); }));
  CHECK(read_exit(folder.path()).value().outcome.ending == EndKind::Hangup);
  CHECK_FALSE(is_alive(pids.agent));
  CHECK(ends(pids.shim));
}

TEST_CASE("in tmux an order can be pasted, again and again, and among keys") {
  const Tmux tmux;
  const Folder folder;
  const bool bracketed = GENERATE(true, false);
  const std::string mode = bracketed ? "printf '\\033[?2004h'; " : "";
  REQUIRE(write_spec(folder.path(),
                     script(folder, "stty raw -echo; " + mode + "echo > ready; cat > got")));
  const std::string id(32, '7');
  REQUIRE(make_folders(folder / kDeliveriesFolder, 0700));
  REQUIRE(write_file(delivery_text(folder.path(), id), "one\ntwo\n", 0600));
  REQUIRE(write_file(folder / "order", delivery_order(id), 0600));
  const std::string pane = tmux.open(folder);
  REQUIRE(eventually([&] { return folder.has("ready"); }));

  const std::string guarded = fmt::format("paste-buffer -p -t {}", pane);
  tmux.ask({"load-buffer", folder / "order"});
  for (int i = 0; i < 20; ++i) {
    tmux.ask({"if-shell", "-F", "-t", pane, "#{pane_dead}", "", guarded});
    tmux.ask({"send-keys", "-t", pane, "-l", fmt::format("key {},", i)});
    tmux.ask({"send-keys", "-t", pane, "Escape"});
  }

  std::string expected = bracketed ? "\x1b[200~one\rtwo\x1b[201~\r" : "one\rtwo\r";
  for (int i = 0; i < 20; ++i)
    expected += fmt::format("key {},\x1b", i);
  CHECK(eventually([&] { return folder.text("got") == expected; }));
  const auto answer = read_answer(folder.path(), id);
  REQUIRE(answer);
  CHECK(*answer == DeliveryAnswer::Passed);
}
