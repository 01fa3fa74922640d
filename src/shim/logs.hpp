#pragma once
// Logs of bounded size. They never fail: what goes wrong is remembered and nothing more is written.
#include "orch/base/files.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace orch::shim {

/// A file that is appended to until something goes wrong (full disk, file size limit).
class AppendFile {
 public:
  /// Opens it, empty.
  void open(const std::filesystem::path& path);
  void write(std::string_view bytes);

  std::uint64_t size() const { return size_; }

  /// Why it is incomplete; empty if it is not.
  const std::string& error() const { return error_; }

 private:
  std::filesystem::path path_;
  Fd fd_;
  std::uint64_t size_ = 0;
  std::string error_;
};

/// The newest bytes, in `segments` files of `segment` bytes: path, path.1 (older), path.2 ...
class RotatedLog {
 public:
  RotatedLog(std::filesystem::path path, std::int64_t segment, int segments);
  void write(std::string_view bytes);

  const std::string& error() const { return file_.error(); }

 private:
  std::filesystem::path older(int age) const;
  void rotate();

  std::filesystem::path path_;
  std::uint64_t segment_;
  int segments_;
  AppendFile file_;
};

/// The first megabyte, which can be read while it grows, and the last four, which finish() appends:
/// a compiler's first error and a test's last one are both of interest.
class EndsLog {
 public:
  explicit EndsLog(const std::filesystem::path& path);
  void write(std::string_view bytes);
  void finish();

  const std::string& error() const { return file_.error(); }

 private:
  AppendFile file_;
  std::string tail_;
  std::uint64_t left_out_ = 0;
};

}  // namespace orch::shim
