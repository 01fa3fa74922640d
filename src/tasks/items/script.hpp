#pragma once
// The shell commands in a text: what the built-in shell agent runs.
#include "tasks/markdown/outline.hpp"

#include <string>
#include <string_view>

namespace orch::tasks {

/// Appends the content of the fence, if its language is that of a shell.
void add_script(const Outline& outline, const Block& fence, std::string& script);

/// The content of all shell fences of a Markdown text, joined.
std::string script_of(std::string_view markdown);

}  // namespace orch::tasks
