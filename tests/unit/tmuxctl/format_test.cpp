// Rows of tmux's formats, whole and damaged.
#include "tmuxctl/format.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace tmuxctl;

TEST_CASE("ids are a sigil and digits, nothing else") {
  CHECK(is_id('%', "%0"));
  CHECK(is_id('$', "$123"));
  CHECK_FALSE(is_id('%', "@0"));
  CHECK_FALSE(is_id('%', "%"));
  CHECK_FALSE(is_id('%', ""));
  CHECK_FALSE(is_id('%', "%1 ; kill-server"));
  CHECK_FALSE(is_id('@', "@1.2"));
}

TEST_CASE("the template has a field for each value of a row") {
  CHECK(std::ranges::count(pane_format(""), '\t') == 11);
  CHECK(pane_format("").ends_with('\t'));
  CHECK(pane_format("@key").ends_with("\t#{@key}"));
}

TEST_CASE("sessions are read, and which of them show the same windows is known") {
  const auto sessions =
      read_sessions({"$0\t@0\t\tmine", "$1\t@4\trun\trun", "%pause %3", "$2\t@5\trun\ta b"});
  REQUIRE(sessions);
  REQUIRE(sessions->size() == 3);
  CHECK(sessions->at(0).shows("mine"));
  CHECK_FALSE(sessions->at(0).shows("run"));
  CHECK(sessions->at(1).shows("run"));
  CHECK(sessions->at(2).shows("run"));
  CHECK_FALSE(sessions->at(2).shows("a b"));
  CHECK(sessions->at(2).id == SessionId{"$2"});
  CHECK(sessions->at(2).name == "a b");
  CHECK(read_sessions({"run\t\trun"}).error().fault == orch::Fault::Corrupt);
  CHECK(read_sessions({"$1\trun"}).error().fault == orch::Fault::Corrupt);
}

TEST_CASE("clients are read") {
  const auto clients =
      read_clients({"1\t80\t24\t9\t@0\t\trun", "0\t120\t36\t17\t@3\trun\trun-view-7",
                    "\t80\t24\t9\t@0\t\told tmux"});
  REQUIRE(clients);
  REQUIRE(clients->size() == 3);
  CHECK(clients->at(0).control);
  CHECK(clients->at(0).session == "run");
  CHECK_FALSE(clients->at(1).control);
  CHECK(clients->at(1).group == "run");
  CHECK_FALSE(clients->at(2).control);
  CHECK(read_clients({"1\trun"}).error().fault == orch::Fault::Corrupt);
}

TEST_CASE("a row of panes is read") {
  const auto panes = read_panes({"%3\t@2\t5\t812\t1\t1795233768\t120\t7\t49\t1\ta title\tkey"});
  REQUIRE(panes);
  REQUIRE(panes->size() == 1);
  const Pane& pane = panes->front();
  CHECK(pane.pane == PaneId{"%3"});
  CHECK(pane.window == WindowId{"@2"});
  CHECK(pane.index == 5);
  CHECK(pane.pid == 812);
  CHECK(pane.dead);
  CHECK(pane.activity == 1795233768);
  CHECK(pane.history == 120);
  CHECK(pane.cursor_x == 7);
  CHECK(pane.cursor_y == 49);
  CHECK(pane.in_mode);
  CHECK(pane.title == "a title");
  CHECK(pane.option == "key");
}

TEST_CASE("an option may hold tabs and further lines without breaking a row") {
  const auto panes =
      read_panes({"%3\t@2\t5\t812\t0\t1\t0\t0\t0\t0\t\tone\ttwo", "three", "%pause %3"});
  REQUIRE(panes);
  REQUIRE(panes->size() == 1);
  CHECK(panes->front().option == "one\ttwo");
  CHECK(panes->front().title.empty());
  CHECK_FALSE(panes->front().dead);
}

TEST_CASE("a damaged row is an error, not a wrong pane") {
  const std::string good = "%3\t@2\t5\t812\t0\t1\t0\t0\t0\t0\ttitle\t";
  REQUIRE(read_panes({good}));
  for (std::size_t cut = 3; cut < good.size() - 1; ++cut) {
    const auto panes = read_panes({good.substr(0, cut)});
    INFO(cut);
    CHECK_FALSE(panes);
  }
  CHECK_FALSE(read_panes({"3\t@2\t5\t812\t0\t1\t0\t0\t0\t0\ttitle\t"}));
  CHECK_FALSE(read_panes({"%3\t@2\tx\t812\t0\t1\t0\t0\t0\t0\ttitle\t"}));
}

TEST_CASE("the rows of a new window, a screen and the server information are read") {
  const auto opened = read_opened("@4\t%5\t99");
  REQUIRE(opened);
  CHECK(opened->window == WindowId{"@4"});
  CHECK(opened->pane == PaneId{"%5"});
  CHECK(opened->pid == 99);
  CHECK_FALSE(read_opened(""));
  CHECK_FALSE(read_opened("@4\t%5\t"));

  const auto captured = read_screen("200\t50\t1\t2\t33\t1\t0");
  REQUIRE(captured);
  CHECK(captured->screen.width == 200);
  CHECK(captured->screen.height == 50);
  CHECK(captured->screen.cursor_x == 1);
  CHECK(captured->screen.cursor_y == 2);
  CHECK(captured->history == 33);
  CHECK(captured->screen.alternate);
  CHECK_FALSE(captured->screen.in_mode);
  CHECK_FALSE(read_screen("\t\t\t\t\t\t"));

  const auto info = read_server_info("812\t$0\t3.3a");
  REQUIRE(info);
  CHECK(info->pid == 812);
  CHECK(info->session == SessionId{"$0"});
  CHECK(info->version == "3.3a");
  CHECK_FALSE(read_server_info(""));
}
