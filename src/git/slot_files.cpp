// Works on the files of slots, by the file system and by git.
#include "git/slot_files.hpp"

#include "git/below.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

static constexpr Span kCheckoutTime = std::chrono::minutes(15);
static constexpr std::size_t kMostCompared = 200;
static constexpr std::size_t kLargestCompared = 1u << 20;

mode_t current_umask() {
  const Result<std::string> status = read_file("/proc/self/status", 64u << 10);
  constexpr std::string_view kName = "Umask:\t";
  const std::size_t at = status ? status->find(kName) : std::string::npos;
  mode_t mask = 022;
  if (at == std::string::npos) return mask;
  const char* from = status->data() + at + kName.size();
  std::from_chars(from, status->data() + status->size(), mask, 8);
  return mask;
}

std::string settings_print(const GitContext& git) {
  const fs::path folder = git.runner.common_dir().empty() ? git.git_dir : git.runner.common_dir();
  const Result<std::string> config = read_file(folder / "config");
  const Result<std::string> attributes = read_file(folder / "info/attributes");
  std::uint64_t print = fnv1a(config ? *config : std::string());
  print = fnv1a(attributes ? *attributes : std::string(), print);
  return fmt::format("{:016x} {:03o}", print, current_umask());
}

Job<SlotLook> look_over(GitContext& git, fs::path folder, std::vector<std::string> keep,
                        std::optional<Tidying> tidying, std::shared_ptr<FolderWatches> watches) {
  std::function<Result<SlotLook>()> work = [folder = std::move(folder), keep = std::move(keep),
                                            tidying, watches = std::move(watches)] {
    return look_over_slot(folder, keep, tidying, watches.get());
  };
  co_return co_await loop::off_loop<Result<SlotLook>>(git.loop, std::move(work));
}

Job<bool> bring_files(GitContext& git, Registration registration, CommitId from, CommitId to) {
  if (from == to) co_return true;
  Call read = git.call({"read-tree", "-m", "-u", from.value, to.value},
                       "bring " + one_line(registration.path.native()) + " up to date");
  read.place = Place{registration.admin, registration.path};
  read.owned = {registration.admin};
  read.timeout = kCheckoutTime;
  const auto written = co_await git.runner.output(std::move(read));
  if (!written) co_return passed_on(written);
  co_return true;
}

Job<bool> fresh_index(GitContext& git, Registration registration, CommitId commit) {
  Call read = git.call({"read-tree", commit.value}, "fill an index anew");
  read.place = Place{registration.admin, registration.path};
  read.owned = {registration.admin};
  read.timeout = kCheckoutTime;
  Call refresh = read;
  refresh.args = {"update-index", "-q", "--refresh"};
  std::error_code error;
  fs::remove(registration.admin / "index", error);
  const auto filled = co_await git.runner.output(std::move(read));
  if (!filled) co_return passed_on(filled);
  // Its status says whether anything is different, which is looked at next.
  const auto refreshed = co_await git.runner.run(std::move(refresh));
  if (!refreshed) co_return passed_on(refreshed);
  co_return true;
}

Job<bool> same_attributes(GitContext& git, CommitId one, CommitId other) {
  const auto changed = co_await changed_files(git, std::move(one), std::move(other));
  if (!changed) co_return passed_on(changed);
  co_return std::ranges::none_of(*changed, [](const std::string& path) {
    return fs::path(path).filename() == ".gitattributes" || path == ".gitmodules";
  });
}

/// The bytes of a plain file, or where a link leads.
static std::optional<std::string> content_of(const fs::path& file, std::string_view mode) {
  std::error_code error;
  if (mode == "120000") {
    const fs::path target = fs::read_symlink(file, error);
    return error ? std::nullopt : std::optional(target.native());
  }
  const Result<UntrustedFolder> folder = UntrustedFolder::open(file.parent_path());
  if (!folder) return std::nullopt;
  const Result<std::string> text = folder->read(file.filename(), kLargestCompared);
  return text ? std::optional(*text) : std::nullopt;
}

Job<bool> are_as_stored(GitContext& git, fs::path worktree, CommitId commit,
                        std::vector<std::string> paths, Stored how) {
  if (paths.size() > kMostCompared) co_return false;
  if (paths.empty()) co_return true;
  const auto entries = co_await tree_entries(git, commit.value, paths);
  if (!entries) co_return passed_on(entries);
  if (entries->size() != paths.size()) co_return false;
  for (const TreeEntry& entry : *entries) {
    const auto blob = co_await git.objects.read(entry.id, kLargestCompared);
    if (!blob || !*blob) co_return false;
    const auto content = content_of(worktree / entry.path, entry.mode);
    const std::string& stored = (**blob).bytes;
    const bool same =
        content && (how == Stored::Begun ? stored.starts_with(*content) : stored == *content);
    if (!same) co_return false;
  }
  co_return true;
}

Job<bool> write_again(GitContext& git, Registration registration, std::vector<std::string> paths) {
  Call write = git.call({"checkout-index", "--force", "--index", "-z", "--stdin"},
                        "check out " + one_line(registration.path.native()));
  write.place = Place{registration.admin, registration.path};
  write.owned = {registration.admin};
  write.timeout = kCheckoutTime;
  auto below = Below::open(registration.path);
  if (!below) co_return passed_on(below);
  for (const std::string& path : paths) {
    // Git leaves a file that it takes for unchanged.
    const Status removed = below->remove(path);
    if (!removed) co_return passed_on(removed);
    write.input += path + '\0';
  }
  const auto written = co_await git.runner.output(std::move(write));
  if (!written) co_return passed_on(written);
  co_return true;
}

}  // namespace orch::git
