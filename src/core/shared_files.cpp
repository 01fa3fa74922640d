// Finds names that meet by hashing plain paths and comparing patterns only where prefixes agree.
#include "core/shared_files.hpp"

#include "orch/core/plan.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace orch {

namespace {

std::size_t index_of(int number) {
  return static_cast<std::size_t>(number);
}

std::string_view plain_form(std::string_view name) {
  while (name.starts_with("./"))
    name.remove_prefix(2);
  const bool is_folder = name.size() > 1 && name.ends_with('/');
  // A pattern keeps its slash: src/*/ reaches deeper than src/*.
  if (is_folder && name.find_first_of("*?{") == std::string_view::npos) name.remove_suffix(1);
  return name;
}

std::string_view literal_prefix(std::string_view name) {
  return name == "." ? "" : name.substr(0, name.find_first_of("*?{"));
}

class Meetings {
 public:
  explicit Meetings(SharedFiles& shared) : shared_(shared), sorted_(shared.names.size()) {
    std::iota(sorted_.begin(), sorted_.end(), 0);
    std::ranges::sort(sorted_, {}, [this](int name) -> const std::string& { return text(name); });
    for (int name = 0; name < static_cast<int>(shared.names.size()); ++name)
      numbers_.emplace(text(name), name);
  }

  void find() {
    for (const int name : sorted_) {
      const std::string_view prefix = literal_prefix(text(name));
      for (const std::string& folder : folders_above(prefix)) {
        const auto found = numbers_.find(folder);
        if (found != numbers_.end()) compare(name, found->second);
      }
      const bool is_pattern = prefix.size() != text(name).size();
      if (is_pattern) compare_below(name, prefix);
    }
    std::ranges::sort(shared_.meetings);
    shared_.meetings.erase(std::unique(shared_.meetings.begin(), shared_.meetings.end()),
                           shared_.meetings.end());
  }

 private:
  const std::string& text(int name) const { return shared_.names[static_cast<std::size_t>(name)]; }

  /// Two names can only meet if the literal start of one is the start of the other.
  void compare_below(int pattern, std::string_view prefix) {
    const auto begin = std::ranges::lower_bound(
        sorted_, prefix, {}, [this](int name) -> std::string_view { return text(name); });
    for (auto other = begin; other != sorted_.end() && shared_.complete; ++other) {
      if (!text(*other).starts_with(prefix)) break;
      compare(pattern, *other);
    }
  }

  void compare(int one, int other) {
    constexpr std::size_t kMostCost = 60'000'000;  // about a second
    if (one == other) return;
    cost_ += 64 + text(one).size() * text(other).size();
    if (cost_ > kMostCost) {
      shared_.complete = false;
      return;
    }
    if (files_meet(text(one), text(other))) shared_.meetings.emplace_back(std::minmax(one, other));
  }

  SharedFiles& shared_;
  std::vector<int> sorted_;
  std::unordered_map<std::string_view, int> numbers_;
  std::size_t cost_ = 0;
};

constexpr std::size_t kMostPairs = 200'000;
constexpr std::size_t kAllPairsUpTo = 256;  // tasks of one name
constexpr std::size_t kNeighbours = 16;

/// Adds up to the limit; false from then on.
bool add(FilePairs& found, int first, int second, int name) {
  found.complete = found.complete && found.pairs.size() < kMostPairs;
  if (found.complete) found.pairs.push_back({first, second, name});
  return found.complete;
}

/// Those among `users` who wait for one of `creators`.
bool add_waiting(FilePairs& found, const std::vector<int>& creators,
                 const std::vector<FileUse>& users, int name, bool same_name) {
  for (const int creator : creators) {
    for (const FileUse& user : users) {
      const bool waits = user.task != creator && !(user.creates && same_name);
      if (waits && !add(found, user.task, creator, name)) return false;
    }
  }
  return true;
}

/// All pairs of one name's tasks; of a crowd, each with those that follow it.
bool add_own(FilePairs& found, const std::vector<FileUse>& uses, int name) {
  const bool is_crowd = uses.size() > kAllPairsUpTo;
  if (is_crowd) found.crowded.push_back(name);
  const std::size_t reach = is_crowd ? kNeighbours : uses.size();
  for (std::size_t i = 0; i < uses.size(); ++i) {
    for (std::size_t j = i + 1; j < std::min(uses.size(), i + 1 + reach); ++j) {
      if (!add(found, uses[i].task, uses[j].task, name)) return false;
    }
  }
  return true;
}

bool add_meeting(FilePairs& found, const std::vector<FileUse>& some,
                 const std::vector<FileUse>& others, int name) {
  for (const FileUse& one : some) {
    for (const FileUse& other : others) {
      if (one.task == other.task) continue;
      const auto [first, second] = std::minmax(one.task, other.task);
      if (!add(found, first, second, name)) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> folders_above(std::string_view path) {
  constexpr std::size_t kMost = 64;
  std::vector<std::string> folders;
  for (std::size_t slash = path.rfind('/'); slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    folders.emplace_back(path.substr(0, slash));
    if (folders.size() == kMost) break;
  }
  return folders;
}

SharedFiles share_files(const std::vector<TaskSpec>& tasks) {
  SharedFiles shared;
  std::unordered_map<std::string, std::size_t> numbers;
  const auto use = [&](int task, std::string_view name, bool creates) {
    if (name.empty()) return;
    const auto [found, is_new] = numbers.try_emplace(std::string(plain_form(name)), numbers.size());
    if (is_new) {
      shared.names.push_back(found->first);
      shared.uses.emplace_back();
    }
    std::vector<FileUse>& uses = shared.uses[found->second];
    if (uses.empty() || uses.back().task != task) uses.push_back({task, false});
    uses.back().creates |= creates;
  };
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].done) continue;
    for (const std::string& name : tasks[i].creates)
      use(static_cast<int>(i), name, true);
    for (const std::string& name : tasks[i].files)
      use(static_cast<int>(i), name, false);
  }
  Meetings(shared).find();
  return shared;
}

FilePairs users_and_creators(const SharedFiles& shared) {
  std::vector<std::vector<int>> creators(shared.names.size());
  for (std::size_t name = 0; name < shared.names.size(); ++name) {
    for (const FileUse& use : shared.uses[name]) {
      if (use.creates) creators[name].push_back(use.task);
    }
  }
  FilePairs found;
  const auto add_users = [&](int name, int used) {
    return add_waiting(found, creators[index_of(name)], shared.uses[index_of(used)], name,
                       name == used);
  };
  for (int name = 0; name < static_cast<int>(shared.names.size()); ++name) {
    if (!add_users(name, name)) return found;
  }
  for (const auto& [one, other] : shared.meetings) {
    if (!add_users(one, other) || !add_users(other, one)) return found;
  }
  return found;
}

FilePairs sharers(const SharedFiles& shared) {
  FilePairs found;
  for (int name = 0; name < static_cast<int>(shared.names.size()); ++name) {
    if (!add_own(found, shared.uses[index_of(name)], name)) break;
  }
  for (const auto& [one, other] : shared.meetings) {
    const bool one_is_longer =
        shared.names[index_of(one)].size() > shared.names[index_of(other)].size();
    const int name = one_is_longer ? one : other;
    if (!add_meeting(found, shared.uses[index_of(one)], shared.uses[index_of(other)], name)) break;
  }
  std::ranges::sort(found.pairs);
  found.pairs.erase(std::unique(found.pairs.begin(), found.pairs.end()), found.pairs.end());
  return found;
}

}  // namespace orch
