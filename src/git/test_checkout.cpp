// Keeps the worktree in which candidates are tested at exactly one commit.
#include "git/test_checkout.hpp"

#include "git/bring_submodules.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/snapshot.hpp"
#include "git/worktrees.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr Span kCheckoutTime = std::chrono::minutes(15);

/// The registered worktree with its folder and its `.git` file, whatever tests did to them.
Job<Registration> ensure_detached(GitContext& git, TestCheckoutRequest request) {
  const auto found = co_await own_registration(git, request.path, request.reason);
  if (!found) co_return passed_on(found);
  if (!*found) co_return co_await register_at(git, request.path, request.commit, request.reason);
  const Registration registration = **found;
  const Place place{registration.admin, registration.path};
  const auto quiet = co_await settled(git, place);
  if (!quiet) co_return passed_on(quiet);
  const Status made = make_folders(registration.path);
  if (!made) co_return passed_on(made);
  const fs::path link = registration.path / ".git";
  std::error_code error;
  if (!fs::is_regular_file(link, error)) {
    (void)co_await loop::remove_tree(git.loop, link);  // a remainder would be in the way
    const Status linked =
        write_file(link, fmt::format("gitdir: {}\n", registration.admin.native()));
    if (!linked) co_return passed_on(linked);
  }
  const Status ended = drop_operation(registration.admin);
  if (!ended) co_return passed_on(ended);
  co_return registration;
}

/// What the tests are about to see is the commit's tree: asked of the files, not of the index.
Job<std::string> verified_tree(GitContext& git, TestCheckoutRequest request) {
  auto wanted = co_await tree_of(git, request.commit);
  if (!wanted) co_return passed_on(wanted);
  const auto there = co_await tree_now(git, request.path, request.keep);
  if (!there) co_return passed_on(there);
  if (*there != *wanted)
    co_return fail(Fault::Io, "the files in {} are not those of {}: tree {} instead of {}",
                   one_line(request.path.native()), shortened(request.commit),
                   shortened(CommitId{*there}), shortened(CommitId{*wanted}));
  co_return std::move(*wanted);
}

}  // namespace

Job<std::string> check_out_for_tests(GitContext& git, TestCheckoutRequest request) {
  std::error_code error;
  request.path = fs::weakly_canonical(request.path, error);
  request.reason = one_line(trim(request.reason));
  const auto registration = co_await ensure_detached(git, request);
  if (!registration) co_return passed_on(registration);

  const std::string shown = one_line(request.path.native());
  Call move = git.call({"update-ref", "--no-deref", "HEAD", request.commit.value},
                       fmt::format("check out {} in {}", shortened(request.commit), shown));
  move.place = Place{registration->admin, registration->path};
  move.timeout = kCheckoutTime;
  // The whole tree, also where the user's own checkout is sparse.
  Call reset = move;
  reset.args = {"-c", "core.sparseCheckout=false", "reset", "--hard", "--quiet"};
  Call clean = move;
  clean.args = {"clean", "-ffdxq"};
  for (const std::string& path : request.keep) {
    clean.args.emplace_back("-e");
    clean.args.push_back(ignore_pattern(path));
  }
  const auto moved = co_await git.runner.output(std::move(move));
  if (!moved) co_return passed_on(moved);
  failpoint("git.test_checkout");
  const auto filled = co_await git.runner.output(std::move(reset));
  if (!filled) co_return passed_on(filled);
  const auto cleaned = co_await git.runner.output(std::move(clean));
  if (!cleaned) co_return passed_on(cleaned);
  const Place place{registration->admin, registration->path};
  const auto emptied = co_await empty_submodules(git, place);
  if (!emptied) co_return passed_on(emptied);
  if (!request.submodules_of.empty()) {
    // What is not here, tests find empty, as whoever clones the repository.
    SubmoduleRequest submodules{request.path, request.submodules_of};
    const auto brought = co_await bring_submodules(git, std::move(submodules));
    if (!brought) co_return passed_on(brought);
  }
  co_return co_await verified_tree(git, std::move(request));
}

}  // namespace orch::git
