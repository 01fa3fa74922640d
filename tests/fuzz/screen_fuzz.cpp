// Feeds any bytes to the reading of screens: an answer by a rule of the profile, on rows that are
// there, and the same answer again.
#include "agents/screen/classify.hpp"
#include "agents/screen/fingerprint.hpp"
#include "config/layers.hpp"
#include "promise.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace orch;

namespace {

std::vector<ScreenRules> all_rules() {
  std::vector<ScreenRules> all(1);
  for (const auto& [name, profile] : parse_config({}, {}, {}).config.agents) {
    Result<ScreenRules> rules = ScreenRules::compile(profile.screen);
    fuzz::require(rules.has_value(), "the rules of a built-in agent compile");
    all.push_back(std::move(*rules));
  }
  return all;
}

void check_reading(const ScreenReading& reading, const Screen& screen) {
  const bool decided = reading.state != ScreenState::Unknown;
  fuzz::require(decided != reading.rule.empty(), "a state has a rule, and unknown has none");
  for (const ScreenRow& row : reading.rows) {
    const bool in_title = row.row == -1 && row.text == screen.title;
    const bool on_screen = row.row >= 0 && static_cast<std::size_t>(row.row) < screen.rows.size();
    fuzz::require(in_title || on_screen, "a row that decided is on the screen");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::vector<ScreenRules> rules = all_rules();
  const std::string_view text = fuzz::text_of(bytes, size);
  Screen screen = screen_of(text);
  screen.dead = size > 0 && bytes[0] == 0xFF;
  screen.title = plain_row(text.substr(0, text.find('\n')));
  for (const std::string& row : screen.rows) {
    fuzz::require(row.find('\x1b') == std::string::npos, "no escape is left in a row");
    fuzz::require(plain_row(row) == row, "a plain row stays as it is");
  }
  const ScreenRules& chosen = rules[size == 0 ? 0 : bytes[0] % rules.size()];
  const ScreenReading reading = chosen.classify(screen);
  check_reading(reading, screen);
  fuzz::require(chosen.classify(screen).rule == reading.rule, "a screen is read the same again");
  Screen spaced = screen;
  spaced.rows.insert(spaced.rows.begin(), "  ");
  fuzz::require(fingerprint(spaced) == fingerprint(screen), "empty rows change no fingerprint");
  return 0;
}
