#pragma once
// The manual's pages, made of the table of verbs and of their options.
#include <string>

namespace orch::cli {

struct Verb;

/// In roff: tmux-orch(1).
std::string main_page();

/// In roff: tmux-orch-VERB(1).
std::string page_of(const Verb& verb);

}  // namespace orch::cli
