#pragma once
// The order that a file tells in words or draws: "do them in order", "after 022", a graph.
#include "tasks/markdown/document.hpp"

namespace orch::tasks {

/// Adds it to the items as `after`, each with the words as its reason. What the items say
/// themselves is not touched. The lines of an item's own first line are not looked at.
void add_word_order(const Document& document, Reading& reading);

/// The items one after the other, in the order of the file; those that are `parallel` go together.
void order_items(Reading& reading, std::string_view why);

}  // namespace orch::tasks
