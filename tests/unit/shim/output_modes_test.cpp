// The modes that an agent sets are known from its output.
#include "shim/output_modes.hpp"

#include "catch.hpp"

#include <string>

using namespace orch::shim;

TEST_CASE("an agent switches bracketed pastes on and off, alone or with others, in any pieces") {
  struct Case {
    std::string output;
    bool bracketed;
  };

  const Case one =
      GENERATE(Case{"\x1b[?2004h", true}, Case{"text\x1b[?1049;2004hmore", true},
               Case{"\x1b[?2004;1h", true}, Case{"\x1b[?2004h\x1b[?2004l", false},
               Case{"\x1b[?2004h\x1b[?25;2004l", false},
               Case{"\x1b[?2004h\x1b"
                    "c",
                    false},
               Case{"\x1b[2004h", false}, Case{"\x1b[?12004h", false}, Case{"\x1b[?20041h", false},
               Case{"\x1b[?2004$p", false}, Case{"\x1b[?20\x1b[?2004h", true},
               Case{"\x1b]0;title\x1b[?2004h", true}, Case{"[?2004h", false},
               Case{"\x1b[?2004h\x1b[m\x1b[?25h", true});
  for (std::size_t cut = 0; cut <= one.output.size(); ++cut) {
    OutputModes modes;
    modes.read(one.output.substr(0, cut));
    modes.read(one.output.substr(cut));
    INFO(one.output.substr(1) << " cut at " << cut);
    CHECK(modes.bracketed_paste() == one.bracketed);
  }
}

TEST_CASE("a sequence of any length is no trouble") {
  OutputModes modes;
  modes.read("\x1b[?" + std::string(100'000, ';') + "2004h\x1b[?1005h");
  CHECK_FALSE(modes.bracketed_paste());
  CHECK(modes.utf8_mouse());
}
