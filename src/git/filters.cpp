// Compares .gitattributes with the settings `filter.NAME.*`.
#include "git/filters.hpp"

#include "git/parse.hpp"
#include "git/queries.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <set>

namespace orch::git {

std::vector<std::string> filters_named_in(std::string_view attributes) {
  constexpr std::string_view kFilter = "filter=";
  std::set<std::string> names;
  for (const std::string_view line : split_lines(attributes)) {
    if (trim(line).starts_with('#')) continue;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
      const std::string_view word = line.substr(at, end - at);
      if (word.size() > kFilter.size() && word.starts_with(kFilter))
        names.emplace(word.substr(kFilter.size()));
      at = end + 1;
    }
  }
  return {names.begin(), names.end()};
}

Job<std::vector<std::string>> filters_without_program(GitContext& git, CommitId commit) {
  std::vector<std::string> missing;
  const auto attributes = co_await show_file(git, std::move(commit), ".gitattributes");
  if (!attributes) co_return passed_on(attributes);
  if (!*attributes) co_return missing;
  missing = filters_named_in(**attributes);
  if (missing.empty()) co_return missing;
  Call ask = git.call(
      {"config", "-z", "--name-only", "--get-regexp", "^filter[.].*[.](clean|smudge|process)$"},
      "read the filters");
  const auto listed = co_await git.runner.run(std::move(ask));
  if (!listed) co_return passed_on(listed);
  const std::vector<std::string> settings = parse_names(listed->out);
  std::erase_if(missing, [&settings](const std::string& name) {
    return std::ranges::any_of(settings, [&name](const std::string& setting) {
      return setting.starts_with("filter." + name + '.');
    });
  });
  co_return missing;
}

}  // namespace orch::git
