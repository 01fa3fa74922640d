// Writes the copy of a repository's configuration and the links around it.
#include "git/frozen.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <vector>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

/// What git may make in its common folder at any time: linked even while it is not there.
constexpr std::array kLinked{"HEAD", "objects", "refs",    "packed-refs", "reftable",
                             "logs", "shallow", "modules", "worktrees",   "info/exclude",
                             "lfs",  "annex",   "rr-cache"};
/// Folders that are made through the link, which git and git-lfs cannot do while it leads nowhere.
constexpr std::array kMade{"logs", "lfs"};
/// Copies of ours, never links; and no git of ours runs hooks.
constexpr std::array kCopied{"config", "info", "hooks"};
/// Settings by which files and objects are read and written, and of which none is a program, the
/// way to one, or more configuration.
constexpr std::array<std::string_view, 22> kPlain{
    "core.autocrlf",
    "core.bare",
    "core.bigfilethreshold",
    "core.checkstat",
    "core.eol",
    "core.filemode",
    "core.ignorecase",
    "core.longpaths",
    "core.logallrefupdates",
    "core.precomposeunicode",
    "core.protecthfs",
    "core.protectntfs",
    "core.quotepath",
    "core.safecrlf",
    "core.repositoryformatversion",
    "core.sharedrepository",
    "core.symlinks",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "core.trustctime",
    "user.email",
    "user.name",
};

struct Setting {
  std::string_view scope;
  std::string_view key;
  std::string_view value;
  bool has_value = false;  ///< false: "[core] bare", which is true
};

std::vector<Setting> read_settings(std::string_view listed) {
  std::vector<Setting> settings;
  const std::vector<std::string_view> fields = split(listed, '\0');
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::size_t end = fields[i + 1].find('\n');
    Setting setting{fields[i], fields[i + 1].substr(0, end), {}, end != std::string_view::npos};
    if (setting.has_value) setting.value = fields[i + 1].substr(end + 1);
    settings.push_back(setting);
  }
  return settings;
}

bool is_kept(const Setting& setting) {
  if (setting.scope != "local" && setting.scope != "worktree") return false;
  return setting.key.find('.') != std::string_view::npos && !setting.key.starts_with("include.") &&
         !setting.key.starts_with("includeif.") && setting.key != "core.worktree" &&
         setting.key != "extensions.worktreeconfig";
}

bool runs_nothing(std::string_view key) {
  if (std::ranges::find(kPlain, key) != kPlain.end()) return true;
  // Without these two git would take objects for lost that it has not fetched yet.
  const bool partial = key.starts_with("remote.") &&
                       (key.ends_with(".promisor") || key.ends_with(".partialclonefilter"));
  return partial || key.starts_with("extensions.");
}

/// Written by everyday commands. Who else may write there may as well; none of it names a program.
bool is_everyday(std::string_view key) {
  for (const char* family : {"branch.", "user.", "author.", "committer.", "color.", "advice.",
                             "gui.", "pull.", "push.", "tmux-orch."}) {
    if (key.starts_with(family) && !key.ends_with(".mergeoptions")) return true;
  }
  if (key.starts_with("submodule.")) return key.ends_with(".url") || key.ends_with(".active");
  if (!key.starts_with("remote.")) return false;
  for (const char* name : {".url", ".pushurl", ".fetch", ".push", ".tagopt", ".prune", ".mirror"}) {
    if (key.ends_with(name)) return true;
  }
  return false;
}

std::string quoted(std::string_view text) {
  std::string word = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': word += "\\\""; break;
      case '\\': word += "\\\\"; break;
      case '\n': word += "\\n"; break;
      case '\t': word += "\\t"; break;
      case '\b': word += "\\b"; break;
      default: word += c;
    }
  }
  return word + '"';
}

/// `[section "sub section"]`: only the two characters that end it are escaped there.
std::string header(std::string_view section) {
  const std::size_t dot = section.find('.');
  if (dot == std::string_view::npos) return fmt::format("[{}]\n", section);
  std::string sub;
  for (const char c : section.substr(dot + 1)) {
    if (c == '"' || c == '\\') sub += '\\';
    sub += c;
  }
  return fmt::format("[{} \"{}\"]\n", section.substr(0, dot), sub);
}

std::string text_of(const Setting& setting) {
  const std::size_t dot = setting.key.rfind('.');
  std::string text = header(setting.key.substr(0, dot));
  text += fmt::format("\t{}", setting.key.substr(dot + 1));
  if (setting.has_value) text += " = " + quoted(setting.value);
  return text + '\n';
}

/// The link is renamed into its place, as another process may make the same one at this moment and
/// a git may read by it.
Status link_to(const fs::path& link, const fs::path& target) {
  std::error_code error;
  if (fs::read_symlink(link, error) == target) return {};
  fs::path made = link;
  made += fmt::format(".{}", ::getpid());
  fs::remove(made, error);
  fs::create_symlink(target, made, error);
  if (!error) fs::rename(made, link, error);
  if (error) return errno_failure(error.value(), "cannot make the link " + link.native());
  return {};
}

/// Everything else that is there: folders of git-crypt, git-annex, svn and the like.
std::vector<std::string> names_in(const fs::path& git_dir) {
  std::vector<std::string> names(kLinked.begin(), kLinked.end());
  std::error_code error;
  for (fs::directory_iterator entry(git_dir, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    const bool copied = std::find(kCopied.begin(), kCopied.end(), name) != kCopied.end();
    const bool passing = name.ends_with(".lock") || name.starts_with("orch-");
    if (!copied && !passing) names.push_back(name);
  }
  return names;
}

}  // namespace

std::string frozen_config(std::string_view listed, Settings settings) {
  std::string text = "# The repository's configuration when the run began: what our gits read.\n";
  for (const Setting& setting : read_settings(listed)) {
    if (!is_kept(setting)) continue;
    if (settings == Settings::Plain && !runs_nothing(setting.key)) continue;
    text += text_of(setting);
  }
  return text;
}

std::vector<std::string> programs_beyond(std::string_view frozen, std::string_view listed) {
  std::vector<std::string> keys;
  for (const Setting& setting : read_settings(listed)) {
    if (!is_kept(setting) || runs_nothing(setting.key) || is_everyday(setting.key)) continue;
    if (frozen.find(text_of(setting)) != std::string_view::npos) continue;
    std::string key = one_line(setting.key, 60);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
  }
  return keys;
}

bool is_frozen(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / "config", error);
}

Status freeze_into(const fs::path& folder, const fs::path& git_dir, std::string_view config,
                   Settings settings) {
  if (const Status made = make_folders(folder / "info", 0700); !made) return made;
  std::error_code error;
  if (settings == Settings::Plain) {
    fs::remove(folder / "info/attributes", error);
  } else if (fs::is_regular_file(git_dir / "info/attributes", error)) {
    const Result<std::string> attributes = read_file(git_dir / "info/attributes");
    if (!attributes) return passed_on(attributes);
    const Status copied = write_file(folder / "info/attributes", *attributes, 0600);
    if (!copied) return copied;
  }
  // Last, as it is what makes the folder one: after a kill all of it is done again.
  return write_file(folder / "config", config, 0600);
}

Status link_common_dir(const fs::path& folder, const fs::path& git_dir) {
  std::error_code error;
  for (const char* name : kMade)
    fs::create_directory(git_dir / name, error);
  for (const std::string& name : names_in(git_dir)) {
    if (const Status linked = link_to(folder / name, git_dir / name); !linked) return linked;
  }
  return {};
}

namespace {

Job<std::string> list_settings(GitContext& git) {
  Call list = git.call({"config", "--list", "-z", "--show-scope", "--includes"},
                       "read the configuration of " + one_line(git.root.native()));
  list.live = true;
  const auto finished = co_await remembered(git, list);
  if (!finished) co_return passed_on(finished);
  if (!finished->ok()) co_return failed(list, *finished);
  co_return finished->out;
}

Job<bool> write_frozen(GitContext& git, fs::path folder, Settings settings) {
  const auto listed = co_await list_settings(git);
  if (!listed) co_return passed_on(listed);
  const std::string config = frozen_config(*listed, settings);
  const Status frozen = freeze_into(folder, git.git_dir, config, settings);
  if (!frozen) co_return passed_on(frozen);
  co_return true;
}

}  // namespace

Job<std::vector<std::string>> programs_since(GitContext& git, fs::path folder) {
  const auto listed = co_await list_settings(git);
  if (!listed) co_return passed_on(listed);
  const Result<std::string> config = read_file(folder / "config");
  std::vector<std::string> keys = programs_beyond(config ? *config : std::string(), *listed);
  const auto before = read_file(folder / "info/attributes");
  const auto now = read_file(git.git_dir / "info/attributes");
  if (now && (!before || *before != *now)) keys.emplace_back(".git/info/attributes");
  co_return keys;
}

Job<bool> use_plain(GitContext& git, fs::path folder, fs::path common_dir) {
  const auto written = co_await write_frozen(git, folder, Settings::Plain);
  if (!written) co_return passed_on(written);
  const Status linked = link_common_dir(folder, common_dir.empty() ? git.git_dir : common_dir);
  if (!linked) co_return passed_on(linked);
  git.use_common_dir(std::move(folder), true);
  co_return true;
}

Job<bool> FrozenFolder::freeze(GitContext& git, fs::path folder, Settings settings) {
  if (!is_frozen(folder)) {
    const auto written = co_await write_frozen(git, folder, settings);
    if (!written) co_return passed_on(written);
  }
  const Status used = use(git, folder);
  if (!used) co_return passed_on(used);
  co_return true;
}

Status FrozenFolder::use(GitContext& git, const fs::path& folder) {
  if (!is_frozen(folder)) return {};
  const Status linked = link_common_dir(folder, git.git_dir);
  if (!linked) return linked;
  const Result<std::string> config = read_file(folder / "config");
  if (!config) return passed_on(config);
  found_ = Found{folder, *config, std::nullopt};
  if (const auto attributes = read_file(folder / "info/attributes"))
    found_->attributes = *attributes;
  git.use_common_dir(folder, false);
  return {};
}

Status FrozenFolder::put_back(const fs::path& git_dir) const {
  if (!found_ || is_frozen(found_->folder)) return {};
  if (const Status made = make_folders(found_->folder / "info", 0700); !made) return made;
  if (found_->attributes) {
    const fs::path file = found_->folder / "info/attributes";
    if (const Status put = write_file(file, *found_->attributes, 0600); !put) return put;
  }
  if (const Status linked = link_common_dir(found_->folder, git_dir); !linked) return linked;
  return write_file(found_->folder / "config", found_->config, 0600);
}

}  // namespace orch::git
