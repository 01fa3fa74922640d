// Signs what lands, as the user's git does: `commit.gpgsign` and all settings of the signer.
//
// A candidate is unsigned, as most are only tested. The signed commit is its copy with a signature,
// so that it is known again after a kill: under the candidate's ref, or as the branch it landed on.
#include "git/signing.hpp"

#include "git/git_errors.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/refs.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/text.hpp"

#include <chrono>

namespace orch::git {

namespace {

/// A signer that takes longer waits for the user.
constexpr Span kTryTime = std::chrono::seconds(10);
constexpr Span kSignTime = std::chrono::seconds(60);

std::vector<std::pair<std::string, std::string>> people_of(const CommitText& commit) {
  return {{"GIT_AUTHOR_NAME", commit.author.name},
          {"GIT_AUTHOR_EMAIL", commit.author.email},
          {"GIT_AUTHOR_DATE", commit.author_date},
          {"GIT_COMMITTER_NAME", commit.committer.name},
          {"GIT_COMMITTER_EMAIL", commit.committer.email},
          {"GIT_COMMITTER_DATE", commit.committer_date}};
}

}  // namespace

Job<SignWhen> signing(GitContext& git) {
  Call ask = git.call({"config", "--type=bool", "--get", "commit.gpgsign"}, "read commit.gpgsign");
  const auto wanted = co_await remembered(git, std::move(ask));
  if (!wanted) co_return passed_on(wanted);
  if (trim(wanted->out) != "true") co_return SignWhen::Never;
  Call own = git.call({"config", "--get", "tmux-orch.sign"}, "read tmux-orch.sign");
  const auto when = co_await remembered(git, std::move(own));
  if (!when) co_return passed_on(when);
  const std::string_view word = trim(when->out);
  if (word.empty() || word == "landing") co_return SignWhen::AtLanding;
  if (word == "end") co_return SignWhen::AtEnd;
  if (word == "never") co_return SignWhen::Never;
  co_return hinted(fail(Fault::BadInput, "tmux-orch.sign cannot be \"{}\" in git's configuration",
                        one_line(word, 40)),
                   "it can be landing, end or never: git config tmux-orch.sign landing");
}

Job<bool> set_signing(GitContext& git, std::string when) {
  Call set = git.call({"config", "tmux-orch.sign", std::move(when)}, "set tmux-orch.sign");
  const auto done = co_await git.runner.output(std::move(set));
  if (!done) co_return passed_on(done);
  git.answers.clear();
  co_return true;
}

Job<CommitId> sign(GitContext& git, CommitText commit, Span timeout) {
  Call make = git.call({"commit-tree", "-S", "-F", "-"}, "sign a commit");
  for (const std::string& parent : commit.parents) {
    make.args.emplace_back("-p");
    make.args.push_back(parent);
  }
  make.args.push_back(commit.tree);
  make.input = commit.message;
  make.env = people_of(commit);
  make.timeout = timeout;
  const auto made = co_await git.runner.run(std::move(make));
  if (!made && made.error().fault == Fault::TimedOut)
    co_return fail(Fault::TimedOut, "signing failed: the signer did not answer in {}",
                   span_text(timeout));
  if (!made) co_return passed_on(made);
  if (!made->ok()) co_return fail(Fault::Io, "signing failed: {}", why_unsigned(made->err));
  co_return CommitId{std::string(trim(made->out))};
}

Job<CommitText> commit_text(GitContext& git, CommitId commit) {
  Call read = git.call({"cat-file", "commit", commit.value},
                       fmt::format("read commit {}", shortened(commit)));
  const auto raw = co_await git.runner.output(std::move(read));
  if (!raw) co_return passed_on(raw);
  auto text = parse_commit(*raw);
  if (!text) co_return fail(Fault::Corrupt, "{} is no commit", shortened(commit));
  co_return std::move(*text);
}

Job<bool> try_signing(GitContext& git, CommitId like) {
  auto commit = co_await commit_text(git, like);
  if (!commit) co_return passed_on(commit);
  commit->message = "A try of the signer by tmux-orch\n";
  const auto identity = co_await git::identity(git);
  if (!identity) co_return passed_on(identity);
  commit->author = commit->committer = *identity;
  const auto made = co_await sign(git, std::move(*commit), kTryTime);
  if (!made) co_return passed_on(made);
  co_return true;
}

Job<CommitId> signed_candidate(GitContext& git, CommitId candidate, std::string candidate_ref,
                               std::string branch_ref) {
  const auto tip = co_await ref(git, branch_ref);
  if (!tip) co_return passed_on(tip);
  if (*tip) {
    const auto landed = co_await is_ancestor(git, candidate, **tip);
    if (!landed) co_return passed_on(landed);
    if (*landed) co_return candidate;
  }
  const auto wanted = co_await commit_text(git, candidate);
  if (!wanted) co_return passed_on(wanted);
  if (wanted->is_signed) co_return candidate;
  const auto held = co_await ref(git, candidate_ref);
  if (!held) co_return passed_on(held);
  const std::vector<std::optional<CommitId>> places = {*held, *tip};
  for (const std::optional<CommitId>& known : places) {
    if (!known || *known == candidate) continue;
    const auto text = co_await commit_text(git, *known);
    if (text && text->is_signed && text->same_but_signature(*wanted)) co_return *known;
  }
  const auto made = co_await sign(git, *wanted, kSignTime);
  if (!made) co_return passed_on(made);
  failpoint("git.signed");
  RefChange keep;
  keep.name = candidate_ref;
  keep.to = *made;
  keep.doing = "keep the signed commit under " + candidate_ref;
  const auto kept = co_await change_ref(git, std::move(keep));
  if (!kept) co_return passed_on(kept);
  co_return *made;
}

}  // namespace orch::git
