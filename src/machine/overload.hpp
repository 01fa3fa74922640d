#pragma once
// Does an agent take the machine from the others? That it uses all of it is well, as a compile
// does, while nobody else wants any.
#include "machine/process_tree.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace orch::machine {

/// An agent at one look.
struct Load {
  std::string key;  ///< of the attempt
  double cpu = 0;   ///< processors that it has had since the look before
  int running = 0;  ///< its processes that had one or waited for one at that moment
};

struct Overload {
  std::string key;  ///< who has most of the machine
  double cpu = 0;
  std::vector<std::string> starved;  ///< who wanted a processor and hardly had one

  bool operator==(const Overload&) const = default;
};

/// How many of its processes have a processor, or wait for one.
int running_in(const Tree& tree);

class OverloadJudge {
 public:
  explicit OverloadJudge(int processors) : processors_(processors) {}

  /// An overload once it has lasted for a minute, and again with each further minute. `at_ms`:
  /// since boot.
  std::optional<Overload> judge(const std::vector<Load>& loads, std::int64_t at_ms);

  int percent_of_all(double cpu) const { return static_cast<int>(cpu * 100) / processors_; }

 private:
  void begin(std::int64_t at_ms);

  int processors_;
  std::optional<std::int64_t> since_ms_;  ///< agents have nearly all of the machine
  int looks_ = 0;                         ///< since then
  std::map<std::string, int> hungry_;     ///< at how many of them each was so
};

}  // namespace orch::machine
