// Says what has changed in git's configuration.
#include "app/git_settings.hpp"

#include "git/frozen.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace orch::app {

std::string some_of(std::vector<std::string> settings) {
  constexpr std::size_t kShown = 3;
  const std::size_t more = settings.size() > kShown ? settings.size() - kShown : 0;
  settings.resize(settings.size() - more);
  return join(settings, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

loop::Job<std::string> changed_configuration(git::Repository& git, std::filesystem::path frozen) {
  if (!git::is_frozen(frozen)) co_return std::string();
  const auto programs = co_await git.programs_since(frozen);
  if (!programs || programs->empty()) co_return std::string();
  co_return fmt::format(
      "git's configuration was changed since the run began ({}): what it says counts from the next "
      "run on; `git config --local --list` shows it",
      some_of(*programs));
}

}  // namespace orch::app
