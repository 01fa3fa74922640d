#pragma once
// When an agent was sent a text last, by the records of its shim: what it reports belongs to the
// time since then.
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

namespace orch::app {

class LastText {
 public:
  explicit LastText(const std::filesystem::path& attempt);

  /// Looks again where something was recorded since.
  void look();

  /// Nothing: none was sent since its start.
  const std::optional<timespec>& at() const { return at_; }

  /// Its name in the ids of reports; empty: there is none.
  std::string name() const;

 private:
  std::filesystem::path folder_;
  std::optional<timespec> folder_changed_;
  std::optional<timespec> at_;
};

/// By the stamps of files.
bool is_before(const timespec& one, const timespec& other);

}  // namespace orch::app
