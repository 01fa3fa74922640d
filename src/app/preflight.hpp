#pragma once
// What can be known of an agent's program before it is started: its version, and whether its user
// is signed in and trusts the repository. Only reads. What cannot be told is not missing.
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "orch/config/config.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace orch::app {

enum class Known : std::uint8_t { Yes, No, CannotTell };

struct Finding {
  Known known = Known::CannotTell;
  std::string evidence;  ///< the file or variable that shows it, or what was looked at in vain
  std::string command;   ///< No: what mends it
};

struct Preflight {
  std::string kind;
  Finding trusted;
  Finding signed_in;

  bool is_missing() const { return trusted.known == Known::No || signed_in.known == Known::No; }
};

/// `environment`: NAME=VALUE, as the agent gets it, `profile.env` aside. `trusts`: the user trusts
/// the repository, so that options of the profile which say so are passed.
Preflight preflight(const AgentProfile& profile, const std::filesystem::path& root,
                    const std::vector<std::string>& environment, bool trusts = false);

struct ProgramVersion {
  std::string text;       ///< empty: it does not say
  bool measured = false;  ///< with this one its profile was tried
};

/// Starts the program with the arguments of its profile, a few seconds at most. Not one that the
/// repository's own file names: nobody has agreed to that yet.
loop::Job<ProgramVersion> version_of(loop::Children& children, AgentProfile profile,
                                     Span timeout = std::chrono::seconds(5));

/// The first thing in the text that looks like a version: "2.1.329". Empty: nothing does.
std::string version_in(std::string_view text);

}  // namespace orch::app
