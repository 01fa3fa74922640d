// Works on the files of slots, by the file system and by git.
#include "git/slot_files.hpp"

#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <charconv>
#include <functional>

namespace orch::git {

namespace fs = std::filesystem;

static constexpr Span kCheckoutTime = std::chrono::minutes(15);

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
                        std::optional<Tidying> tidying) {
  std::function<Result<SlotLook>()> work = [folder = std::move(folder), keep = std::move(keep),
                                            tidying] {
    return look_over_slot(folder, keep, tidying);
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

}  // namespace orch::git
