#pragma once
// A copy of Markdown that has the same blocks, lines and columns but costs no time to parse.
#include <string>
#include <string_view>

namespace orch::tasks {

/// The text with all inline punctuation (brackets, emphasis, entities, tags inside a line) as 'x',
/// byte for byte as long. cmark's inline parser is quadratic on hostile runs of these; its block
/// parser never looks at them. Containers nested deeper than 64 columns become plain text, as
/// cmark walks the whole nesting again for every line. A lone carriage return becomes a space.
std::string masked(std::string_view markdown);

}  // namespace orch::tasks
