#pragma once
// The file of a conversation, which is read as it grows.
#include "agents/call_tally.hpp"
#include "agents/usage_tally.hpp"
#include "orch/core/usage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orch {

class UsageLog {
 public:
  explicit UsageLog(UsageFormat format) : format_(format) {}

  /// The next bytes of the file, cut anywhere. A line of more than a megabyte is left out.
  void read(std::string_view bytes);

  /// What its whole lines say.
  const Usage& usage() const { return tally_.usage(); }

  const std::vector<ToldUsage>& told() const { return tally_.told(); }

  const CallTally& calls() const { return calls_; }

 private:
  void end_line(std::string_view end);
  void read_line(std::string_view line);

  UsageFormat format_;
  UsageTally tally_;
  CallTally calls_;
  std::string begun_;      ///< of a line that has not ended
  bool too_long_ = false;  ///< that line
};

}  // namespace orch
