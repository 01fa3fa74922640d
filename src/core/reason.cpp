// Making reasons, and asking them.
#include "orch/core/reason.hpp"

#include "orch/core/outcome.hpp"

namespace orch {

bool is_of_check(ReasonKind kind) {
  return kind == ReasonKind::TestsFail || kind == ReasonKind::GateBlocks ||
         kind == ReasonKind::ReviewBlocks;
}

Reason quoted(std::string text) {
  if (text.empty()) return {};
  return {.kind = ReasonKind::Quoted, .text = std::move(text)};
}

Reason because_of(ReasonKind kind, Reason cause) {
  Reason reason{.kind = kind};
  if (!cause.empty()) reason.cause.push_back(std::move(cause));
  return reason;
}

const Reason* fault_in(const Reason& reason) {
  if (reason.kind == ReasonKind::Fault) return &reason;
  return reason.cause.empty() ? nullptr : fault_in(reason.cause.front());
}

Reason reason_of(const NotDone& failure) {
  return {
      .kind = ReasonKind::Fault, .text = failure.why, .hint = failure.hint, .whole = failure.whole};
}

}  // namespace orch
