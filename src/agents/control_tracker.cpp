// Taken by a key, and left by silence.
#include "agents/control_tracker.hpp"

#include <algorithm>

namespace orch {

void ControlTracker::typed(Time at, bool draft) {
  typed_at_ = at;
  draft_ = draft;
}

std::optional<Control> ControlTracker::news(const AgentRun& known, Time now) const {
  if (known.control == Control::Ours) {
    const bool is_taken = typed_at_ && *typed_at_ > known.control_since;
    return is_taken ? std::optional(Control::User) : std::nullopt;
  }
  const Time last = typed_at_ ? std::max(*typed_at_, known.control_since) : known.control_since;
  if (now - last < hand_back_) return std::nullopt;
  switch (known.turn.activity) {
    case Activity::Unknown: return std::nullopt;
    case Activity::Asking:
    case Activity::Failed: return Control::Ours;
    case Activity::Idle:
    case Activity::Busy: break;
  }
  return draft_ ? std::nullopt : std::optional(Control::Ours);
}

}  // namespace orch
