// Which files are looked at, and when.
#include "app/usage_watch.hpp"

#include "loop/off_loop.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace orch::app {
namespace {

constexpr Span kPause = std::chrono::seconds(5);

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

bool is_read_from_files(UsageFormat format) {
  return format != UsageFormat::Unknown && format != UsageFormat::Free &&
         format != UsageFormat::Hook;
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

/// nullptr: what it uses is in no file.
const AgentProfile* UsageWatch::profile_of(const AgentRun& agent) const {
  const auto profile = context_.config.agents.find(agent.kind);
  if (profile == context_.config.agents.end()) return nullptr;
  return is_read_from_files(profile->second.usage.format) ? &profile->second : nullptr;
}

UsageWatch::Key UsageWatch::key_of(const AgentRun& agent) const {
  const AgentProfile* profile = profile_of(agent);
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
  const fs::path folder = folder_of(context_, profile);
  UsageFile file = rule.file.empty() ? UsageFile(rule.format, folder, conversation)
                                     : UsageFile::to_be_found(rule.format, folder,
                                                              filled_in(rule.file, conversation));
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
  const auto& [task, attempt, conversation] = key;
  const Usage& usage = watched.file->usage();
  if (usage.is_known() && usage != watched.told) {
    watched.told = usage;
    post_(
        AgentUsed{.task = task, .attempt = attempt, .conversation = conversation, .usage = usage});
  }
  if (!watched.was_over || watched.file->has_more()) return;
  read_.insert(key);
  watched_.erase(found);
}

}  // namespace orch::app
