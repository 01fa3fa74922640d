// Refs that runs leave: found and dropped a few processes at a time, however many.
#include "git/own_refs.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace orch::git {

namespace {

constexpr std::string_view kBranches = "refs/heads/";

/// "ID TIME NAME"; the time is missing where a ref is no commit.
std::optional<OwnRef> parse_own_ref(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  OwnRef ref;
  ref.commit = CommitId{std::string(line.substr(0, first))};
  const std::string_view time = line.substr(first + 1, second - first - 1);
  std::from_chars(time.data(), time.data() + time.size(), ref.committed_s);
  ref.name = std::string(line.substr(second + 1));
  return ref;
}

}  // namespace

Job<std::vector<OwnRef>> own_refs(GitContext& git, std::vector<std::string> patterns,
                                  CommitId base) {
  std::vector<OwnRef> refs;
  if (patterns.empty()) co_return refs;
  Call ask = git.call({"for-each-ref", "--format=%(objectname) %(committerdate:unix) %(refname)"},
                      "list the refs of runs");
  ask.args.insert(ask.args.end(), patterns.begin(), patterns.end());
  Call ask_merged = git.call({"for-each-ref", "--format=%(refname)", "--merged=" + base.value},
                             "list the refs that " + std::string(shortened(base)) + " contains");
  ask_merged.args.insert(ask_merged.args.end(), patterns.begin(), patterns.end());
  const auto text = co_await git.line(std::move(ask));
  if (!text) co_return passed_on(text);
  std::string merged;
  if (!base.empty()) {
    auto found = co_await git.line(std::move(ask_merged));
    if (!found) co_return passed_on(found);
    merged = std::move(*found);
  }
  // Both lists are sorted by name.
  const std::vector<std::string_view> contained = split_lines(merged);
  for (const std::string_view entry : split_lines(*text)) {
    auto ref = parse_own_ref(entry);
    if (!ref) continue;
    ref->merged = std::binary_search(contained.begin(), contained.end(), ref->name);
    refs.push_back(std::move(*ref));
  }
  co_return refs;
}

Job<std::size_t> drop_refs(GitContext& git, std::vector<OwnRef> refs) {
  std::erase_if(refs, [&git](const OwnRef& ref) {
    return ref.name.starts_with(kBranches) &&
           !checked_out_at(git, std::string_view(ref.name).substr(kBranches.size())).empty();
  });
  if (refs.empty()) co_return std::size_t{0};
  Call drop = git.call({"update-ref", "--stdin", "-z"}, "drop refs of runs that are over");
  for (const OwnRef& ref : refs) {
    drop.input += fmt::format("delete {}", ref.name);
    drop.input += '\0';
    // Only from where it was seen: one that was moved meanwhile stays.
    drop.input += ref.commit.value;
    drop.input += '\0';
    drop.owned.push_back(git.git_dir / (ref.name + ".lock"));
  }
  drop.owned.push_back(git.git_dir / "packed-refs.lock");
  failpoint("git.refs_drop");
  const auto dropped = co_await git.runner.output(std::move(drop));
  if (!dropped) co_return passed_on(dropped);
  co_return refs.size();
}

}  // namespace orch::git
