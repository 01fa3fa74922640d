#pragma once
// What agents report: a file each, written by their verbs, read by the supervisor. A report counts
// as made when its file is there, also while no supervisor lives.
#include "orch/base/result.hpp"
#include "orch/base/untrusted.hpp"
#include "orch/core/event.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::app {

/// Where in an attempt's folder its reports are.
inline constexpr std::string_view kSpoolFolder = "spool";

/// Writes the report into `attempt`/spool by rename. The report's id becomes the file's name.
/// `token` is the attempt's, which shows that the report is from there.
Status spool_report(const std::filesystem::path& attempt, const AgentReported& report,
                    const std::string& token);

/// The same for one that does not count yet: whoever wrote it asks the supervisor to take it, and
/// spools it when nobody answers.
Status draft_report(const std::filesystem::path& attempt, const AgentReported& report,
                    const std::string& token);
Status spool_draft(const std::filesystem::path& attempt, const std::string& id);
/// Where an agent puts a text that it asks something with, and what stands there. The file is gone
/// when it was answered.
std::filesystem::path agents_text(const std::filesystem::path& attempt, const std::string& id);
Result<std::string> read_agents_text(const std::filesystem::path& attempt, const std::string& id,
                                     std::size_t longest);
void forget_draft(const std::filesystem::path& attempt, const std::string& id);

/// The reports of one attempt, as they are found in a folder that its agent can write: links, other
/// kinds of files and floods are of no effect, and a look costs the same whatever is in it.
class Spool {
 public:
  /// `token` is the one that was stored when the agent started; empty: none was (an older version).
  Spool(const std::filesystem::path& attempt, TaskId task, int number, std::string token);

  /// Complete reports, oldest first, at most 100. What is none, or is without the token, is moved
  /// to the folder `bad` next to the spool, for the user to look at.
  std::vector<AgentReported> read() const;
  /// The one that whoever wrote it asks to take.
  Result<AgentReported> read_draft(const std::string& id) const;
  /// The report has been stored.
  void forget(const AgentReported& report) const;

 private:
  void put_aside(const std::string& name) const;

  std::optional<UntrustedFolder> attempt_;
  std::optional<UntrustedFolder> spool_;
  TaskId task_;
  int number_;
  std::string token_;
};

/// 32 hexadecimal digits that sort by the time at which they were made; half of them are random.
std::string fresh_id();

}  // namespace orch::app
