// The command lines that show a session.
#include "tmuxctl/view.hpp"

#include "catch.hpp"
#include "orch/base/text.hpp"

using namespace tmuxctl;

namespace {

std::string shown(Around around, std::string window = "@3") {
  const ViewSpec spec{"run", "run-view-1", std::move(window), "title"};
  return orch::join(view_command(Address::named("s"), spec, around), " ");
}

}  // namespace

TEST_CASE("a view is a session of its own in the group, and ends when it is left") {
  CHECK(shown(Around::Nothing) ==
        "tmux -u -L s new-session -t run -s run-view-1 -f ignore-size "
        "; set-option destroy-unattached on ; select-window -t run-view-1:@3");
  CHECK(shown(Around::Nothing, "").ends_with("; set-option destroy-unattached on"));
}

TEST_CASE("a view has its options before anybody can press a key in it") {
  const ViewSpec spec{"run", "run-view-1", "", "title", {{"@a", "b c"}}};
  const auto words = view_command(Address::named("s"), spec, Around::Nothing);
  CHECK(std::vector(words.end() - 6, words.end()) ==
        std::vector<std::string>{";", "set-option", "-t", "run-view-1", "@a", "b c"});
}

TEST_CASE("a client of the same server is switched to it") {
  CHECK(shown(Around::SameTmux) ==
        "tmux -u -L s new-session -t run -s run-view-1 -d "
        "; set-option -t run-view-1 destroy-unattached on ; select-window -t run-view-1:@3 "
        "; switch-client -t run-view-1");
}

TEST_CASE("another tmux opens a window for it, and its own parser leaves the commands alone") {
  CHECK(shown(Around::OtherTmux) ==
        "tmux new-window -n title env -u TMUX tmux -u -L s new-session -t run -s run-view-1 "
        "-f ignore-size \\; set-option destroy-unattached on \\; select-window -t run-view-1:@3 "
        "\\; set-option prefix None");
}
