#pragma once
// The reader "markdown": plain GitHub task lists.
//
//   - [ ] Add retry to the uploader     a task: any bullet or number, at any depth that has no box
//     - [ ] with a test                 above it; boxes below it, and all other text, are its body
//   - [x] Pick a client library         done
//
// The id is made of the words (text_id.hpp). There are no fields and no dependencies.
#include "tasks/reader.hpp"

namespace orch::tasks {

Detection detect_markdown(const Source& source);
Reading read_markdown(const Source& source);

/// The first 256 KB, in whole lines: enough to see a convention.
std::string_view sample_of(std::string_view text);

}  // namespace orch::tasks
