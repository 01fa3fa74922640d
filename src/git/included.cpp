// Asks git twice: what the patterns match, and what of that is ignored.
#include "git/included.hpp"

#include "git/below.hpp"
#include "git/parse.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr off_t kLongestPatterns = 256 << 10;
constexpr std::size_t kMostIncluded = 10'000;
constexpr std::int64_t kMostBytes = 1LL << 30;

/// Not read through a link, which may lead to a file that a program waits for.
bool has_patterns(Below& checkout) {
  const auto info = checkout.look(kIncludeFile);
  return info && S_ISREG(info->st_mode) && info->st_size > 0 && info->st_size <= kLongestPatterns;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text.append(name).push_back('\0');
  return text;
}

/// Those that are files, as long as all of them are not too much.
Included sized(Below& checkout, std::vector<std::string> names) {
  Included included;
  std::int64_t bytes = 0;
  for (std::string& name : names) {
    const auto info = checkout.look(name);
    if (!info || !S_ISREG(info->st_mode)) continue;
    bytes += info->st_size;
    included.files.push_back(std::move(name));
  }
  if (included.files.size() <= kMostIncluded && bytes <= kMostBytes) return included;
  included.note = fmt::format(
      "{} names {} files of {} MB: more than {} files or {} MB are not copied, so none is "
      "(`worktree_setup.link` and `worktree_setup.copy` take folders)",
      kIncludeFile, included.files.size(), bytes >> 20, kMostIncluded, kMostBytes >> 20);
  included.files.clear();
  return included;
}

}  // namespace

Job<Included> included_files(GitContext& git, fs::path checkout,
                             std::vector<std::string> left_out) {
  auto below = Below::open(checkout);
  if (!below) co_return passed_on(below);
  if (!has_patterns(*below)) co_return Included();
  const Result<Place> place = git.place_of(checkout);
  if (!place) co_return passed_on(place);
  const std::string doing = fmt::format("read {} of {}", kIncludeFile, one_line(checkout.native()));
  // An ignore file is looked for where git works, whatever folder it was called in.
  const std::string patterns = (place->work_tree / kIncludeFile).native();
  Call list =
      git.call({"ls-files", "-z", "--others", "--ignored", "--exclude-from=" + patterns}, doing);
  list.place = *place;
  list.keep = kLongestList;
  const Result<std::string> listed = co_await git.runner.output(std::move(list));
  if (!listed) co_return passed_on(listed);
  std::vector<std::string> names = parse_names(*listed);
  // A folder with a slash is another repository, or another worktree.
  std::erase_if(names, [&](const std::string& name) {
    return name.ends_with('/') || is_within(name, left_out);
  });
  if (names.empty()) co_return Included();
  Call check = git.call({"check-ignore", "-z", "--stdin"}, doing);
  check.place = *place;
  check.input = joined(names);
  check.keep = kLongestList;
  const Result<loop::Finished> checked = co_await git.runner.run(std::move(check));
  if (!checked) co_return passed_on(checked);
  // It ends with 1 when none of them is ignored.
  if (!checked->ok() && checked->code != 1)
    co_return fail(Fault::Io, "cannot {}: {}", doing, checked->text("git check-ignore"));
  co_return sized(*below, parse_names(checked->out));
}

}  // namespace orch::git
