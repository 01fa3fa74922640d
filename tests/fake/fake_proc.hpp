#pragma once
// A folder that looks like /proc, with the processes that a test puts into it.
#include "unit/base/temporary_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace orch::test {

struct FakeProcess {
  int pid = 0;
  int parent = 1;
  std::uint64_t start = 100;
  std::uint64_t own_ticks = 0;
  std::uint64_t children_ticks = 0;
  char state = 'S';
  std::int64_t own_mb = 0;
  std::int64_t shared_mb = 0;
  std::string name = "a program";
};

class FakeProc {
 public:
  std::filesystem::path path() const { return folder_.path(); }

  /// Adds it, or puts it in the place of the one that has its number.
  void put(const FakeProcess& process) {
    const std::string pid = fmt::format("{}", process.pid);
    std::filesystem::create_directories(folder_ / pid);
    write(pid + "/stat",
          fmt::format("{} ({}) {} {} 1 1 0 -1 4194560 1 2 3 4 {} {} {} {} 20 0 1 0 {} 5 6 7\n",
                      process.pid, process.name, process.state, process.parent, process.own_ticks,
                      0, process.children_ticks, 0, process.start));
    const std::int64_t page = ::sysconf(_SC_PAGESIZE);
    const auto pages = [page](std::int64_t mb) { return (mb << 20) / page; };
    write(pid + "/statm",
          fmt::format("{} {} {} 1 0 1 0\n", pages(4000), pages(process.own_mb + process.shared_mb),
                      pages(process.shared_mb)));
  }

  void remove(int pid) { std::filesystem::remove_all(folder_ / fmt::format("{}", pid)); }

  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace orch::test
