// Compares a look with the one of the last capture.
#include "agents/screen/capture_pace.hpp"

#include "agents/screen/fingerprint.hpp"

namespace orch {

bool CapturePace::is_due(const Look& look, bool busy) const {
  // tmux tells whole seconds: what was printed in that of the last capture may not be in it.
  const bool has_printed = look.printed != printed_ || printed_ + 1 >= captured_;
  if (!has_printed && steady_title(look.title) == title_) return false;
  const bool goes_on = look.printed + 1 >= look.now && steady_title(look.title) == title_;
  const std::int64_t since = look.now - captured_;
  const bool was_set_back = since < 0;  // the clock, by which nothing can be told
  return !busy || !goes_on || since >= kWhileBusy || was_set_back;
}

void CapturePace::captured(const Look& look, std::int64_t at) {
  printed_ = look.printed;
  captured_ = at;
  title_ = steady_title(look.title);
}

}  // namespace orch
