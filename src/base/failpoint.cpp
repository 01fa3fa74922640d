// Dies at a named point when a test asks for it through the environment.
#include "orch/base/failpoint.hpp"

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string>

namespace orch {
namespace {

struct Armed {
  std::string name;
  int passes_left = 1;
};

Armed read_environment() {
  const char* value = std::getenv("TMUX_ORCH_FAILPOINT");
  if (value == nullptr) return {};
  Armed armed{value};
  const std::size_t colon = armed.name.rfind(':');
  if (colon == std::string::npos) return armed;
  const char* end = armed.name.data() + armed.name.size();
  std::from_chars(armed.name.data() + colon + 1, end, armed.passes_left);
  armed.name.resize(colon);
  return armed;
}

}  // namespace

void failpoint(std::string_view name) {
  static Armed armed = read_environment();
  if (armed.name.empty() || armed.name != name) return;
  if (--armed.passes_left == 0) ::kill(::getpid(), SIGKILL);
}

}  // namespace orch
