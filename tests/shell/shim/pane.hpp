#pragma once
// What the tests of the shim stand on: a folder, a terminal, and waiting with a limit.
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch::test {

/// A folder that is gone after the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  const std::filesystem::path& path() const { return path_; }

  bool has(std::string_view name) const;
  std::string text(std::string_view name) const;

 private:
  std::filesystem::path path_;
};

/// `sh -c SCRIPT` in `folder`.
shim::AttemptSpec script(const Folder& folder, std::string text);

/// True once `condition` holds; gives up after 20 seconds.
bool eventually(const std::function<bool()>& condition);
bool ends(const ProcessId& process);

struct Ended {
  int code = -1;
  int signal = 0;
};

/// A process of the test's, killed if it is still there at the end.
class Child {
 public:
  Child() = default;

  explicit Child(pid_t pid) : pid_(pid) {}

  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

  Child& operator=(Child&&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }

  void send(int signal_number) const;
  /// Waits for its end, at most 20 seconds.
  Ended wait();

 private:
  pid_t pid_ = 0;
};

using Env = std::vector<std::pair<std::string, std::string>>;

/// A program without a terminal, its output thrown away.
Child run(const std::vector<std::string>& argv, const Env& env = {});
/// The same; its output.
std::string output_of(const std::vector<std::string>& argv);

/// A terminal as a pane of tmux is one: it answers a request for its status.
class Pane {
 public:
  /// Runs `orch-shim FOLDER` in a terminal of 100 columns and 30 rows, where ^H erases.
  explicit Pane(const Folder& folder, const Env& env = {});

  /// Reads until this was shown; false after 20 seconds or at the end.
  bool shows(std::string_view text);
  void type(std::string_view bytes) const;
  void resize(int columns, int rows) const;

  /// Gives no answer when asked for its status.
  void keep_silent() { answered_ = true; }

  /// The terminal goes away.
  void hang_up() { master_.reset(); }

  /// Reads to the end and waits; how the shim ended.
  Ended finish();

  /// All bytes that came.
  const std::string& seen() const { return seen_; }

  /// The same without the request for the status that ends it.
  std::string output() const;

  Child& shim() { return shim_; }

 private:
  bool read_once();

  Fd master_;
  Child shim_;
  std::string seen_;
  bool answered_ = false;
};

}  // namespace orch::test
