#pragma once
// The readers of the conventions that people already have in Markdown; each is described at the top
// of its file.
#include "tasks/conventions/reader.hpp"

namespace orch::tasks {

Detection detect_spec_kit(const Source& source);
Reading read_spec_kit(const Source& source);

Detection detect_kiro(const Source& source);
Reading read_kiro(const Source& source);

Detection detect_openspec(const Source& source);
Reading read_openspec(const Source& source);

Detection detect_headed(const Source& source);
Reading read_headed(const Source& source);

Detection detect_table(const Source& source);
Reading read_table(const Source& source);

Detection detect_records(const Source& source);
Reading read_records(const Source& source);

Detection detect_markdown(const Source& source);
Reading read_markdown(const Source& source);

Detection detect_todo(const Source& source);
Reading read_todo(const Source& source);

}  // namespace orch::tasks
