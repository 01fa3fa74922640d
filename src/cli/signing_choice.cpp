// Tries the signer, and asks where it does not work by itself.
#include "cli/signing_choice.hpp"

#include "cli/ask.hpp"
#include "cli/output.hpp"
#include "git/parse.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

namespace orch::cli {
namespace {

Failure unsigned_run(const git::Repository& repository, const std::string& why) {
  const std::string git = "git -C " + shell_word(repository.root().native());
  return hinted(
      fail(Fault::Refused, "commit.gpgsign is set and {}: nothing was started", one_line(why)),
      fmt::format(
          "unlock the signer and try again: `{0} commit-tree -S -m try 'HEAD^{{tree}}'`; or "
          "sign yourself, once at the end: `{0} config tmux-orch.sign end`; or land "
          "unsigned: `{0} config tmux-orch.sign never`",
          git));
}

/// "end", "never", or nothing: the user would rather stop.
std::string chosen(const std::string& why) {
  const char key =
      ask(fmt::format("commit.gpgsign is set, and {}\n"
                      "sign once at the end yourself (e), land unsigned (u), or stop (x, the "
                      "default)? ",
                      one_line(why)),
          'x');
  return key == 'e' ? "end" : key == 'u' ? "never" : "";
}

}  // namespace

Status settle_signing(Blocking& blocking, git::Repository& repository, const CommitId& base,
                      bool may_ask) {
  const Result<git::SignWhen> when = blocking.wait(repository.signing());
  if (!when) return passed_on(when);
  if (*when != git::SignWhen::AtLanding) return {};
  const Result<bool> tried = blocking.wait(repository.try_signing(base));
  if (tried) return {};
  const std::string& why = tried.error().what;
  const std::string answer = may_ask ? chosen(why) : std::string();
  if (answer.empty()) return unsigned_run(repository, why);
  const Result<bool> set = blocking.wait(repository.set_signing(answer));
  if (!set) return passed_on(set);
  print(
      fmt::format("kept as tmux-orch.sign = {} in this repository's git configuration\n", answer));
  return {};
}

}  // namespace orch::cli
