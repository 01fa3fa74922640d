#pragma once
// What was saved of tasks, as lines for people and as JSON for programs (names: docs/commands.md).
#include <cstdint>
#include <string>
#include <vector>

namespace orch::ui {

/// A rescue ref, or an entry of the trash.
struct Saved {
  std::string name;   ///< what the verbs take: "T1-1", "20260101-120000-0001/T1.1"
  std::string place;  ///< the full ref, or the folder
  bool in_trash = false;
  std::string task;  ///< empty: it is not known
  std::int64_t when_s = 0;
  std::string why;
  std::uint64_t bytes = 0;           ///< of an entry of the trash
  std::vector<std::string> names{};  ///< of files and repositories, the first of them
};

std::string rescues_text(const std::vector<Saved>& saved);
std::string rescues_json(const std::vector<Saved>& saved);

}  // namespace orch::ui
