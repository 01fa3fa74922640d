// Never forced, never asked for a password: what needs a person is told to them.
#include "git/push.hpp"

#include "git/parse.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch::git {
namespace {

constexpr std::size_t kLinesShown = 3;

/// The branch there has commits that ours does not have: only a person can help.
bool is_behind(std::string_view said) {
  return said.find("\t[rejected] (") != std::string_view::npos;
}

/// The last lines of what git said, without its advice and what is known anyway.
std::string last_lines(std::string_view said) {
  static constexpr std::string_view kKnown[] = {
      "hint:", "To ", "error: failed to push some refs",
      "Please make sure you have the correct access rights", "and the repository exists."};
  std::vector<std::string> lines;
  for (const std::string_view line : split_lines(said)) {
    const std::string shown = one_line(trim(line), 160);
    const bool is_known = std::ranges::any_of(
        kKnown, [&shown](std::string_view start) { return shown.starts_with(start); });
    if (!shown.empty() && !is_known) lines.push_back(shown);
  }
  if (lines.size() > kLinesShown)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kLinesShown));
  return join(lines, "; ");
}

}  // namespace

Job<bool> push(GitContext& git, PushRequest request) {
  const std::string refspec = fmt::format("{}:refs/heads/{}", request.commit.value, request.branch);
  const std::string doing = fmt::format("push {}", shortened(request.commit));
  Call call =
      git.call({"push", "--porcelain", "--no-progress", "--", request.remote, refspec}, doing);
  call.timeout = request.timeout;
  call.stoppable = true;
  // A terminal is there for nobody, and a window that asks is seen by nobody.
  call.env = {{"SSH_ASKPASS_REQUIRE", "never"}, {"GCM_INTERACTIVE", "never"}};
  const auto finished = co_await git.runner.run(std::move(call));
  if (!finished) co_return passed_on(finished);
  if (finished->ok()) co_return true;
  const std::string said = last_lines(finished->out + finished->err);
  const Fault fault = is_behind(finished->out) ? Fault::Refused : Fault::Io;
  co_return fail(fault, "{}", said.empty() ? "git push says nothing" : said);
}

}  // namespace orch::git
