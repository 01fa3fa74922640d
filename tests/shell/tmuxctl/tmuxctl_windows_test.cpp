// Windows, panes, options and screens on a real server.
#include "fixture.hpp"
#include "tmuxctl/once.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

using namespace tmuxctl;
using namespace tmuxctl::test;

namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("twenty windows are opened at once, listed, marked and killed") {
  Fixture fixture;
  fixture.start();
  std::vector<Result<Opened>> opened;
  for (int i = 0; i < 20; ++i) {
    WindowSpec spec = fixture.window("w" + std::to_string(i));
    spec.options = {{"@key", "key " + std::to_string(i)}};
    orch::loop::spawn<Result<Opened>>(
        fixture.server->open_window(std::move(spec)),
        [&](Result<Opened> window) { opened.push_back(std::move(window)); });
  }
  run_until(fixture.loop, [&] { return opened.size() == 20; });

  std::set<std::string> ids;
  for (const auto& window : opened) {
    REQUIRE(window);
    ids.insert(window->pane.value);
  }
  CHECK(ids.size() == 20);

  const std::vector<Pane> panes = fixture.panes("@key");
  REQUIRE(panes.size() == 21);
  for (std::size_t i = 0; i < 20; ++i) {
    const Pane& pane = panes[i + 1];
    CHECK(pane.pane == opened[i]->pane);
    CHECK(pane.window == opened[i]->window);
    CHECK(pane.pid == opened[i]->pid);
    CHECK(pane.option == "key " + std::to_string(i));
    CHECK_FALSE(pane.dead);
    CHECK(pane.activity > 0);
  }

  std::vector<Option> options;
  for (const auto& window : opened)
    options.push_back({window->window.value, "@state", "busy; #{pid} \"$HOME\""});
  CHECK(fixture.await(fixture.server->set_options(options)));
  for (const Pane& pane : fixture.panes("@state"))
    CHECK(pane.option == (pane.index == 0 ? "" : "busy; #{pid} \"$HOME\""));

  for (const auto& window : opened)
    CHECK(fixture.await(fixture.server->kill_window(window->window)));
  CHECK(fixture.panes().size() == 1);
  const Status again = fixture.await(fixture.server->kill_window(opened[0]->window));
  REQUIRE_FALSE(again);
  CHECK(again.error().fault == Fault::NotFound);
}

TEST_CASE("a window goes on with another program, also while its own one lives") {
  Fixture fixture;
  fixture.start();
  const auto opened =
      fixture.await(fixture.server->open_window(fixture.window("shown", {"sleep", "1000"})));
  REQUIRE(opened);
  const std::vector<std::string> other = {"sleep", "2000"};
  CHECK(fixture.await(fixture.server->respawn_window(opened->window, other)));
  const std::vector<Pane> panes = fixture.panes();
  REQUIRE(panes.size() == 2);
  CHECK(panes[1].window == opened->window);
  CHECK(panes[1].pid != opened->pid);
  CHECK_FALSE(panes[1].dead);
  const Status nowhere = fixture.await(fixture.server->respawn_window(WindowId{"@999"}, other));
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().fault == Fault::NotFound);
}

TEST_CASE("what an option of a session says can be asked for") {
  Fixture fixture;
  fixture.start();
  const SessionId session = fixture.server->session();
  CHECK(fixture.await(fixture.server->session_option(session, "@run")).value().empty());
  const std::vector<Option> options = {{session.value, "@run", "one #{pid} \"$HOME\""}};
  CHECK(fixture.await(fixture.server->set_options(options)));
  CHECK(fixture.await(fixture.server->session_option(session, "@run")) == "one #{pid} \"$HOME\"");
  CHECK_FALSE(fixture.await(fixture.server->session_option(SessionId{"x"}, "@run")));
}

TEST_CASE("a window has its size, its options and its name from the first moment") {
  Fixture fixture;
  fixture.start();
  WindowSpec spec = fixture.window("shown", {"sh", "-c", "exit 3"});
  spec.width = 91;
  spec.height = 17;
  const auto opened = fixture.await(fixture.server->open_window(std::move(spec)));
  REQUIRE(opened);
  const std::string target = opened->window.value;
  CHECK(fixture.tmux.show("#{window_width}x#{window_height} #W #{window-size} #{remain-on-exit} "
                          "#{automatic-rename} #{allow-rename} [#{remain-on-exit-format}]",
                          target) == "91x17 shown manual on 0 0 []");
  fixture.wait_until_dead();
}

TEST_CASE("names of windows are shown as they are and nothing in them is executed") {
  Fixture fixture;
  fixture.start();
  const std::string trap = (fixture.tmux.folder() / "trap").string();
  const std::vector<std::string> names = {
      "#(touch " + trap + ")",
      "#{pid} #W #S ##{x} ####",
      "a ; kill-server",
      "ends in ;",
      ";",
      "\" ; kill-server ; \"",
      "'$ HOME' ~ $1 `id` $(touch " + trap + ")",
      "%H:%M %% %",
      "-d",
      "--",
      "{ kill-server }",
      "} x",
      "# comment",
      "naïve 修理 🙂🚀",
      std::string(300, 'x'),
      "@1",
      "=run",
      "  blanks  ",
  };
  for (const std::string& name : names) {
    INFO(name);
    const Opened opened = fixture.open(name);
    CHECK(fixture.tmux.show("#{window_name}", opened.window.value) == name);
    CHECK(fixture.await(fixture.server->kill_window(opened.window)));
  }
  CHECK(fixture.panes().size() == 1);
  CHECK_FALSE(std::filesystem::exists(trap));
}

TEST_CASE("names that tmux must change are changed and do no harm") {
  Fixture fixture;
  fixture.start();
  for (const std::string& name :
       {std::string("two\nlines\r\t\x01\x1b[31m"), std::string("\xff\xfe"),
        std::string("#[fg=red]x"), std::string("\\ $HOME ${PATH}"), std::string()}) {
    const Opened opened = fixture.open(name);
    const std::string shown = fixture.tmux.show("#{window_name}", opened.window.value);
    CHECK(shown.find('\n') == std::string::npos);
    CHECK(shown.find("/") == std::string::npos);
    CHECK(fixture.await(fixture.server->kill_window(opened.window)));
  }
  CHECK(fixture.panes().size() == 1);
}

TEST_CASE("three hundred random texts reach tmux unchanged") {
  Fixture fixture;
  fixture.start();
  static constexpr std::string_view kSpecial = "\"'\\$~#;{}%\n\r\t \x7f\xff\x01nrtu012-";
  std::mt19937 random(7);
  std::vector<std::string> texts;
  int refused = 0;
  const std::filesystem::path folder = fixture.tmux.folder();
  for (int i = 0; i < 300; ++i) {
    std::string text;
    const std::size_t length = 1 + random() % 60;
    while (text.size() < length)
      text += random() % 2 == 0 ? kSpecial[random() % kSpecial.size()]
                                : static_cast<char>(1 + random() % 255);
    texts.push_back(text);
    const auto check = [&](const Result<Reply>& reply) { refused += reply ? 0 : 1; };
    fixture.server->send(Line{"set-buffer -b text -- " + quote(text)}, check);
    const std::string file = (folder / std::to_string(i)).string();
    fixture.server->send(Line{"save-buffer -b text " + quote(literal(file))}, check);
  }
  REQUIRE(fixture.ask(Line{"display-message -p done"}));
  CHECK(refused == 0);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    INFO("seed 7, text " << i << ": " << quote(texts[i]));
    CHECK(file_text(folder / std::to_string(i)) == texts[i]);
  }
}

TEST_CASE("the program gets its words, environment and folder exactly") {
  Fixture fixture;
  const orch::test::Setenv columns("COLUMNS", "77");
  const orch::test::Setenv lines("LINES", "33");
  const orch::test::Setenv secret("TMUXCTL_SECRET", "leaked");
  rlimit limit{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = 300;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  StartSpec start = Fixture::spec();
  start.unset = {"TMUXCTL_SECRET"};
  start.env = {{"TMUXCTL_SESSION", "of all;"}};
  REQUIRE(fixture.await(fixture.server->start(start)));

  const std::filesystem::path script = fixture.tmux.folder() / "show";
  const std::filesystem::path folder = fixture.tmux.folder() / "a #{pid} #(x) ;";
  const std::filesystem::path out = fixture.tmux.folder() / "out";
  std::filesystem::create_directory(folder);
  std::ofstream(script) << "#!/bin/sh\n"
                           "{ for word; do printf '[%s]' \"$word\"; done; echo\n"
                           "pwd; echo \"$VALUE|$TMUXCTL_SESSION|$TMUXCTL_SECRET|$COLUMNS|$LINES\"\n"
                           "ulimit -Sn; echo end; } > \"$OUT.part\"; mv \"$OUT.part\" \"$OUT\"\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);

  WindowSpec spec = fixture.window(
      "x", {script.string(), "$HOME", "", "*", "a;", "#{pid}", "\"'\\", "-x", "two words", "\n"});
  spec.cwd = folder.string();
  spec.env = {{"OUT", out.string()}, {"VALUE", "a 'b' \"c\" $HOME ; #{pid} \\"}};
  REQUIRE(fixture.await(fixture.server->open_window(spec)));
  run_until(fixture.loop, [&] { return std::filesystem::exists(out); });

  std::istringstream text(file_text(out));
  std::string line;
  std::getline(text, line);
  CHECK(line == "[$HOME][][*][a;][#{pid}][\"'\\][-x][two words][");
  std::getline(text, line);
  CHECK(line == "]");
  std::getline(text, line);
  CHECK(line == folder.string());
  std::getline(text, line);
  CHECK(line == "a 'b' \"c\" $HOME ; #{pid} \\|of all;|||");
  rlim_t descriptors = 0;
  text >> descriptors;
  CHECK(descriptors == std::min<rlim_t>(65536, limit.rlim_max));
}

TEST_CASE("a program of two words is not given to a shell, one of one word is refused") {
  Fixture fixture;
  fixture.start();
  const std::filesystem::path script = fixture.tmux.folder() / "$HOME;x y";
  std::ofstream(script) << "#!/bin/sh\necho \"first: $1\"; sleep 1000\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  const Opened opened = fixture.open("exact", {script.string(), "`id`"});
  CHECK(fixture.screen_with(opened.pane, "first").rows[0] == "first: `id`");

  const auto one =
      fixture.await(fixture.server->open_window(fixture.window("one", {"sleep 1000"})));
  REQUIRE_FALSE(one);
  CHECK(one.error().fault == Fault::BadInput);
  WindowSpec lost = fixture.window("lost");
  lost.cwd = "/no/such/folder";
  const auto missing = fixture.await(fixture.server->open_window(lost));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().fault == Fault::NotFound);
  CHECK(fixture.panes().size() == 2);
}

TEST_CASE("a window that cannot be set up is removed again") {
  Fixture fixture;
  fixture.start();
  WindowSpec spec = fixture.window("half");
  spec.width = 0;
  const auto opened = fixture.await(fixture.server->open_window(spec));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().what.starts_with("cannot open window 'half': tmux: "));
  CHECK(fixture.panes().size() == 1);
}

TEST_CASE("a screen full of guard lines is read row by row") {
  Fixture fixture;
  fixture.start();
  const std::string rows =
      "%%end 1 2 1\\n%%error 1 2 1\\n%%begin 1 2 1\\n%%exit\\n%%output %%1 x\\n%%pause "
      "%%1\\nlast\\n";
  const Opened opened = fixture.open("liar", {"sh", "-c", "printf '" + rows + "'; sleep 1000"});
  for (int i = 0; i < 50; ++i) {
    const Screen screen = fixture.screen_with(opened.pane, "last");
    REQUIRE(screen.rows.size() == 50);
    CHECK(screen.rows[0] == "%end 1 2 1");
    CHECK(screen.rows[6] == "last");
    CHECK(screen.rows[49].empty());
    CHECK(screen.width == 200);
    CHECK(screen.height == 50);
    CHECK(screen.cursor_y == 7);
  }
  CHECK(fixture.losses.empty());
}

// tmux numbers its commands one by one, so a program can guess the guard of a later capture.
TEST_CASE("a program that guesses the guards cannot cut its screen short") {
  Fixture fixture;
  fixture.start();
  const std::string attack =
      "import time,sys\n"
      "while True:\n"
      "  now=int(time.time())\n"
      "  for base in range(0, 4000, 24):\n"
      "    rows=['%%end %d %d 1' % (now, base+i) for i in range(24)]\n"
      "    rows+=['%%end %d %d 1' % (now+1, base+i) for i in range(24)]\n"
      "    sys.stdout.write('\\033[H' + '\\r\\n'.join(rows)); sys.stdout.flush()\n";
  const Opened opened = fixture.open("prophet", {"python3", "-c", attack});
  fixture.screen_with(opened.pane, "%end");
  int captures = 0;
  bool bad = false;
  for (int i = 0; i < 600; ++i) {
    orch::loop::spawn<Result<Screen>>(fixture.server->capture(opened.pane), [&](Result<Screen> s) {
      ++captures;
      if (!s || s->rows.size() != 50) bad = true;
    });
  }
  run_until(fixture.loop, [&] { return captures == 600; });
  CHECK_FALSE(bad);
  CHECK(fixture.losses.empty());
}

TEST_CASE("history and colours are captured when asked for") {
  Fixture fixture;
  fixture.start();
  const Opened opened = fixture.open(
      "long", {"sh", "-c", "seq 1 100; printf '\\033[31mred\\033[0m\\nend\\n'; sleep 1000"});
  fixture.screen_with(opened.pane, "end");
  const auto some = fixture.await(fixture.server->capture(opened.pane, {.history = 10}));
  REQUIRE(some);
  CHECK(some->rows.size() == 60);
  const auto all = fixture.await(fixture.server->capture(opened.pane, {.history = 9999}));
  REQUIRE(all);
  CHECK(all->rows[0] == "1");
  CHECK(all->rows[99] == "100");
  const auto red = fixture.await(fixture.server->capture(opened.pane, {.colours = true}));
  REQUIRE(red);
  CHECK(std::ranges::any_of(red->rows, [](const std::string& row) {
    return row.find("\033[31mred") != std::string::npos;
  }));
}

TEST_CASE("the alternate screen, dead panes and missing panes are captured or told") {
  Fixture fixture;
  fixture.start();
  const Opened full =
      fixture.open("full", {"sh", "-c", "seq 1 100; printf '\\033[?1049h\\033[Hfull'; sleep 1000"});
  const Screen screen = fixture.screen_with(full.pane, "full");
  CHECK(screen.alternate);
  CHECK(screen.rows.size() == 50);
  CHECK(fixture.await(fixture.server->capture(full.pane, {.history = 5})));

  const Opened dead = fixture.open("dead", {"sh", "-c", "echo bye; sleep 0.1"});
  fixture.wait_until_dead();
  const auto last = fixture.await(fixture.server->capture(dead.pane));
  REQUIRE(last);
  CHECK(last->rows[0] == "bye");
  CHECK(last->rows.size() == 50);

  CHECK(fixture.await(fixture.server->kill_window(dead.window)));
  const auto gone = fixture.await(fixture.server->capture(dead.pane));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().fault == Fault::NotFound);
  CHECK_FALSE(fixture.await(fixture.server->capture({"%1 ; kill-server"})));
}

TEST_CASE("a file is pasted once into a living pane and never into a dead one") {
  Fixture fixture;
  fixture.start();
  const std::filesystem::path file = fixture.tmux.folder() / "prompt #{pid} #(x) ;.txt";
  std::ofstream(file) << "words of; a \"prompt\" #{pid}";
  const Opened live = fixture.open("live", {"sh", "-c", "cat"});
  const Opened dead = fixture.open("dead", {"sh", "-c", "true"});
  fixture.wait_until_dead();

  REQUIRE(fixture.await(fixture.server->load_buffer("b1", file.string())));
  CHECK(fixture.await(fixture.server->has_buffer("b1")).value());
  const Status refused = fixture.await(fixture.server->paste(dead.pane, "b1"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().fault == Fault::Refused);
  CHECK(fixture.await(fixture.server->has_buffer("b1")).value());

  REQUIRE(fixture.await(fixture.server->paste(live.pane, "b1")));
  CHECK_FALSE(fixture.await(fixture.server->has_buffer("b1")).value());
  REQUIRE(fixture.await(fixture.server->press(live.pane, "Enter")));
  const Screen screen = fixture.screen_with(live.pane, "words of; a \"prompt\" #{pid}");
  CHECK_FALSE(fixture.await(fixture.server->paste(live.pane, "b1")));

  const Status unread = fixture.await(fixture.server->load_buffer("b2", "/no/such/file"));
  REQUIRE_FALSE(unread);
  CHECK(unread.error().fault == Fault::Io);

  REQUIRE(fixture.await(fixture.server->load_buffer("b1", file.string())));
  const Status gone = fixture.await(fixture.server->paste({"%999"}, "b1"));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().fault == Fault::NotFound);
}

TEST_CASE("copy mode is seen and left") {
  Fixture fixture;
  fixture.start();
  const Opened opened = fixture.open("x", {"sh", "-c", "cat"});
  REQUIRE(fixture.ask(Line{"copy-mode -t " + opened.pane.value}));
  CHECK(fixture.panes().back().in_mode);
  CHECK(fixture.await(fixture.server->leave_mode(opened.pane)));
  CHECK(fixture.await(fixture.server->leave_mode(opened.pane)));
  CHECK_FALSE(fixture.panes().back().in_mode);
}

TEST_CASE("a title cannot break a row") {
  Fixture fixture;
  fixture.start();
  const Opened opened = fixture.open(
      "t", {"sh", "-c", "printf '\\033]2;a\\tb\\nc #{pid} \\342\\230\\203\\007go\\n'; sleep 1000"});
  fixture.screen_with(opened.pane, "go");
  const std::vector<Pane> panes = fixture.panes();
  REQUIRE(panes.size() == 2);
  CHECK(panes.back().pane == opened.pane);
  CHECK(panes.back().title.find("#{pid} \xe2\x98\x83") != std::string::npos);
}

TEST_CASE("sessions are found by their exact name") {
  Fixture fixture;
  fixture.start();
  CHECK(fixture.await(fixture.server->has_session("run")).value());
  CHECK_FALSE(fixture.await(fixture.server->has_session("ru")).value());
}

TEST_CASE("sessions, their windows and clients are listed, by the connection and without it") {
  Fixture fixture;
  fixture.start();
  const Opened opened = fixture.open("x");
  REQUIRE(fixture.ask(Line{"new-session -d -t run -s view"}));
  REQUIRE(fixture.ask(Line{"new-session -d -s 'other one' 'sleep 1000'"}));
  const auto sessions = fixture.await(fixture.server->list_sessions());
  REQUIRE(sessions);
  const auto once = fixture.await(list_sessions(fixture.children, fixture.server->address()));
  REQUIRE(once);
  for (const std::vector<Session>& list : {*sessions, *once}) {
    REQUIRE(list.size() == 3);
    std::vector<std::string> shown;
    for (const Session& session : list) {
      if (session.shows("run")) shown.push_back(session.name);
    }
    CHECK(shown == std::vector<std::string>{"run", "view"});
    CHECK(list.front().group.empty());
    CHECK(list.front().name == "other one");
  }
  const auto clients = fixture.await(fixture.server->list_clients());
  REQUIRE(clients);
  REQUIRE(clients->size() == 1);
  CHECK(clients->front().control);
  CHECK(clients->front().session == "run");
  CHECK(clients->front().group == "run");

  CHECK(fixture.await(kill_session(fixture.children, fixture.server->address(), once->back().id)));
  CHECK_FALSE(fixture.await(fixture.server->has_session("view")).value());
  REQUIRE(fixture.ask(Line{"set-option -t '=run:' @word 'a b'"}));
  CHECK(fixture.await(session_option(fixture.children, fixture.server->address(), "run", "@word"))
            .value() == "a b");
  CHECK_FALSE(
      fixture.await(session_option(fixture.children, fixture.server->address(), "ru", "@word")));
}

TEST_CASE("tmux's refusals come back in its own words") {
  Fixture fixture;
  fixture.start();
  const auto unknown = fixture.ask(Line{"no-such-command"});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().fault == Fault::BadInput);
  CHECK(unknown.error().what == "tmux: parse error: unknown command: no-such-command");
  CHECK_FALSE(may_have_run(unknown.error()));
  const auto lines = fixture.ask(Line{"display-message -p x\nkill-server"});
  REQUIRE_FALSE(lines);
  CHECK(lines.error().fault == Fault::BadInput);
  const auto first_of_two = fixture.ask(Line{"kill-window -t @99 ; display-message -p x", 2});
  REQUIRE_FALSE(first_of_two);
  const auto next = fixture.ask(Line{"display-message -p in-step"});
  REQUIRE(next);
  CHECK(next->first() == "in-step");
  CHECK(fixture.losses.empty());
}
