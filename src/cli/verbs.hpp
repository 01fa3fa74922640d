#pragma once
// Everything that can be typed after `tmux-orch`: one constant a verb, in the file of its name, and
// the one table of them.
#include "cli/options.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace orch::cli {

struct RunHandle;

struct Verb {
  std::string_view name;
  std::string_view group;  ///< the heading in --help; empty: not shown
  std::string_view summary;
  std::string_view example;
  /// Puts its options on the list and returns what runs the verb with them: the exit status.
  std::function<int()> (*begin)(OptionList& list);
};

inline constexpr std::string_view kPeople = "For people";
inline constexpr std::string_view kAgents = "For agents, in their pane";
inline constexpr std::string_view kPrograms = "For programs";
inline constexpr std::string_view kHidden = "";

/// What the program is for, and how it is begun with.
inline constexpr std::string_view kDescription =
    "Runs several coding agents at once on one git repository, each in its own tmux window and\n"
    "worktree, and lands their branches one at a time, tested.";
inline constexpr std::string_view kFirstExamples =
    "tmux-orch up tasks.md          start, or go on, and watch\n"
    "tmux-orch status               what every task is doing";
inline constexpr std::string_view kFolderText = "work as if started in this folder";

struct NoOptions {};

inline void no_options(OptionList&, NoOptions&) {}

struct JsonOptions {
  bool json = false;
};

void add_json(OptionList& list, JsonOptions& options);

/// Runs it with the newest run of the repository here, or says why there is none.
int on_newest_run(const std::function<int(const RunHandle&)>& run);

/// Verb::begin for `kAdd(list, options)` and `kRun(options)`; a verb that needs a run there has
/// `kRun(handle, options)`.
template <auto kAdd, auto kRun, class Options>
std::function<int()> begin_with(OptionList& list, void (*)(OptionList&, Options&)) {
  const auto options = std::make_shared<Options>();
  kAdd(list, *options);
  return [options] {
    if constexpr (std::is_invocable_v<decltype(kRun), const RunHandle&, const Options&>) {
      return on_newest_run([&](const RunHandle& handle) { return kRun(handle, *options); });
    } else {
      return kRun(*options);
    }
  };
}

template <auto kAdd, auto kRun>
std::function<int()> begin(OptionList& list) {
  return begin_with<kAdd, kRun>(list, kAdd);
}

/// An option, as completion and the manual need to know it.
struct OptionFacts {
  std::vector<std::string> names;  ///< with their dashes
  std::string text;
  bool takes_value = false;
  std::string value;                ///< what kind of value, as the help calls it
  std::vector<std::string> values;  ///< that it can have; empty: any
};

/// What stands there without a dash.
struct ArgumentFacts {
  std::string usage;  ///< "[TO] [TEXT]"
  std::string text;
};

struct VerbFacts {
  std::vector<OptionFacts> options;
  std::vector<ArgumentFacts> arguments;
  std::vector<std::string> places;  ///< the arguments' names, one each
};

/// What its command line can have.
VerbFacts facts_of(const Verb& verb);

/// In the order of --help.
std::span<const Verb* const> verbs();

extern const Verb kUpVerb;
extern const Verb kPlanVerb;
extern const Verb kInitVerb;
extern const Verb kStatusVerb;
extern const Verb kAttachVerb;
extern const Verb kDashboardVerb;
extern const Verb kLogsVerb;
extern const Verb kEventsVerb;
extern const Verb kDiffVerb;
extern const Verb kAbortVerb;
extern const Verb kRetryVerb;
extern const Verb kMergeVerb;
extern const Verb kUndoVerb;
extern const Verb kApproveVerb;
extern const Verb kSendVerb;
extern const Verb kMessagesVerb;
extern const Verb kHoldVerb;
extern const Verb kReleaseVerb;
extern const Verb kDownVerb;
extern const Verb kReportVerb;
extern const Verb kVerifyVerb;
extern const Verb kRescueVerb;
extern const Verb kGcVerb;
extern const Verb kWorktreesVerb;
extern const Verb kDoctorVerb;
extern const Verb kPeekVerb;
extern const Verb kExplainVerb;
extern const Verb kAgentsVerb;
extern const Verb kDoneVerb;
extern const Verb kBlockedVerb;
extern const Verb kProgressVerb;
extern const Verb kDelegateVerb;
extern const Verb kLockVerb;
extern const Verb kUnlockVerb;
extern const Verb kCompactVerb;
extern const Verb kNotifyVerb;
extern const Verb kWhoamiVerb;
extern const Verb kHookVerb;
extern const Verb kCallVerb;
extern const Verb kMcpVerb;
extern const Verb kCompletionVerb;
extern const Verb kSuperviseVerb;
extern const Verb kWatchVerb;
extern const Verb kFailpointsVerb;
extern const Verb kManPagesVerb;

}  // namespace orch::cli
