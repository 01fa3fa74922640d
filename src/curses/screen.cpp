// Frames and keys by ncurses.
#include "curses/screen.hpp"

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <string>
#include <string_view>

namespace orch::curses {
namespace {

using dashboard::Ink;
using dashboard::Key;
using dashboard::KeyKind;

constexpr int kEscapeDelay = 25;  // ms: what comes later than that after Escape is a key of its own
constexpr char kEscape = 0x1b;

/// ncurses draws what the locale has: tmux draws UTF-8, whatever the locale of its server was.
void choose_locale() {
  ::setlocale(LC_CTYPE, "");
  if (std::string_view(::nl_langinfo(CODESET)) != "UTF-8") ::setlocale(LC_CTYPE, "C.UTF-8");
}

/// What has no width for this system is no part of a line.
std::wstring wide(std::string_view text) {
  std::wstring out;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t next = 0;
    const std::size_t read = std::mbrtowc(&next, text.data(), text.size(), &state);
    const bool known = read != 0 && read <= text.size() && ::wcwidth(next) >= 0;
    out += known ? next : L'?';
    if (!known) state = {};
    text.remove_prefix(known || read <= text.size() ? std::max<std::size_t>(read, 1) : 1);
  }
  return out;
}

short pair_of(Ink ink) {
  return static_cast<short>(ink);
}

short colour_of(Ink ink) {
  switch (ink) {
    case Ink::Default: return -1;
    case Ink::Red: return COLOR_RED;
    case Ink::Green: return COLOR_GREEN;
    case Ink::Yellow: return COLOR_YELLOW;
    case Ink::Blue: return COLOR_BLUE;
    case Ink::Magenta: return COLOR_MAGENTA;
    case Ink::Cyan: return COLOR_CYAN;
  }
  return -1;
}

/// On the terminal's own background, so that it can be light or dark.
void begin_colours() {
  ::start_color();
  ::use_default_colors();
  for (const Ink ink : {Ink::Red, Ink::Green, Ink::Yellow, Ink::Blue, Ink::Magenta, Ink::Cyan})
    ::init_pair(pair_of(ink), colour_of(ink), -1);
}

attr_t attributes_of(const dashboard::Style& style) {
  attr_t attributes = A_NORMAL;
  if (style.bold) attributes |= A_BOLD;
  if (style.dim) attributes |= A_DIM;
  if (style.reverse) attributes |= A_REVERSE;
  return attributes;
}

std::optional<Key> key_of_mouse() {
  MEVENT event{};
  if (::getmouse(&event) != OK) return std::nullopt;
  const auto row = static_cast<std::size_t>(std::max(0, event.y));
  if ((event.bstate & BUTTON4_PRESSED) != 0) return Key{KeyKind::WheelUp, {}, row};
  if ((event.bstate & BUTTON5_PRESSED) != 0) return Key{KeyKind::WheelDown, {}, row};
  if ((event.bstate & BUTTON1_PRESSED) != 0) return Key{KeyKind::Click, {}, row};
  return std::nullopt;
}

std::optional<Key> key_of_code(wint_t code) {
  switch (code) {
    case KEY_UP: return Key{KeyKind::Up};
    case KEY_DOWN: return Key{KeyKind::Down};
    case KEY_PPAGE: return Key{KeyKind::PageUp};
    case KEY_NPAGE: return Key{KeyKind::PageDown};
    case KEY_HOME: return Key{KeyKind::Home};
    case KEY_END: return Key{KeyKind::End};
    case KEY_ENTER: return Key{KeyKind::Enter};
    case KEY_BACKSPACE:
    case KEY_DC: return Key{KeyKind::Backspace};
    case KEY_MOUSE: return key_of_mouse();
    default: return std::nullopt;
  }
}

std::optional<Key> key_of_character(wint_t character) {
  constexpr wint_t kControlC = 3;
  constexpr wint_t kControlH = 8;
  constexpr wint_t kControlU = 21;
  constexpr wint_t kDelete = 127;
  switch (character) {
    case kControlC: return Key{KeyKind::Interrupt};
    case kControlU: return Key{KeyKind::Clear};
    case kControlH:
    case kDelete: return Key{KeyKind::Backspace};
    case '\t': return Key{KeyKind::Tab};
    case '\r':
    case '\n': return Key{KeyKind::Enter};
    case kEscape: return Key{KeyKind::Escape};
    default: break;
  }
  if (character < L' ') return std::nullopt;
  char bytes[MB_LEN_MAX];
  std::mbstate_t state{};
  const std::size_t length = std::wcrtomb(bytes, static_cast<wchar_t>(character), &state);
  if (length > sizeof bytes) return std::nullopt;
  return Key{KeyKind::Text, std::string(bytes, length)};
}

}  // namespace

struct Screen::Terminal {
  SCREEN* screen = nullptr;
  bool colours = false;

  void set_up() const {
    ::raw();  // Ctrl-C is a key as well
    ::noecho();
    ::nonl();
    ::keypad(::stdscr, TRUE);
    ::nodelay(::stdscr, TRUE);
    ::set_escdelay(kEscapeDelay);
    ::mouseinterval(0);
    ::mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, nullptr);
  }
};

Result<std::unique_ptr<Screen>> Screen::open(bool colours) {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
  const bool on_terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  if (dumb || !on_terminal) return fail(Fault::Refused, "this is no terminal to draw on");
  choose_locale();
  auto terminal = std::make_unique<Terminal>();
  terminal->screen = ::newterm(nullptr, stdout, stdin);
  if (terminal->screen == nullptr)
    return hinted(fail(Fault::Refused, "the terminal '{}' is not known here", term),
                  "set TERM to one that is, such as xterm");
  ::set_term(terminal->screen);
  terminal->colours = colours && ::has_colors();
  if (terminal->colours) begin_colours();
  terminal->set_up();
  std::unique_ptr<Screen> screen(new Screen(std::move(terminal)));
  screen->fit();
  return screen;
}

Screen::Screen(std::unique_ptr<Terminal> terminal) : terminal_(std::move(terminal)) {}

Screen::~Screen() {
  ::endwin();
  ::delscreen(terminal_->screen);
}

dashboard::Size Screen::size() const {
  return {static_cast<std::size_t>(std::max(1, ::getmaxx(::stdscr))),
          static_cast<std::size_t>(std::max(1, ::getmaxy(::stdscr)))};
}

void Screen::fit() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    return;
  if (::is_term_resized(size.ws_row, size.ws_col)) ::resizeterm(size.ws_row, size.ws_col);
}

void Screen::draw(const dashboard::Frame& frame) {
  ::werase(::stdscr);
  const int columns = ::getmaxx(::stdscr);
  for (std::size_t row = 0; row < frame.lines.size(); ++row) {
    // Each part begins where it is to be, also after a character that this system takes for wider.
    std::size_t column = 0;
    for (const dashboard::Part& part : frame.lines[row]) {
      if (column >= static_cast<std::size_t>(columns)) break;
      const short pair = terminal_->colours ? pair_of(part.style.ink) : short{0};
      ::wattr_set(::stdscr, attributes_of(part.style), pair, nullptr);
      ::mvwaddwstr(::stdscr, static_cast<int>(row), static_cast<int>(column),
                   wide(part.text).c_str());
      column += dashboard::width_of({part});
    }
  }
  ::wattr_set(::stdscr, A_NORMAL, 0, nullptr);
  ::curs_set(frame.cursor ? 1 : 0);
  if (frame.cursor)
    ::wmove(::stdscr, static_cast<int>(frame.lines.size()) - 1, static_cast<int>(*frame.cursor));
  ::wrefresh(::stdscr);
}

/// What follows an Escape at once is no key of the user's: Alt with one, or what a terminal says of
/// itself, which goes on to its end. Has there been such?
static bool skip_sequence() {
  constexpr wint_t kBell = 7;
  wint_t next = 0;
  if (::wget_wch(::stdscr, &next) == ERR) return false;
  const bool is_string = next == L']' || next == L'P' || next == L'_' || next == L'^';
  bool escaped = false;
  while (is_string && ::wget_wch(::stdscr, &next) != ERR) {
    if (next == kBell || (escaped && next == L'\\')) break;
    escaped = next == static_cast<wint_t>(kEscape);
  }
  return true;
}

std::optional<Key> Screen::read() {
  while (true) {
    wint_t character = 0;
    const int kind = ::wget_wch(::stdscr, &character);
    if (kind == ERR) return std::nullopt;
    if (kind == OK && character == static_cast<wint_t>(kEscape) && skip_sequence()) continue;
    // What is no key of ours is passed over.
    const std::optional<Key> key =
        kind == KEY_CODE_YES ? key_of_code(character) : key_of_character(character);
    if (key) return key;
  }
}

void Screen::ring() {
  ::beep();
}

void Screen::suspend() {
  ::endwin();
}

void Screen::resume() {
  fit();
  terminal_->set_up();
  ::clearok(::stdscr, TRUE);
}

}  // namespace orch::curses
