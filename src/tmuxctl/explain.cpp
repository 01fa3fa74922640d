// tmux's error texts (3.2 to 3.7), sorted into faults.
#include "tmuxctl/explain.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>

namespace tmuxctl {

using orch::Error;
using orch::Fault;

/// What the server lacks for a moment: "create window failed: fork failed: Too many open files".
static bool is_shortage(std::string_view text) {
  constexpr std::array<std::string_view, 4> kTexts = {
      "Too many open files", "Resource temporarily unavailable", "Cannot allocate memory",
      "out of pty devices"};
  return std::ranges::any_of(kTexts, [text](auto part) { return text.find(part) != text.npos; });
}

Error refusal(std::string_view text) {
  const std::string what = "tmux: " + orch::one_line(text, 400);
  if (text.starts_with("can't find") || text.starts_with("no sessions") ||
      text.starts_with("no such"))
    return {Fault::NotFound, what, {}};
  if (is_shortage(text)) return {Fault::Busy, what, {}};
  if (text.starts_with("parse error")) return {Fault::BadInput, what, {}};
  return {Fault::Refused, what, {}};
}

Error explain(const Address& address, std::string_view text) {
  const auto says = [text](std::string_view part) { return text.find(part) != text.npos; };
  const std::string folder = address.socket(tmux_tmpdir()).parent_path().string();
  const std::string said = orch::one_line(text, 400);
  if (says("unsafe permissions"))
    return {Fault::Refused,
            fmt::format("tmux refuses the socket folder {}: others may use it", folder),
            "chmod 700 " + folder};
  if (says("Permission denied") || says("is not a directory") || says("couldn't create"))
    return {Fault::Refused, fmt::format("tmux cannot use the socket folder {}: {}", folder, said),
            "choose another socket with -S"};
  if (says("error creating") && says("No such file or directory"))
    return {Fault::Refused, fmt::format("there is no folder {} for tmux's socket", folder),
            "mkdir -p " + folder + ", or choose another socket with -S"};
  if (says("error creating"))
    return {Fault::Io, fmt::format("tmux cannot make its socket in {}: {}", folder, said), {}};
  if (says("no server running") || says("error connecting"))
    return {Fault::NotFound, fmt::format("no tmux server is running ({})", address.text()), {}};
  return refusal(text);
}

bool is_passing(std::string_view text) {
  constexpr std::array<std::string_view, 5> kTexts = {
      "no server running", "server exited", "lost server", "Connection refused", "Connection reset",
  };
  for (const std::string_view part : kTexts)
    if (text.find(part) != text.npos) return true;
  return false;
}

Error not_started(const Error& error) {
  if (error.fault == Fault::NotFound)
    return {Fault::NotFound, "tmux is not installed", "apt install tmux"};
  return error;
}

}  // namespace tmuxctl
