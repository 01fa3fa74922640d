#pragma once
// What can be known of an agent's program before it is started: its version, and by what it shows
// that its user is signed in and trusts the repository. Looked at, never written.
#include <string>
#include <vector>

namespace orch {

/// One thing that shows it: a variable of the environment, a file, or a value in one.
struct Evidence {
  std::string env;           ///< is set, and not empty
  std::string folder_env;    ///< the variable that says where the file lies, when it is set
  std::string folder = "~";  ///< otherwise; `~` is the user's home, `{root}` the repository
  std::string file;          ///< JSON, or TOML where it is called so
  std::vector<std::string>
      key;  ///< a value in it; `{root}`: the repository. Empty: the file is there
  std::vector<std::string> is;  ///< what it may be; empty: anything but false, null and ""
  bool above = false;           ///< a folder above the repository will do as well
  bool unsure = false;          ///< where it is found, nothing can be told

  bool operator==(const Evidence&) const = default;
};

struct PreflightRules {
  std::string program;  ///< whose evidence this is; nothing is told of another one
  std::vector<std::string>
      version;  ///< arguments with which the program says it; empty: it is not asked
  std::vector<std::string> versions;  ///< those its profile was measured with
  std::vector<Evidence> trusted;      ///< any of these shows it; none: it cannot be told
  std::vector<Evidence> signed_in;
  std::vector<std::string>
      sign_in;  ///< the command by which the user signs in; empty: it is started

  bool operator==(const PreflightRules&) const = default;
};

}  // namespace orch
