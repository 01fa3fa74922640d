// The change is a line for the git that stays, or the arguments of one of its own.
#include "git/refs.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBranches = "refs/heads/";

bool is_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// The words of a file of git's that has one line; empty: it has more, or cannot be read.
std::string line_in(const fs::path& file) {
  constexpr std::size_t kLongest = 4096;
  const Result<UntrustedFolder> folder = UntrustedFolder::open(file.parent_path());
  if (!folder) return {};
  const Result<std::string> text = folder->read(file.filename().native(), kLongest);
  const std::string_view line = text ? trim(*text) : std::string_view();
  return line.find('\n') == line.npos ? std::string(line) : std::string();
}

/// What the git of the repository calls the ref; nothing: it has no name for it, or none without
/// quotes.
std::optional<std::string> name_of(const GitContext& git, const RefChange& change) {
  std::string name = change.name;
  if (change.place && change.place->git_dir != git.git_dir) {
    if (change.place->git_dir.parent_path() != git.git_dir / "worktrees") return std::nullopt;
    name = fmt::format("worktrees/{}/{}", change.place->git_dir.filename().native(), name);
  }
  const auto needs_quotes = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\\';
  };
  if (std::ranges::any_of(name, needs_quotes)) return std::nullopt;
  return name;
}

/// For `update-ref --stdin`.
std::optional<std::string> line_of(const GitContext& git, const RefChange& change) {
  const auto name = name_of(git, change);
  if (!name) return std::nullopt;
  std::string line = "update " + *name + ' ' + change.to.value;
  if (change.to.empty()) line = "delete " + *name;
  if (!change.from) return line;
  if (!change.from->empty()) return line + ' ' + change.from->value;
  if (change.to.empty()) return std::nullopt;
  return "create " + *name + ' ' + change.to.value;
}

Call call_of(const GitContext& git, const RefChange& change) {
  Call call = git.call({"update-ref"}, change.doing);
  if (!change.message.empty()) call.args.insert(call.args.end(), {"-m", change.message});
  if (change.to.empty()) {
    call.args.insert(call.args.end(), {"-d", change.name});
  } else {
    call.args.insert(call.args.end(), {change.name, change.to.value});
  }
  if (change.from) call.args.push_back(change.from->value);
  call.owned = change.owned;
  if (change.place) {
    call.place = *change.place;
  } else {
    call.owned.push_back(git.git_dir / (change.name + ".lock"));
  }
  return call;
}

/// All of `packed-refs`; nothing: refs are kept elsewhere, too, or it is too large to be read here.
std::optional<std::string> packed_refs(const GitContext& git) {
  constexpr std::size_t kLongest = 4u << 20;
  std::error_code error;
  if (fs::exists(git.git_dir / "reftable", error)) return std::nullopt;
  const fs::path packed = git.git_dir / "packed-refs";
  if (!fs::exists(packed, error)) return error ? std::nullopt : std::optional<std::string>("");
  const Result<std::string> text = read_file(packed, kLongest);
  return text ? std::optional(*text) : std::nullopt;
}

/// True also where the name is none.
bool has_ref(const GitContext& git, const std::string& packed, const std::string& name) {
  std::error_code error;
  if (!name.starts_with("refs/")) return true;
  const fs::file_status loose = fs::symlink_status(git.git_dir / name, error);
  if (fs::exists(loose) && !fs::is_directory(loose)) return true;
  return packed.find(' ' + name + '\n') != std::string::npos;
}

/// Is the ref where the change leads to?
Job<bool> is_made(GitContext& git, RefChange change) {
  if (change.place) {
    const auto head = co_await head_of(git, *change.place);
    if (!head) co_return passed_on(head);
    co_return *head == change.to;
  }
  const auto now = co_await ref(git, change.name);
  if (!now) co_return passed_on(now);
  co_return now->value_or(CommitId{}) == change.to;
}

}  // namespace

std::string loose_ref(const GitContext& git, const std::string& name) {
  const bool is_full = name.starts_with("refs/") && name.find("..") == name.npos;
  if (!is_full) return {};
  std::string id = line_in(git.git_dir / name);
  return is_id(id) ? id : std::string();
}

bool is_absent(const GitContext& git, const std::string& name) {
  const auto packed = packed_refs(git);
  return packed && !has_ref(git, *packed, name);
}

bool is_free(const GitContext& git, const std::string& name) {
  const auto packed = packed_refs(git);
  if (!packed || has_ref(git, *packed, name)) return false;
  std::error_code error;
  const bool has_below =
      fs::exists(git.git_dir / name, error) || packed->find(' ' + name + '/') != std::string::npos;
  if (has_below) return false;
  for (std::size_t slash = name.find('/'); slash != name.npos; slash = name.find('/', slash + 1)) {
    if (slash >= kBranches.size() && has_ref(git, *packed, name.substr(0, slash))) return false;
  }
  return true;
}

Job<CommitId> head_of(GitContext& git, Place place) {
  constexpr std::string_view kLink = "ref: ";
  std::string head = line_in(place.git_dir / "HEAD");
  if (head.starts_with(kLink)) {
    const std::string name(trim(std::string_view(head).substr(kLink.size())));
    head = name.starts_with(kBranches) ? loose_ref(git, name) : std::string();
  }
  if (is_id(head)) co_return CommitId{std::move(head)};
  Call ask = git.call({"rev-parse", "--verify", "--quiet", "HEAD"}, "read HEAD");
  ask.place = std::move(place);
  const auto found = co_await git.runner.run(std::move(ask));
  if (!found) co_return passed_on(found);
  co_return found->ok() ? CommitId{std::string(trim(found->out))} : CommitId{};
}

Job<bool> change_ref(GitContext& git, RefChange change) {
  if (std::optional<std::string> line = line_of(git, change)) {
    std::string message = change.message;
    const auto changed = co_await git.refs.change(std::move(message), std::move(*line));
    if (changed) co_return true;
    if (changed.error().fault != Fault::Refused) {
      // It may have ended just after.
      const auto made = co_await is_made(git, change);
      if (made && *made) co_return true;
    }
  }
  Call call = call_of(git, change);
  const auto changed = co_await git.runner.output(std::move(call));
  if (!changed) co_return passed_on(changed);
  co_return true;
}

Job<CommitId> kept_under(GitContext& git, std::string ref, CommitId commit) {
  RefChange keep;
  keep.name = ref;
  keep.to = commit;
  keep.doing = fmt::format("keep {} under {}", shortened(commit), ref);
  const auto kept = co_await change_ref(git, std::move(keep));
  if (!kept) co_return passed_on(kept);
  co_return commit;
}

}  // namespace orch::git
