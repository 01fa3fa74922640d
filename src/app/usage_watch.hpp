#pragma once
// Reads what agents' programs write down of their use and of their calls of tools, and tells the
// core when it has changed.
//
// The file of a conversation is looked at every few seconds while its agent lives, and once more
// when the agent has ended or has begun another conversation. All of it is done in a thread, as a
// home folder may lie on a network. In the place of that file is the one in the folder of the
// attempt where an extension of ours in the agent's program writes its calls down.
#include "agents/written_files.hpp"
#include "app/run_context.hpp"
#include "app/usage_file.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/core/event.hpp"
#include "orch/core/state.hpp"
#include "orch/port/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace orch::app {

class UsageWatch {
 public:
  /// `post` takes what an agent has used and what may be wrong with it; it may be called at any
  /// later turn of the loop.
  UsageWatch(loop::Loop& loop, const State& state, const RunContext& context,
             const port::Clock& clock, std::function<void(Event)> post);

  /// Called once a second; does nothing while an earlier look is not over.
  void look();

  /// Is there something of an agent that has ended which was not read yet?
  bool is_behind();

 private:
  using Key = std::tuple<TaskId, int, std::string>;  ///< task, attempt, file or session
  using Files = std::vector<std::shared_ptr<UsageFile>>;

  /// Files of one sort that an agent has written.
  struct WrittenFiles {
    std::int64_t count = 0;
    std::string last{};
  };

  struct Watched {
    std::shared_ptr<UsageFile> file;
    std::map<std::string, Usage> told{};  ///< by the conversation
    std::map<Anomaly, CallRow> rows{};    ///< that were told of
    std::size_t judged = 0;               ///< of the files that were written
    std::map<Anomaly, WrittenFiles> written{};
    std::optional<Time> looked{};
    bool over = false;      ///< nothing more is written into it
    bool was_over = false;  ///< at the begin of the last look
  };

  const AgentProfile* profile_of(const AgentRun& agent) const;
  fs::path calls_of(const AgentRun& agent) const;
  Key key_of(const AgentRun& agent) const;
  void take_up();
  void take_up(const AgentRun& agent, const AgentProfile& profile);
  loop::Job<bool> look_at(Files files);
  void tell(const Key& key);
  void tell_usage(const Key& key, Watched& watched, const std::string& conversation,
                  const Usage& usage);
  void tell_calls(const Key& key, Watched& watched);
  void tell_written(const Key& key, Watched& watched);
  std::vector<OthersPlace> others_of(const AgentRun& agent) const;
  WritePlace place_of(const AgentRun& agent, const AgentProfile& profile) const;
  void tell_row(const Key& key, Watched& watched, Anomaly anomaly, const CallRow& row);

  loop::Loop& loop_;
  const State& state_;
  const RunContext& context_;
  const port::Clock& clock_;
  std::function<void(Event)> post_;
  std::map<Key, Watched> watched_;
  std::set<Key> read_;  ///< to their end
  bool looking_ = false;
};

}  // namespace orch::app
