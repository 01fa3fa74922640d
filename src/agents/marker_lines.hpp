#pragma once
// Marker lines: how an agent reports that can neither call our program nor write a file that
// counts. Its screen is read for lines of its own such as
//
//   TMUX-ORCH[4f1c9ad2] DONE added the parser [4f1c9ad2]
//
// The code is of the attempt, and its prompt names it in two parts, so that what shows the prompt
// shows no such line. It ends the line as well, so that one that is half drawn is none, and one
// that is broken into rows is whole. Whatever else stands there is hostile text.
#include "agents/screen/screen.hpp"
#include "agents/status_file.hpp"
#include "orch/core/event.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

struct MarkerLine {
  ReportKind kind = ReportKind::Done;  ///< or Blocked, or Progress
  double progress = 0;
  std::string text;
  std::string key;  ///< the line without blanks: the same however it is broken into rows

  bool operator==(const MarkerLine&) const = default;
};

/// A code for one attempt, of 32 random hexadecimal digits.
std::string marker_code(std::string_view random);

/// Above the box in which its user writes, from above. Nothing where `code` is no code.
std::vector<MarkerLine> marker_lines(const Screen& screen, std::string_view code);

/// The same words are the same report in the whole attempt.
AgentReported report_of(const MarkerLine& line, const ReportsFor& who);

/// A text that is typed for an agent, in which no marker line begins.
std::string without_markers(std::string text);

/// Which of the lines on a screen count.
class MarkerTracker {
 public:
  /// The lines of each look, also of one that does not count, as it shows a dialog. What stood
  /// there before the last text was sent (its name in `last_text`) never counts.
  std::vector<MarkerLine> see(std::vector<MarkerLine> lines, bool counts,
                              const std::string& last_text);

 private:
  std::string last_text_;
  std::set<std::string> shown_;   ///< keys, at the last look
  std::set<std::string> before_;  ///< of the time before the last text
};

}  // namespace orch
