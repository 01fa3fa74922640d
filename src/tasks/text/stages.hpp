#pragma once
// Headings that name a stretch of the work which comes after the one before: Phase 2, Milestone 1.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct Stage {
  std::string word;        ///< in lower case: "phase"
  std::string number;      ///< "2", "1.1", "A", "iv"
  std::string_view title;  ///< what stands after the number and its joint; may be empty

  /// As people refer to it: "Phase 2".
  std::string name() const;
};

/// "Phase 2: Sending", "Implementation Phase 1", "Stage 1 – Mend", "PR-3: x", "## 阶段 2". The view
/// is one on `heading`.
std::optional<Stage> stage_of(std::string_view heading);

/// All that a value names: "Phase 1, Phase 3" in whatever words.
std::vector<std::string> stages_in(std::string_view value);

}  // namespace orch::tasks
