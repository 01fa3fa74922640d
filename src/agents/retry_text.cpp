// By its reason: what to do with what is there.
#include "agents/retry_text.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace orch {
namespace {

/// Of a failure the end tells most.
constexpr std::size_t kLongestFailure = 8u << 10;

std::string_view last_part(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return text;
  std::size_t from = text.size() - longest;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0) == 0x80) {
    ++from;  // not in the middle of a UTF-8 character
  }
  return text.substr(from);
}

/// What stands in it may be an agent's or a program's.
std::string quoted_lines(std::string_view text) {
  std::string quoted;
  for (const std::string_view line : split_lines(trim(text)))
    quoted += fmt::format("> {}\n", one_line(line));
  return quoted;
}

/// Nothing was wrong with what it did.
bool is_interruption(ReasonKind cause) {
  static constexpr std::array kInterruptions{ReasonKind::Interrupted,  ReasonKind::RunStopped,
                                             ReasonKind::WindowClosed, ReasonKind::Released,
                                             ReasonKind::Answered,     ReasonKind::FailedOver,
                                             ReasonKind::Restarted};
  return std::ranges::find(kInterruptions, cause) != kInterruptions.end();
}

/// What it did was whole, and did not land.
bool is_of_landing(const AttemptPlace& place) {
  const bool did_not_land = is_of_check(place.cause) || place.cause == ReasonKind::Conflicting ||
                            place.cause == ReasonKind::MarksLeft;
  return did_not_land && !place.feedback.empty();
}

struct Advice {
  ReasonKind cause;
  std::string_view text;
  std::string_view committed_for;  ///< for an agent that does not commit itself; empty: the same
};

constexpr std::string_view kHalfDone =
    "Its program ended in the middle of its work: what it wrote last may be half done, and a "
    "command "
    "that it ran may have ended it. Check both before you go on.";

constexpr Advice kAdvice[] = {
    {ReasonKind::NeverSaidDone,
     "If the work is complete, check it, commit it and report it; else finish it first.",
     "If the work is complete, check it and report it; else finish it first."},
    {ReasonKind::TimeLimit,
     "It was stopped in the middle of its work: go on with what is there, and commit each part "
     "that "
     "works.",
     "It was stopped in the middle of its work: go on with what is there."},
    {ReasonKind::ExitCode, kHalfDone, ""},
    {ReasonKind::Signal, kHalfDone, ""},
    {ReasonKind::Killed, kHalfDone, ""},
    {ReasonKind::Stopped, kHalfDone, ""},
    {ReasonKind::TestsFail,
     "Run these tests yourself, mend what they show, and report only when they pass.", ""},
    {ReasonKind::NoChanges,
     "Commit what belongs to the task. If nothing has to change for it, report with --no-changes "
     "behind done.",
     "If nothing has to change for the task, report with --no-changes behind done."},
    {ReasonKind::AnomalyFound, "Take another way than the one on which it was stopped.", ""},
    {ReasonKind::ContextFull, "This is a new conversation. Read only what you need, and in parts.",
     ""},
};

/// What to do with what is there; empty: that is not known.
std::string_view advice(const AgentProfile& profile, ReasonKind cause) {
  const auto* const found = std::ranges::find(kAdvice, cause, &Advice::cause);
  if (found == std::end(kAdvice)) return {};
  return profile.commit && !found->committed_for.empty() ? found->committed_for : found->text;
}

}  // namespace

std::string retry_text(const AgentProfile& profile, const AttemptPlace& place) {
  if (place.last_failure.empty()) return {};
  if (is_of_landing(place))
    return fmt::format("This is attempt {}.\n{}", place.attempt, place.feedback);
  const bool is_said = place.cause == ReasonKind::Answered;
  if (is_said)
    return fmt::format(
        "This is attempt {}. The one before was blocked, and {} answers:\n{}{}", place.attempt,
        place.answered_by.empty() ? "the user" : place.answered_by, quoted_lines(place.feedback),
        profile.resumes ? "\nWhat was done is still here: look at git status and git log.\n" : "");
  const bool interrupted = is_interruption(place.cause);
  std::string text = fmt::format("This is attempt {}. The one before {}:\n", place.attempt,
                                 interrupted ? "was interrupted" : "failed");
  text += quoted_lines(last_part(place.last_failure, kLongestFailure));
  const std::string_view what_to_do = advice(profile, place.cause);
  if (profile.resumes && !what_to_do.empty()) text += fmt::format("\n{}\n", what_to_do);
  // Whoever goes on with the conversation knows what it did.
  if (!place.resumes) {
    if (const std::string work = text_of(place.earlier); !work.empty()) text += '\n' + work;
  }
  if (profile.resumes)
    text += "\nWhat was done is still here: look at git status and git log before you go on.\n";
  if (!place.feedback.empty()) text += '\n' + place.feedback;
  return text;
}

}  // namespace orch
