// Which files are looked at, and when.
#include "app/usage_watch.hpp"

#include "loop/off_loop.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

constexpr Span kPause = std::chrono::seconds(5);
// A single call is no row.
constexpr std::int64_t kShortestRow = 2;
constexpr std::size_t kLongestPath = 200;

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& variable : environment)
    if (variable.size() > name.size() && variable[name.size()] == '=' && variable.starts_with(name))
      return variable.substr(name.size() + 1);
  return {};
}

/// As an agent of this kind gets it.
std::string variable_of(const RunContext& context, const AgentProfile& profile,
                        const std::string& name) {
  const auto own = profile.env.find(name);
  return own != profile.env.end() ? own->second : value_of(context.environment, name);
}

/// Where its program keeps its conversations; empty: that is not known.
fs::path folder_of(const RunContext& context, const AgentProfile& profile) {
  const UsageRule& rule = profile.usage;
  std::string folder;
  if (!rule.folder_env.empty()) folder = variable_of(context, profile, rule.folder_env);
  if (folder.empty()) folder = rule.folder;
  if (folder.starts_with('~')) {
    const std::string home = variable_of(context, profile, "HOME");
    if (home.empty()) return {};
    folder = home + folder.substr(1);
  }
  return fs::path(folder).is_absolute() ? fs::path(folder).lexically_normal() : fs::path();
}

/// A session is one word, without `*`.
fs::path filled_in(std::string pattern, const std::string& session) {
  constexpr std::size_t kStart = 8;
  const std::pair<std::string_view, std::string> words[] = {
      {"{session}", session}, {"{session_start}", session.substr(0, kStart)}};
  for (const auto& [word, value] : words) {
    const std::size_t at = pattern.find(word);
    if (at != std::string::npos) pattern.replace(at, word.size(), value);
  }
  return pattern;
}

/// None: it is an agent's business.
std::optional<Anomaly> anomaly_of(WriteKind kind) {
  switch (kind) {
    case WriteKind::Fine: break;
    case WriteKind::Unnamed: return Anomaly::Scope;
    case WriteKind::Outside: return Anomaly::OutsideEdit;
    case WriteKind::Others: return Anomaly::OtherWorktree;
  }
  return std::nullopt;
}

bool is_read_from_files(UsageFormat format) {
  return format != UsageFormat::Unknown && format != UsageFormat::Free;
}

}  // namespace

UsageWatch::UsageWatch(loop::Loop& loop, const State& state, const RunContext& context,
                       const port::Clock& clock, std::function<void(Event)> post)
    : loop_(loop), state_(state), context_(context), clock_(clock), post_(std::move(post)) {
  // Of what was cleaned up before, all has been read.
  for (const auto& [id, agent] : state.agents) {
    const TaskRecord* task = state.find(agent.task);
    const bool is_old = !agent.is_alive() && (task == nullptr || task->cleaned);
    if (is_old) read_.insert(key_of(agent));
  }
}

/// nullptr: what it uses and what it calls is in no file.
const AgentProfile* UsageWatch::profile_of(const AgentRun& agent) const {
  const auto profile = context_.config.agents.find(agent.kind);
  if (profile == context_.config.agents.end()) return nullptr;
  return is_read_from_files(profile->second.usage.format) ? &profile->second : nullptr;
}

fs::path UsageWatch::calls_of(const AgentRun& agent) const {
  return context_.run.attempt(agent.task, agent.attempt) / shim::attempt_file::kCalls;
}

UsageWatch::Key UsageWatch::key_of(const AgentRun& agent) const {
  const AgentProfile* profile = profile_of(agent);
  if (profile != nullptr && profile->usage.format == UsageFormat::Hook)
    return {agent.task, agent.attempt, calls_of(agent).string()};
  const bool is_found = profile != nullptr && !profile->usage.file.empty();
  const std::string& session = agent.session.empty() ? agent.offered : agent.session;
  return {agent.task, agent.attempt, is_found ? session : agent.log};
}

/// Those of before are over unless their agent still lives and is in that conversation.
void UsageWatch::take_up() {
  for (auto& [key, watched] : watched_)
    watched.over = true;
  for (const auto& [id, agent] : state_.agents)
    if (const AgentProfile* profile = profile_of(agent)) take_up(agent, *profile);
}

void UsageWatch::take_up(const AgentRun& agent, const AgentProfile& profile) {
  Key key = key_of(agent);
  const std::string& conversation = std::get<std::string>(key);
  const bool is_read = !agent.is_alive() && read_.contains(key);
  if (conversation.empty() || is_read) return;
  if (const auto known = watched_.find(key); known != watched_.end()) {
    known->second.over = !agent.is_alive();
    return;
  }
  const UsageRule& rule = profile.usage;
  const bool is_told = rule.format == UsageFormat::Hook;
  const fs::path folder = is_told ? calls_of(agent).parent_path() : folder_of(context_, profile);
  UsageFile file =
      is_told || rule.file.empty()
          ? UsageFile(rule.format, folder, conversation)
          : UsageFile::to_be_found(rule.format, folder, filled_in(rule.file, conversation));
  watched_.emplace(std::move(key), Watched{.file = std::make_shared<UsageFile>(std::move(file)),
                                           .over = !agent.is_alive()});
}

bool UsageWatch::is_behind() {
  take_up();
  return std::ranges::any_of(watched_, [](const auto& entry) { return entry.second.over; });
}

void UsageWatch::look() {
  if (looking_) return;
  take_up();
  Files files;
  std::vector<Key> keys;
  const Time now = clock_.now();
  for (auto& [key, watched] : watched_) {
    const bool rests = watched.looked && now - *watched.looked < kPause;
    if (rests && !watched.over && !watched.file->has_more()) continue;
    watched.looked = now;
    watched.was_over = watched.over;
    files.push_back(watched.file);
    keys.push_back(key);
  }
  if (files.empty()) return;
  looking_ = true;
  loop::spawn<bool>(look_at(std::move(files)), [this, keys = std::move(keys)](bool) {
    looking_ = false;
    for (const Key& key : keys)
      tell(key);
  });
}

loop::Job<bool> UsageWatch::look_at(Files files) {
  // Nobody else touches them meanwhile.
  std::function<bool()> work = [files = std::move(files)] {
    for (const auto& file : files)
      file->look();
    return true;
  };
  co_return co_await loop::off_loop<bool>(loop_, std::move(work));
}

void UsageWatch::tell(const Key& key) {
  const auto found = watched_.find(key);
  if (found == watched_.end()) return;
  Watched& watched = found->second;
  tell_usage(key, watched, std::get<std::string>(key), watched.file->usage());
  for (const ToldUsage& told : watched.file->told())
    tell_usage(key, watched, told.conversation, told.usage);
  tell_calls(key, watched);
  if (!watched.was_over || watched.file->has_more()) return;
  read_.insert(key);
  watched_.erase(found);
}

void UsageWatch::tell_usage(const Key& key, Watched& watched, const std::string& conversation,
                            const Usage& usage) {
  Usage& told = watched.told[conversation];
  if (!usage.is_known() || usage == told) return;
  told = usage;
  const auto& [task, attempt, file] = key;
  post_(AgentUsed{.task = task, .attempt = attempt, .conversation = conversation, .usage = usage});
}

void UsageWatch::tell_calls(const Key& key, Watched& watched) {
  const CallTally& calls = watched.file->calls();
  tell_row(key, watched, Anomaly::ToolErrors, calls.failed());
  tell_row(key, watched, Anomaly::MalformedCalls, calls.malformed());
  tell_row(key, watched, Anomaly::Loop, calls.same());
  tell_written(key, watched);
}

/// The worktrees of other tasks, and the user's.
std::vector<OthersPlace> UsageWatch::others_of(const AgentRun& agent) const {
  const auto folder = [this](const std::string& kept) {
    return context_.paths.found(kept).lexically_normal().string();
  };
  std::vector<OthersPlace> others{{folder(context_.info.repository), "your checkout"},
                                  {context_.paths.repository().string(), "the main checkout"}};
  for (const auto& [id, other] : state_.agents) {
    const TaskRecord* task = state_.find(other.task);
    const bool is_there = task != nullptr && !task->cleaned && !other.worktree.empty();
    if (is_there && other.task != agent.task)
      others.push_back(
          {folder(other.worktree), fmt::format("the worktree of {}", other.task.value)});
  }
  return others;
}

WritePlace UsageWatch::place_of(const AgentRun& agent, const AgentProfile& profile) const {
  WritePlace place{
      .worktree = context_.paths.found(agent.worktree).lexically_normal().string(),
      .repository = context_.paths.repository().string(),
      .own = {folder_of(context_, profile).string(),
              context_.run.attempt(agent.task, agent.attempt).string()},
      .temporary = {"/tmp", "/var/tmp", "/dev", variable_of(context_, profile, "TMPDIR")},
      .others = others_of(agent)};
  for (const std::string& name : profile.home_writable)
    place.own.push_back((fs::path(variable_of(context_, profile, "HOME")) / name).string());
  if (const TaskRecord* task = state_.find(agent.task)) {
    const TaskSpec& spec = task->plan.spec;
    place.named_files = spec.files;
    place.named_files.insert(place.named_files.end(), spec.creates.begin(), spec.creates.end());
  }
  return place;
}

/// What is known of the paths of this conversation stays true of it: only new ones are looked at.
void UsageWatch::tell_written(const Key& key, Watched& watched) {
  const auto& [id, attempt, conversation] = key;
  const TaskRecord* task = state_.find(id);
  if (task == nullptr || task->attempts != attempt) return;
  const AgentRun& agent = state_.agent_of(*task);
  const AgentProfile* profile = profile_of(agent);
  const std::vector<std::string>& paths = watched.file->calls().written();
  if (profile == nullptr || paths.size() == watched.judged) return;
  if (paths.size() < watched.judged) watched.written.clear();
  const std::size_t first = paths.size() < watched.judged ? 0 : watched.judged;
  watched.judged = paths.size();
  const WritePlace place = place_of(agent, *profile);
  std::set<Anomaly> news;
  for (std::size_t i = first; i < paths.size(); ++i) {
    const WriteJudgement judged = judge_written(place, paths[i]);
    const std::optional<Anomaly> anomaly = anomaly_of(judged.kind);
    if (!anomaly) continue;
    WrittenFiles& files = watched.written[*anomaly];
    ++files.count;
    files.last = one_line(paths[i], kLongestPath);
    if (!judged.whose.empty()) files.last += fmt::format(" ({})", judged.whose);
    news.insert(*anomaly);
  }
  for (const Anomaly anomaly : news) {
    const WrittenFiles& files = watched.written[anomaly];
    post_(AnomalySeen{.task = id,
                      .attempt = attempt,
                      .anomaly = anomaly,
                      .amount = files.count,
                      .serial = files.count,
                      .evidence = files.last});
  }
}

void UsageWatch::tell_row(const Key& key, Watched& watched, Anomaly anomaly, const CallRow& row) {
  const CallRow shown = row.length >= kShortestRow ? row : CallRow();
  CallRow& told = watched.rows[anomaly];
  if (shown == told) return;
  told = shown;
  const auto& [task, attempt, conversation] = key;
  post_(AnomalySeen{.task = task,
                    .attempt = attempt,
                    .anomaly = anomaly,
                    .amount = shown.length,
                    .serial = shown.serial,
                    .evidence = shown.last});
}

}  // namespace orch::app
