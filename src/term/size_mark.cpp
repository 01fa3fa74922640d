// Finds marks of sizes.
#include "term/size_mark.hpp"

#include <algorithm>
#include <charconv>

namespace orch::term {
namespace {

constexpr std::string_view kBegin = "\x1b[8;";
// Anybody may have written one, and what is shown must not vanish in a corner.
constexpr int kLeastRows = 5;
constexpr int kLeastColumns = 20;
constexpr int kMost = 500;

/// The number at the begin of `text`, which goes on behind it and `end`.
std::optional<int> number_before(std::string_view& text, char end) {
  int number = 0;
  const char* const last = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc{} || stop == last || *stop != end) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return number;
}

}  // namespace

std::optional<FoundSize> find_size(std::string_view bytes) {
  for (std::size_t begin = bytes.find(kBegin); begin != std::string_view::npos;
       begin = bytes.find(kBegin, begin + kBegin.size())) {
    std::string_view rest = bytes.substr(begin + kBegin.size());
    const std::optional<int> rows = number_before(rest, ';');
    const std::optional<int> columns = rows ? number_before(rest, 't') : std::nullopt;
    if (!columns) continue;
    return FoundSize{begin, bytes.size() - rest.size(), std::clamp(*rows, kLeastRows, kMost),
                     std::clamp(*columns, kLeastColumns, kMost)};
  }
  return std::nullopt;
}

std::string without_sizes(std::string_view bytes) {
  std::string kept;
  while (const std::optional<FoundSize> found = find_size(bytes)) {
    kept += bytes.substr(0, found->begin);
    bytes.remove_prefix(found->end);
  }
  kept += bytes;
  return kept;
}

}  // namespace orch::term
