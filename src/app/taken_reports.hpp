#pragma once
// Which reports of an attempt are stored, of those that stay to be seen afterwards: a file is not
// taken away, nor a line on a screen. Kept in the attempt's folder, for the next supervisor.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orch::app {

class TakenReports {
 public:
  explicit TakenReports(std::filesystem::path attempt);

  bool has(std::string_view id) const;
  /// The last 200 are kept: more are seen nowhere at once.
  void add(std::string id);

 private:
  std::filesystem::path file_;
  std::vector<std::string> ids_;  ///< oldest first
};

}  // namespace orch::app
