#pragma once
// Sizes of the terminal among the bytes of a log, so that it can be drawn as it was: the sequence
// by which programs ask a terminal for a size (CSI 8 ; rows ; columns t), which tmux does not obey.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace orch::term {

struct FoundSize {
  std::size_t begin = 0;  ///< of the mark
  std::size_t end = 0;    ///< behind it
  int rows = 0;           ///< within what a window of an agent can have
  int columns = 0;
};

/// The first one.
std::optional<FoundSize> find_size(std::string_view bytes);
/// The bytes without them.
std::string without_sizes(std::string_view bytes);

}  // namespace orch::term
