// Trees of files.
#include "loop/off_loop.hpp"

#include "orch/base/text.hpp"

#include <system_error>

namespace orch::loop {

Job<Status> remove_tree(Loop& loop, std::filesystem::path path) {
  std::function<Status()> work = [path]() -> Status {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) return errno_failure(error.value(), "cannot delete " + one_line(path.native()));
    return {};
  };
  co_return co_await off_loop<Status>(loop, std::move(work));
}

}  // namespace orch::loop
