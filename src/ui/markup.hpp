#pragma once
// Text of anybody's in HTML and in Markdown, where it stays text.
#include <cstddef>
#include <string>
#include <string_view>

namespace orch::ui {

/// For the content and the quoted attributes of HTML that is XML as well: cut to so many columns,
/// with control characters as visible marks.
std::string html_text(std::string_view hostile, std::size_t columns = 200);
/// The same of a sentence of ours: what it has in backticks is code.
std::string html_sentence(std::string_view sentence, std::size_t columns = 600);

/// A line of Markdown text without any markup in it.
std::string markdown_text(std::string_view hostile, std::size_t columns = 200);
/// The same of a sentence of ours: what it has in backticks is code.
std::string markdown_sentence(std::string_view sentence, std::size_t columns = 600);

/// A path as (part of) a URL.
std::string url_path(std::string_view path);

}  // namespace orch::ui
