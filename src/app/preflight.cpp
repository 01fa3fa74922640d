// What can be known of an agent's program before it is started.
#include "app/preflight.hpp"

#include "config/document.hpp"
#include "orch/base/files.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace orch::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 64u << 20;  // a CLI may keep its whole history in it

std::string value_of(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& variable : environment)
    if (variable.size() > name.size() && variable[name.size()] == '=' && variable.starts_with(name))
      return variable.substr(name.size() + 1);
  return {};
}

/// Looks for evidence in one environment, for one repository.
class Look {
 public:
  Look(const AgentProfile& profile, fs::path root, std::vector<std::string> environment)
      : profile_(profile), root_(std::move(root)), environment_(std::move(environment)) {
    for (const auto& [name, value] : profile.env)
      environment_.insert(environment_.begin(), fmt::format("{}={}", name, value));
  }

  Finding any_of(const std::vector<Evidence>& list) const {
    if (list.empty() || !is_its_program()) return {};
    std::vector<std::string> looked;
    std::string doubt;
    for (const Evidence& one : list) {
      const std::string name = name_of(one);
      const Known known = look_at(one);
      if (known == Known::Yes && !one.unsure) return {Known::Yes, name, {}};
      if (known != Known::No && doubt.empty()) doubt = name;
      if (std::ranges::find(looked, name) == looked.end()) looked.push_back(name);
    }
    if (!doubt.empty()) return {Known::CannotTell, doubt, {}};
    constexpr std::size_t kShown = 3;
    const std::size_t more = looked.size() - std::min(looked.size(), kShown);
    looked.resize(looked.size() - more);
    return {
        Known::No, join(looked, ", ") + (more > 0 ? fmt::format(" and {} more", more) : ""), {}};
  }

 private:
  /// Behind a wrapper it may have another home, and another program other files.
  bool is_its_program() const {
    return profile_.wrapper.empty() && !profile_.command.empty() &&
           fs::path(profile_.command.front()).filename() == profile_.preflight.program;
  }

  fs::path path_of(const Evidence& one) const {
    const std::string moved =
        one.folder_env.empty() ? std::string() : value_of(environment_, one.folder_env);
    std::string folder = moved.empty() ? one.folder : moved;
    if (folder == "{root}") folder = root_.string();
    if (folder.starts_with('~')) folder = value_of(environment_, "HOME") + folder.substr(1);
    return fs::path(folder) / one.file;
  }

  std::string name_of(const Evidence& one) const {
    return one.env.empty() ? path_of(one).string() : "$" + one.env;
  }

  Known look_at(const Evidence& one) const {
    if (!one.env.empty()) return value_of(environment_, one.env).empty() ? Known::No : Known::Yes;
    const fs::path path = path_of(one);
    std::error_code ec;
    const fs::file_status status = fs::status(path, ec);
    if (status.type() == fs::file_type::not_found) return Known::No;
    if (status.type() != fs::file_type::regular) return Known::CannotTell;
    if (one.key.empty()) return Known::Yes;
    const Result<std::string> text = read_file(path, kLargestFile);
    if (!text) return text.error().fault == Fault::NotFound ? Known::No : Known::CannotTell;
    return look_in(*text, path.extension() == ".toml", one);
  }

  Known look_in(const std::string& text, bool toml, const Evidence& one) const {
    for (fs::path root = root_;; root = root.parent_path()) {
      std::vector<std::string> keys = one.key;
      std::ranges::replace(keys, std::string("{root}"), root.string());
      const auto value = value_in(text, toml ? DocumentFormat::Toml : DocumentFormat::Json, keys);
      if (!value) return trim(text).empty() ? Known::No : Known::CannotTell;
      if (*value && fits(**value, one)) return Known::Yes;
      if (!one.above || root == root.parent_path()) return Known::No;
    }
  }

  static bool fits(const std::string& value, const Evidence& one) {
    if (!one.is.empty()) return std::ranges::find(one.is, value) != one.is.end();
    return !value.empty() && value != "false" && value != "0";
  }

  const AgentProfile& profile_;
  fs::path root_;
  std::vector<std::string> environment_;
};

std::string command_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words)
    quoted.push_back(shell_word(one_line(word)));
  return join(quoted, " ");
}

bool skips_trust(const AgentProfile& profile, bool trusts) {
  const auto& command = profile.command;
  const bool has_place = std::ranges::find(command, "{rights}") != command.end();
  if (trusts && has_place && !profile.trust_flags.empty()) return true;
  return std::ranges::any_of(profile.trust_flags, [&profile](const std::string& flag) {
    return std::ranges::find(profile.command, flag) != profile.command.end();
  });
}

}  // namespace

Preflight preflight(const AgentProfile& profile, const fs::path& root,
                    const std::vector<std::string>& environment, bool trusts) {
  const Look look(profile, root, environment);
  Preflight result{.kind = profile.name, .trusted = {}, .signed_in = {}};
  result.signed_in = look.any_of(profile.preflight.signed_in);
  if (skips_trust(profile, trusts)) {
    result.trusted = {Known::Yes, "an option of its command", {}};
  } else {
    result.trusted = look.any_of(profile.preflight.trusted);
  }
  if (!result.is_missing()) return result;
  const std::string start = fmt::format("cd {} && {}", shell_word(one_line(root.string())),
                                        command_line({profile.command.front()}));
  result.trusted.command = start;
  result.signed_in.command =
      profile.preflight.sign_in.empty() ? start : command_line(profile.preflight.sign_in);
  return result;
}

std::string version_in(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    std::size_t end = at;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.'))
      ++end;
    while (text[end - 1] == '.')
      --end;
    const std::string_view number = text.substr(at, end - at);
    constexpr std::size_t kLongest = 40;
    if (number.find('.') != std::string_view::npos && number.size() <= kLongest)
      return std::string(number);
    at = end;
  }
  return {};
}

loop::Job<ProgramVersion> version_of(loop::Children& children, AgentProfile profile, Span timeout) {
  const bool can_say = !profile.preflight.version.empty() && !profile.command.empty();
  if (!can_say || profile.of_repository) co_return ProgramVersion{};
  loop::Command command;
  command.argv = {profile.command.front()};
  command.argv.insert(command.argv.end(), profile.preflight.version.begin(),
                      profile.preflight.version.end());
  command.cwd = "/";  // what the repository has for the program does not run
  command.env.assign(profile.env.begin(), profile.env.end());
  command.timeout = timeout;
  command.keep = 1u << 16;
  const Result<loop::Finished> finished = co_await children.run(std::move(command));
  if (!finished || !finished->ok()) co_return ProgramVersion{};
  ProgramVersion version;
  version.text = version_in(finished->out);
  if (version.text.empty()) version.text = version_in(finished->err);
  const std::vector<std::string>& known = profile.preflight.versions;
  version.measured = std::ranges::find(known, version.text) != known.end();
  co_return version;
}

}  // namespace orch::app
