// Feeds any bytes to the terminal: rows of its size without control bytes, and the same ones when
// the bytes come in two pieces.
#include "promise.hpp"
#include "term/terminal.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace orch;

namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

void check_rows(const std::vector<std::string>& rows) {
  // A cell has up to three codes of four bytes.
  constexpr std::size_t longest = std::size_t{term::kColumns} * 12;
  for (const std::string& row : rows) {
    fuzz::require(std::ranges::none_of(row, is_control), "no control byte is left in a row");
    fuzz::require(row.size() <= longest, "a row is no longer than its cells");
    fuzz::require(row.find("\xC2\x9B") == std::string::npos, "no control of two bytes is left");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  term::Terminal whole;
  whole.feed(text);
  const std::vector<std::string> screen = whole.screen();
  check_rows(screen);
  check_rows(whole.last_screen());
  check_rows({whole.scrolled_out().begin(), whole.scrolled_out().end()});
  fuzz::require(screen.size() <= std::size_t{term::kRows}, "a screen has its rows");

  const std::size_t cut = size == 0 ? 0 : text.size() * bytes[0] / 256;
  term::Terminal pieces;
  pieces.feed(text.substr(0, cut));
  pieces.feed(text.substr(cut));
  fuzz::require(pieces.screen() == screen, "two pieces give the same screen");
  fuzz::require(pieces.scrolled_out() == whole.scrolled_out(), "and the same lines above it");
  return 0;
}
