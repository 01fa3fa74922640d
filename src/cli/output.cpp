// How verbs speak.
#include "cli/output.hpp"

#include "orch/base/terminal_text.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace orch::cli {
namespace {

void write_to(std::FILE* stream, std::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stream);
  std::fflush(stream);
}

}  // namespace

void print(std::string_view text) {
  write_to(stdout, shown_lines(text, colours() ? Colours::Kept : Colours::Marked));
}

void print_json(std::string_view json) {
  write_to(stdout, inert_json(json));
}

void print_file(std::string_view bytes) {
  if (::isatty(STDOUT_FILENO) == 1) return print(bytes);
  write_to(stdout, bytes);
}

void print_error(std::string_view text) {
  write_to(stderr, shown_lines(text));
}

int complain(const Error& error) {
  std::string text = fmt::format("tmux-orch: {}\n", one_line(error.what));
  if (!error.hint.empty()) text += fmt::format("  {}\n", error.hint);
  print_error(text);
  return error.fault == Fault::BadInput ? status::kUsage : status::kError;
}

void warn(std::string_view text) {
  print_error(fmt::format("tmux-orch: {}\n", text));
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
