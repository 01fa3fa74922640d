// The list of repositories that the user trusts.
#include "config/trusted_roots.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

namespace orch {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRoots = 1u << 20;

std::string variable_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

/// One spelling of one folder: without links, `..` and a slash at its end.
std::string one_spelling(const fs::path& folder) {
  std::error_code ec;
  const fs::path real = fs::weakly_canonical(folder, ec);
  std::string text = (ec ? folder.lexically_normal() : real).string();
  while (text.size() > 1 && text.ends_with('/'))
    text.pop_back();
  return text;
}

/// Ours and nobody else's to write.
bool is_ours(const fs::path& file) {
  struct stat status {};

  return ::lstat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_uid == ::geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool lists(std::string_view text, std::string_view root) {
  const std::vector<std::string_view> lines = split(text, '\n');
  return std::ranges::find(lines, root) != lines.end();
}

}  // namespace

fs::path trusted_roots_file(const Environment& environment) {
  fs::path folder = variable_of(environment, "XDG_STATE_HOME");
  if (!folder.is_absolute()) {  // the XDG specification says to ignore a relative one
    const fs::path home = variable_of(environment, "HOME");
    if (!home.is_absolute()) return {};
    folder = home / ".local" / "state";
  }
  return folder / "tmux-orch" / "trusted";
}

fs::path place_at_home(const std::string& path, const Environment& environment) {
  if (!path.starts_with("~/")) return path;
  const std::string home = variable_of(environment, "HOME");
  return home.empty() ? fs::path() : fs::path(home) / path.substr(2);
}

bool is_trusted_root(const Config& config, const Environment& environment, const fs::path& root) {
  const std::string wanted = one_spelling(root);
  if (wanted.empty() || wanted.front() != '/') return false;
  const auto is_wanted = [&](const std::string& named) {
    const fs::path place = place_at_home(named, environment);
    return place.is_absolute() && one_spelling(place) == wanted;
  };
  if (std::ranges::any_of(config.trusted_roots, is_wanted)) return true;
  const fs::path file = trusted_roots_file(environment);
  if (file.empty() || !is_ours(file)) return false;
  const Result<std::string> text = read_file(file, kLargestRoots);
  return text && lists(*text, wanted);
}

Status trust_root(const Environment& environment, const fs::path& root) {
  const fs::path file = trusted_roots_file(environment);
  if (file.empty()) {
    return hinted(fail(Fault::Refused, "there is no place to remember that {} is trusted",
                       one_line(root.string(), 200)),
                  "set HOME or XDG_STATE_HOME");
  }
  const std::string line = one_spelling(root);
  if (!line.starts_with('/') || line.find('\n') != std::string::npos) {
    return hinted(fail(Fault::Refused, "{} cannot be remembered as trusted", one_line(line, 200)),
                  "move the repository into a folder whose name is one line");
  }
  if (const Status made = make_folders(file.parent_path(), 0700); !made) return made;
  const Result<Fd> lock = lock_file(file.string() + ".lock");
  if (!lock) return passed_on(lock);
  std::string text;
  if (is_ours(file)) {  // what others could have written is not taken over
    const Result<std::string> before = read_file(file, kLargestRoots);
    if (!before) return passed_on(before);
    text = *before;
  }
  if (lists(text, line)) return {};
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return write_file(file, text + line + '\n', 0600, true);
}

}  // namespace orch
