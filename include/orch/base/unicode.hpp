#pragma once
// What characters of all scripts are: how wide a terminal shows them, their lower case, and which
// bytes are none.
#include <cstddef>
#include <string>
#include <string_view>

namespace orch {

/// The columns of a terminal that the text takes: two for a character of Chinese, Japanese or
/// Korean and for most pictures, none for a mark that is put on the letter before it.
std::size_t display_width(std::string_view text);
/// The text with spaces after it, so that it takes at least so many columns.
std::string padded(std::string_view text, std::size_t columns);
/// The text in lower case, in any script; what is no UTF-8 stays as it is.
std::string lower_case(std::string_view text);
/// Is all of it UTF-8, without code points that are no characters (U+FFFE, U+FDD0, ...)?
bool is_utf8(std::string_view text);
/// Untrusted text of several lines as UTF-8 that may be typed and stored anywhere: without control
/// characters but tab and newline, which stands for every other end of a line as well; what is no
/// character is U+FFFD.
std::string clean_text(std::string_view text);

}  // namespace orch
