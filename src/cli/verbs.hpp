#pragma once
// The one table of verbs: everything that can be typed after `tmux-orch`.
#include "cli/options.hpp"

#include <span>
#include <string_view>

namespace orch::cli {

struct VerbEntry {
  std::string_view name;
  std::string_view group;  ///< the heading in --help; empty: not shown
  std::string_view summary;
  std::string_view example;
  int (*run)(const Options&);  ///< returns the exit status
};

std::span<const VerbEntry> verbs();

int verb_abort(const Options& options);
int verb_attach(const Options& options);
int verb_blocked(const Options& options);
int verb_diff(const Options& options);
int verb_doctor(const Options& options);
int verb_done(const Options& options);
int verb_down(const Options& options);
int verb_events(const Options& options);
int verb_failpoints(const Options& options);
int verb_gc(const Options& options);
int verb_hold(const Options& options);
int verb_init(const Options& options);
int verb_logs(const Options& options);
int verb_merge(const Options& options);
int verb_notify(const Options& options);
int verb_plan(const Options& options);
int verb_progress(const Options& options);
int verb_release(const Options& options);
int verb_report(const Options& options);
int verb_rescue(const Options& options);
int verb_retry(const Options& options);
int verb_status(const Options& options);
int verb_supervise(const Options& options);
int verb_up(const Options& options);
int verb_watch(const Options& options);
int verb_whoami(const Options& options);

}  // namespace orch::cli
