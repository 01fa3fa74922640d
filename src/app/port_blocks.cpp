// Leases in a file of the user's state folder: a line each, `FIRST SIZE WORKTREE`.
#include "app/port_blocks.hpp"

#include "app/agent_files.hpp"
#include "app/run_context.hpp"
#include "config/trusted_roots.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/log.hpp"
#include "orch/base/text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <string_view>
#include <system_error>
#include <thread>

namespace orch::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestList = 4u << 20;
constexpr int kFirstEphemeral = 32'768;
constexpr int kPortsEnd = 65'536;

struct Lease {
  int first = 0;
  int size = 0;
  std::string owner;
};

bool take_number(std::string_view& line, int& number) {
  const char* end = line.data() + line.size();
  const auto [stop, code] = std::from_chars(line.data(), end, number);
  if (code != std::errc{} || stop == end || *stop != ' ') return false;
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()) + 1);
  return true;
}

/// What makes no sense is left out: it is nobody's lease.
std::vector<Lease> read_leases(const fs::path& list) {
  std::vector<Lease> leases;
  const Result<std::string> text = read_file(list, kLongestList);
  if (!text) return leases;
  for (std::string_view line : split(*text, '\n')) {
    Lease lease;
    const bool reads = take_number(line, lease.first) && take_number(line, lease.size);
    if (!reads || lease.first <= 0 || lease.size <= 0 || lease.first > kPortsEnd - lease.size)
      continue;
    lease.owner = line;
    std::error_code error;
    const bool is_gone = !fs::is_directory(lease.owner, error);
    if (!is_gone) leases.push_back(std::move(lease));
  }
  return leases;
}

Status write_leases(const fs::path& list, const std::vector<Lease>& leases) {
  std::string text;
  for (const Lease& lease : leases)
    text += fmt::format("{} {} {}\n", lease.first, lease.size, lease.owner);
  return write_file(list, text, 0600);
}

/// A port that was used a moment ago is free; one that somebody listens on is not.
bool is_free(int port) {
  const Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return true;
  const int yes = 1;
  (void)::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);

  struct sockaddr_in address {};

  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool is_free(const std::vector<Lease>& leases, int first, int size) {
  const bool is_leased = std::ranges::any_of(leases, [&](const Lease& lease) {
    return first < lease.first + lease.size && lease.first < first + size;
  });
  if (is_leased) return false;
  for (int port = first; port < first + size; ++port)
    if (!is_free(port)) return false;
  return true;
}

/// Held for as long as a short file is read and written.
Result<Fd> lock_of(const fs::path& list) {
  constexpr int kTries = 200;
  fs::path file = list;
  file += ".lock";
  Result<Fd> lock = lock_file(file);
  for (int i = 1; i < kTries && !lock && lock.error().fault == Fault::Busy; ++i) {
    std::this_thread::sleep_for(10ms);
    lock = lock_file(file);
  }
  return lock;
}

}  // namespace

Result<int> lease_ports(const fs::path& list, const PortRange& range, const fs::path& owner) {
  if (owner.native().find('\n') != std::string::npos)
    return fail(Fault::Refused, "{} has no place in a list of lines", one_line(owner.native()));
  if (const Status made = make_folders(list.parent_path(), 0700); !made) return passed_on(made);
  const Result<Fd> lock = lock_of(list);
  if (!lock) return passed_on(lock);
  std::vector<Lease> leases = read_leases(list);
  const auto own = std::ranges::find(leases, owner.native(), &Lease::owner);
  if (own != leases.end() && own->size == range.size && own->first >= range.base) return own->first;
  if (own != leases.end()) leases.erase(own);
  // Ports above are given by the system to whoever connects.
  const int end = range.base < kFirstEphemeral ? kFirstEphemeral : kPortsEnd;
  for (int first = range.base; first + range.size <= end; first += range.size) {
    if (!is_free(leases, first, range.size)) continue;
    leases.push_back({first, range.size, owner.native()});
    if (const Status written = write_leases(list, leases); !written) return passed_on(written);
    return first;
  }
  return hinted(fail(Fault::Full, "no {} ports from {} on are left", range.size, range.base),
                "set worktree_setup.port_base or worktree_setup.ports, or take worktrees away "
                "that are of no use");
}

namespace {

/// Where it would lie in a home folder that is not there, it is none: nobody's home is made for it.
fs::path list_for(const Environment& environment) {
  const fs::path trusted = trusted_roots_file(environment);
  const auto state = environment.find("XDG_STATE_HOME");
  const bool is_set = state != environment.end() && fs::path(state->second).is_absolute();
  const auto home = is_set ? state : environment.find("HOME");
  std::error_code error;
  if (trusted.empty() || home == environment.end() || !fs::is_directory(home->second, error))
    return {};
  return trusted.parent_path() / "ports";
}

}  // namespace

loop::Job<std::vector<std::string>> port_variable(loop::Loop& loop, const RunContext& context,
                                                  fs::path worktree) {
  std::vector<std::string> variables;
  const WorktreeSetup& set_up = context.config.worktree_setup;
  const fs::path list = list_for(environment_of(context));
  if (set_up.ports == 0 || list.empty()) co_return variables;
  std::function<Result<int>()> work = [list, range = PortRange{set_up.port_base, set_up.ports},
                                       worktree] { return lease_ports(list, range, worktree); };
  const Result<int> first = co_await loop::off_loop<Result<int>>(loop, std::move(work));
  if (first) {
    variables.push_back(fmt::format("{}={}", kPortVariable, *first));
  } else {
    log_line(LogLevel::Warning, "{} has no ports: {}", one_line(worktree.native()),
             to_text(first.error()));
  }
  co_return variables;
}

}  // namespace orch::app
