#pragma once
// What may fail returns a Result: a value, or an Error with a sentence for the user.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace orch {

/// The kinds of failure a caller may want to tell apart; everything else is in the sentence.
enum class Fault {
  BadInput,   ///< the user wrote something wrong: a task file, a configuration, arguments
  NotFound,   ///< the thing named does not exist
  Refused,    ///< it exists, but doing this now would be wrong (dirty tree, not permitted)
  Busy,       ///< somebody else holds it; trying again later may succeed
  TimedOut,   ///< an external command or answer did not come in time
  Conflict,   ///< a compare-and-swap or a merge met another change
  Io,         ///< the operating system said no
  Full,       ///< there is no room on the disk; what waits for it can be done later
  Corrupt,    ///< stored data cannot be read back
  TooNew,     ///< stored data comes from a newer version of this program
  NeedsUser,  ///< only the user can go on, and the hint is all that there is to say about how
  Internal,   ///< a bug of ours
};

/// What happened (lower case, no full stop, with the names the user used) and what to try.
struct Error {
  Fault fault = Fault::Internal;
  std::string what;
  std::string hint;  ///< the next command or edit; empty when there is nothing to say

  bool operator==(const Error&) const = default;
};

/// `what` and, when there is one, the hint on a line of its own.
std::string to_text(const Error& error);

using Failure = tl::unexpected<Error>;

/// tl::expected that the compiler does not let anybody ignore.
template <class T>
struct [[nodiscard]] Result : tl::expected<T, Error> {
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

template <class... Args>
Failure fail(Fault fault, fmt::format_string<Args...> text, Args&&... args) {
  return Failure(Error{fault, fmt::format(text, std::forward<Args>(args)...), {}});
}

/// The same failure with a hint: `fail(...)` reads first, what to do about it second.
inline Failure hinted(Failure failure, std::string hint) {
  failure.value().hint = std::move(hint);
  return failure;
}

/// Hands an error on with what was being done in front: "cannot land T3: ...".
template <class T>
Failure because(const Result<T>& result, std::string_view doing) {
  Error error = result.error();
  error.what = fmt::format("{}: {}", doing, error.what);
  return Failure(std::move(error));
}

/// Hands an error on as it is, from a function with another result type.
template <class T>
Failure passed_on(const Result<T>& result) {
  return Failure(result.error());
}

/// `cannot open X: No such file or directory` from the errno of the call that just failed.
Failure errno_failure(int error_number, std::string_view doing);

}  // namespace orch
