// Asks and reads a line.
#include "cli/ask.hpp"

#include "cli/output.hpp"

#include <unistd.h>

#include <cctype>
#include <cstdio>

namespace orch::cli {

bool on_terminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

char ask(std::string_view question, char otherwise) {
  print(question);
  char answer = 0;
  for (int key = std::getchar(); key != EOF && key != '\n'; key = std::getchar()) {
    const bool is_space = key == ' ' || key == '\t' || key == '\r';
    if (answer == 0 && !is_space) answer = static_cast<char>(std::tolower(key));
  }
  return answer == 0 ? otherwise : answer;
}

}  // namespace orch::cli
