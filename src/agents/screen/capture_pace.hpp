#pragma once
// When a pane has to be captured again, of which tmux tells once a second when it has printed last.
//
// What has printed nothing since is as it was. One that works and goes on printing is looked at
// less often: of it nothing but progress and the end is of interest, and at an end its title
// changes or it prints no more. Most of what watching costs is captures of such panes.
#include <cstdint>
#include <string>
#include <string_view>

namespace orch {

class CapturePace {
 public:
  /// A pane that works and prints without a pause is captured every so many seconds.
  static constexpr std::int64_t kWhileBusy = 2;

  struct Look {
    std::int64_t printed = 0;  ///< when it last has; Unix time in seconds, as all here
    std::string_view title;
    std::int64_t now = 0;
  };

  bool is_due(const Look& look, bool busy) const;

  /// It was captured after that look, at `at`.
  void captured(const Look& look, std::int64_t at);

 private:
  std::int64_t printed_ = 0;
  std::int64_t captured_ = -1;  ///< -1: never
  std::string title_;           ///< without what moves by itself
};

}  // namespace orch
