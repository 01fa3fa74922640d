#pragma once
// Small pure functions on text that the standard library leaves out.
#include "orch/base/result.hpp"
#include "orch/base/time.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

/// The parts point into `text` and live no longer than it; a temporary string is refused.
std::vector<std::string_view> split(std::string_view text, char separator);
template <std::same_as<std::string> Text>
std::vector<std::string_view> split(Text&&, char) = delete;
/// Lines without their ends; CRLF counts as one end, a last empty line is not reported. As split().
std::vector<std::string_view> split_lines(std::string_view text);
template <std::same_as<std::string> Text>
std::vector<std::string_view> split_lines(Text&&) = delete;
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lower(std::string_view ascii);

/// Untrusted text made safe for a terminal: control bytes, escape sequences, bidirectional
/// overrides and broken UTF-8 become visible marks; nothing else changes. Newlines become spaces.
std::string one_line(std::string_view hostile);
/// As one_line, and cut to `columns` columns of a terminal, with an ellipsis.
std::string one_line(std::string_view hostile, std::size_t columns);

/// `base` of `names` nearest to `word` by edit distance, for "did you mean"; empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

/// "90s", "30m", "1h30m", "250ms" to a span; a bare number is refused, as its unit is a guess.
Result<Span> parse_span(std::string_view text);
/// "1h 02m", "3m 20s", "4.2s": for people.
std::string span_text(Span span);

/// 64 bits of FNV-1a: for keys and state hashes, not against forgery.
std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325ULL);
std::string hex(std::uint64_t value);

}  // namespace orch
