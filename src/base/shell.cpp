// Quotes for shells.
#include "orch/base/shell.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch {

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:@%+,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos)
    return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string call_about(std::string_view verb, std::string_view task) {
  return fmt::format("tmux-orch {} {}", verb, shell_word(one_line(task)));
}

}  // namespace orch
