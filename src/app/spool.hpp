#pragma once
// What agents report: a file each, written by their verbs, read by the supervisor. A report counts
// as made when its file is there, also while no supervisor lives.
#include "orch/base/result.hpp"
#include "orch/core/event.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

/// Writes the report into `attempt`/spool by rename. The report's id becomes the file's name.
Status spool_report(const std::filesystem::path& attempt, const AgentReported& report);

struct Spooled {
  std::filesystem::path file;
  AgentReported report;
};

/// All complete reports of an attempt, oldest first. A file that cannot be read is put aside as
/// `bad-...`: it is an agent's to write, so it may be anything. At most 100 at a time.
std::vector<Spooled> read_spool(const std::filesystem::path& attempt, const TaskId& task,
                                int number);

/// 32 random hexadecimal digits.
std::string fresh_id();

}  // namespace orch::app
