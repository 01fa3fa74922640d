// events: what has happened so far.
#include "app/supervisor_client.hpp"
#include "cli/event_rows.hpp"
#include "cli/live_store.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace orch::cli {
namespace {

using namespace std::chrono_literals;

struct Options : JsonOptions {
  bool follow = false;
  int lines = 0;  ///< only the last N; 0: all
};

void add_options(OptionList& list, Options& options) {
  list.flag("-f,--follow", options.follow, "go on until the run ends");
  list.number("-n", options.lines, "only the last N");
  add_json(list, options);
}

int events(const RunHandle& handle, const Options& options) {
  LiveStore live(handle.paths);
  std::int64_t seq = 0;
  bool first = true;
  while (true) {
    // Asked before reading: what was written by then is printed before we end.
    const bool alive = app::supervisor_alive(handle.paths);
    const Result<const store::Store*> store = live.now(seq);
    if (!store) return complain(store.error());
    const Result<Rows> rows = rows_after(**store, handle.run.info.id, seq);
    if (!rows) return complain(rows.error());
    const std::vector<std::string> lines = event_lines(*rows, options.json);
    std::size_t from = 0;
    const auto wanted = static_cast<std::size_t>(std::max(0, options.lines));
    if (first && wanted > 0 && lines.size() > wanted) from = lines.size() - wanted;
    for (std::size_t i = from; i < lines.size(); ++i)
      options.json ? print_json(lines[i]) : print(lines[i]);
    first = false;
    if (!options.follow || !alive) return status::kOk;
    std::this_thread::sleep_for(100ms);
    live.await_change(400ms);  // no longer: the end of a supervisor changes no file
  }
}

}  // namespace

const Verb kEventsVerb{"events", kPeople, "what has happened so far", "tmux-orch events --follow",
                       begin<add_options, events>};

}  // namespace orch::cli
