// Errors as text, and the system's errno as an Error.
#include "orch/base/result.hpp"

#include <cerrno>
#include <system_error>

namespace orch {

std::string to_text(const Error& error) {
  return error.hint.empty() ? error.what : fmt::format("{}\n{}", error.what, error.hint);
}

static Fault fault_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR: return Fault::NotFound;
    case ENOSPC:
    case EDQUOT: return Fault::Full;
    case ETIMEDOUT: return Fault::TimedOut;
    default: return Fault::Io;
  }
}

Failure errno_failure(int error_number, std::string_view doing) {
  return fail(fault_of(error_number), "{}: {}", doing,
              std::generic_category().message(error_number));
}

}  // namespace orch
