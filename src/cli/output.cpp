// How verbs speak.
#include "cli/output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace orch::cli {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int complain(const Error& error) {
  std::fprintf(stderr, "tmux-orch: %s\n", error.what.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "  %s\n", error.hint.c_str());
  return status::kError;
}

void warn(std::string_view text) {
  std::fprintf(stderr, "tmux-orch: %.*s\n", static_cast<int>(text.size()), text.data());
}

bool colours() {
  const char* off = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return ::isatty(STDOUT_FILENO) == 1 && (off == nullptr || *off == '\0') && !dumb;
}

std::size_t columns() {
  constexpr std::size_t kUsual = 100;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsual;
}

}  // namespace orch::cli
