// Reads the NUL-separated formats of git, and its rules for names.
#include "git/parse.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace orch::git {

namespace {

/// Takes what is before the first `end` off the front of `rest`; all of it when there is none.
std::string_view take(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view head = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return head;
}

/// What follows `prefix`, if `text` begins with it.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

std::string branch_name(std::string_view ref) {
  return std::string(after(ref, "refs/heads/").value_or(ref));
}

void read_worktree_line(std::string_view line, Worktree& worktree) {
  const std::string_view name = take(line, ' ');
  if (name == "worktree") worktree.path = std::string(line);
  if (name == "HEAD") worktree.head = CommitId{std::string(line)};
  if (name == "branch") worktree.branch = branch_name(line);
  if (name == "bare") worktree.bare = true;
  if (name == "prunable") worktree.prunable = true;
  if (name == "locked") {
    worktree.locked = true;
    worktree.lock_reason = std::string(line);
  }
}

/// The fields before the path in each kind of changed entry.
std::size_t fields_before_path(char kind) {
  switch (kind) {
    case '1': return 8;
    case '2': return 9;
    case 'u': return 10;
    default: return 1;  // '?' and '!'
  }
}

void read_status_header(std::string_view line, ParsedStatus& status) {
  if (const auto oid = after(line, "# branch.oid "); oid && *oid != "(initial)")
    status.head = CommitId{std::string(*oid)};
  if (const auto head = after(line, "# branch.head "); head && *head != "(detached)")
    status.branch = std::string(*head);
}

bool forbidden_in_ref(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f || std::string_view(" ~^:?*[\\").find(c) != std::string::npos;
}

}  // namespace

std::string_view to_text(Operation operation) {
  switch (operation) {
    case Operation::None: return "nothing";
    case Operation::Rebase: return "a rebase";
    case Operation::Merge: return "a merge";
    case Operation::CherryPick: return "a cherry-pick";
    case Operation::Revert: return "a revert";
    case Operation::Bisect: return "a bisect";
  }
  return "";
}

std::vector<Worktree> parse_worktrees(std::string_view porcelain) {
  std::vector<Worktree> worktrees;
  Worktree worktree;
  while (!porcelain.empty()) {
    const std::string_view line = take(porcelain, '\0');
    read_worktree_line(line, worktree);
    if (line.empty() && !worktree.path.empty())
      worktrees.push_back(std::exchange(worktree, Worktree{}));
  }
  if (!worktree.path.empty()) worktrees.push_back(std::move(worktree));
  return worktrees;
}

ParsedStatus parse_status(std::string_view porcelain, const std::set<std::string>& untouched) {
  ParsedStatus status;
  while (!porcelain.empty()) {
    std::string_view line = take(porcelain, '\0');
    if (line.empty()) continue;
    if (line[0] == '#') {
      read_status_header(line, status);
      continue;
    }
    const char kind = line[0];
    const bool missing = line.starts_with("1 .D ");
    const bool edited = line.starts_with("1 .M ");
    const bool unstaged = line.starts_with("1 .");
    if (kind == '2') take(porcelain, '\0');  // where it was renamed from
    for (std::size_t field = 0; field < fields_before_path(kind); ++field)
      take(line, ' ');
    std::string path(line);
    if (kind == '!') status.seen.ignored.push_back(std::move(path));
    if (kind == '!') continue;
    (kind == '?' ? status.seen.untracked : status.seen.changed).push_back(path);
    if (edited) status.seen.edited.push_back(path);
    status.seen.staged = status.seen.staged || (kind != '?' && !unstaged);
    if (untouched.contains(path)) continue;
    if (kind == 'u') status.unmerged.emplace_back(line);
    ++status.changes.count;
    status.only_missing = status.only_missing && missing;
    if (status.changes.names.size() < kShownNames) status.changes.names.emplace_back(line);
  }
  return status;
}

bool is_within(std::string_view path, const std::vector<std::string>& paths) {
  return std::ranges::any_of(paths, [path](std::string_view folder) {
    while (folder.ends_with('/'))
      folder.remove_suffix(1);
    if (folder.empty() || !path.starts_with(folder)) return false;
    return path.size() == folder.size() || path[folder.size()] == '/';
  });
}

std::vector<std::string> parse_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty())
    names.emplace_back(take(text, '\0'));
  return names;
}

std::optional<MergeOutput> parse_merge(std::string_view text) {
  MergeOutput output;
  output.tree = std::string(take(text, '\0'));
  if (output.tree.size() < 40) return std::nullopt;
  while (!text.empty()) {
    const std::string_view file = take(text, '\0');
    if (file.empty()) break;
    output.files.emplace_back(file);
  }
  // Each message: how many paths, the paths, its kind, its text.
  while (!text.empty()) {
    std::size_t paths = 0;
    for (const char digit : take(text, '\0'))
      paths = paths * 10 + static_cast<std::size_t>(digit - '0');
    for (; paths > 0 && !text.empty(); --paths)
      take(text, '\0');
    const std::string_view kind = take(text, '\0');
    const std::string_view message = trim(take(text, '\0'));
    if (kind != "Auto-merging" && !message.empty()) output.messages.push_back(one_line(message));
  }
  return output;
}

std::vector<TreeEntry> parse_tree(std::string_view text) {
  std::vector<TreeEntry> entries;
  while (!text.empty()) {
    std::string_view line = take(text, '\0');
    TreeEntry entry;
    entry.mode = std::string(take(line, ' '));
    take(line, ' ');  // its type, which the mode tells as well
    entry.id = std::string(take(line, '\t'));
    entry.path = std::string(line);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<ChangedEntry> parse_raw_diff(std::string_view text) {
  std::vector<ChangedEntry> entries;
  while (!text.empty()) {
    std::string_view line = take(text, '\0');
    if (!line.starts_with(':')) continue;
    line.remove_prefix(1);
    ChangedEntry entry;
    entry.old_mode = std::string(take(line, ' '));
    entry.new_mode = std::string(take(line, ' '));
    entry.old_id = std::string(take(line, ' '));
    entry.new_id = std::string(take(line, ' '));
    if (!line.empty()) entry.kind = line[0];
    entry.path = std::string(take(text, '\0'));
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool makes_commit(const HeadMove& move) {
  constexpr std::array kMaking{"commit", "cherry-pick", "revert", "rebase", "am", "merge", "pull"};
  const std::string_view message = move.message;
  const bool made = std::ranges::any_of(
      kMaking, [message](const char* verb) { return message.starts_with(verb); });
  return made && message.find("Fast-forward") == std::string_view::npos;
}

std::optional<std::string> left_by(const HeadMove& move) {
  const auto rest = after(move.message, "checkout: moving from ");
  if (!rest) return std::nullopt;
  return std::string(rest->substr(0, rest->find(' ')));
}

std::vector<HeadMove> parse_head_log(std::string_view text) {
  std::vector<HeadMove> moves;
  for (const std::string_view line : split_lines(text)) {
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first == std::string_view::npos ? first : first + 1);
    const std::size_t tab = line.find('\t');
    if (second == std::string_view::npos || tab == std::string_view::npos || tab < second) continue;
    moves.push_back({CommitId{std::string(line.substr(0, first))},
                     CommitId{std::string(line.substr(first + 1, second - first - 1))},
                     std::string(line.substr(tab + 1))});
  }
  return moves;
}

std::optional<Identity> parse_identity(std::string_view text) {
  const std::size_t open = text.find('<');
  const std::size_t close = text.find('>', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  return Identity{std::string(trim(text.substr(0, open))),
                  std::string(text.substr(open + 1, close - open - 1)), false};
}

bool CommitText::same_but_signature(const CommitText& other) const {
  return tree == other.tree && parents == other.parents && author == other.author &&
         committer == other.committer && author_date == other.author_date &&
         committer_date == other.committer_date && message == other.message;
}

std::optional<CommitText> parse_commit(std::string_view raw) {
  CommitText commit;
  const auto date_of = [](std::string_view line) {
    const std::size_t close = line.rfind('>');
    return close == std::string_view::npos ? std::string()
                                           : fmt::format("@{}", trim(line.substr(close + 1)));
  };
  while (!raw.empty()) {
    const std::string_view line = take(raw, '\n');
    if (line.empty()) break;
    if (const auto tree = after(line, "tree ")) commit.tree = std::string(*tree);
    if (const auto parent = after(line, "parent ")) commit.parents.emplace_back(*parent);
    if (const auto author = after(line, "author ")) {
      commit.author = parse_identity(*author).value_or(Identity{});
      commit.author_date = date_of(*author);
    }
    if (const auto committer = after(line, "committer ")) {
      commit.committer = parse_identity(*committer).value_or(Identity{});
      commit.committer_date = date_of(*committer);
    }
    commit.is_signed = commit.is_signed || line.starts_with("gpgsig");
  }
  commit.message = std::string(raw);
  if (commit.tree.empty() || commit.committer_date.empty()) return std::nullopt;
  return commit;
}

Status check_branch(std::string_view name) {
  const auto refuse = [name](std::string_view why) {
    return fail(Fault::BadInput, "'{}' cannot be the name of a branch: {}", one_line(name, 80),
                why);
  };
  if (name.empty()) return refuse("it is empty");
  if (name.size() > 240) return refuse("it is longer than 240 bytes");
  if (name == "HEAD" || name == "@") return refuse("git gives that name a meaning of its own");
  if (name.starts_with('-')) return refuse("it begins with '-'");
  if (name.ends_with('.')) return refuse("it ends with '.'");
  if (std::any_of(name.begin(), name.end(), forbidden_in_ref))
    return refuse("it has a space, a control character or one of ~ ^ : ? * [ \\");
  for (const std::string_view pair : {"..", "@{", "//"}) {
    if (name.find(pair) != std::string_view::npos) return refuse(fmt::format("it has '{}'", pair));
  }
  for (const std::string_view part : split(name, '/')) {
    if (part.empty()) return refuse("it begins or ends with '/'");
    if (part.starts_with('.')) return refuse("a part of it begins with '.'");
    if (part.ends_with(".lock")) return refuse("a part of it ends with '.lock'");
  }
  return {};
}

std::optional<std::string> colliding_branch(std::string_view wanted,
                                            const std::vector<std::string>& branches) {
  const auto collides = [wanted](const std::string& branch) {
    return wanted.starts_with(branch + '/') || branch.starts_with(std::string(wanted) + '/');
  };
  const auto found = std::find_if(branches.begin(), branches.end(), collides);
  if (found == branches.end()) return std::nullopt;
  return *found;
}

std::vector<ReplacedSubmodule> replaced_submodules(const std::vector<ChangedEntry>& changes) {
  constexpr std::string_view kSubmodule = "160000";
  std::set<std::string_view> files;
  for (const ChangedEntry& change : changes) {
    if ((change.kind == 'A' || change.kind == 'T') && change.new_mode != kSubmodule)
      files.insert(change.path);
  }
  std::vector<ReplacedSubmodule> found;
  for (const ChangedEntry& change : changes) {
    if (change.old_mode != kSubmodule || change.new_mode == kSubmodule) continue;
    std::string_view by = change.path;
    while (!by.empty() && !files.contains(by))
      by = by.substr(0, by.find('/') == std::string_view::npos ? 0 : by.rfind('/'));
    if (!by.empty()) found.push_back({change.path, std::string(by)});
  }
  return found;
}

std::string ignore_pattern(std::string_view path) {
  std::string pattern = "/";
  while (path.ends_with('/'))
    path.remove_suffix(1);
  for (const char c : path) {
    if (std::string_view("*?[]\\ !#").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::string_view meeting(std::string_view path, std::string_view place, bool fold) {
  const auto equal = [fold](std::string_view a, std::string_view b) {
    return fold ? lower(a) == lower(b) : a == b;
  };
  const auto is_below = [&](std::string_view one, std::string_view other) {
    return one.size() > other.size() && one[other.size()] == '/' &&
           equal(one.substr(0, other.size()), other);
  };
  if (equal(path, place) || is_below(place, path)) return path;
  return is_below(path, place) ? path.substr(0, place.size()) : std::string_view();
}

std::string_view shortened(const CommitId& commit) {
  return std::string_view(commit.value).substr(0, 10);
}

}  // namespace orch::git
