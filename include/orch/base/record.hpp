#pragma once
// The format of the small files the shim, the agents' verbs and the supervisor hand each other.
//
// A record file is a list of fields `name length\nbytes\n`. Any bytes may be a value, so no quoting
// is needed; a file cut short is recognised, as each value ends in a newline where its
// length says. The shim is a static program without a JSON library, which is why this is not JSON.
#include "orch/base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

class Record {
 public:
  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, long long value);

  /// The first value of that name, or nullptr.
  const std::string* find(std::string_view name) const;
  /// The first value of that name, or "".
  std::string get(std::string_view name) const;
  /// The first value of that name as a number, or `otherwise`.
  long long number(std::string_view name, long long otherwise = 0) const;
  /// Every value of that name, in order: how lists (argv, env) are written.
  std::vector<std::string> all(std::string_view name) const;

  std::string encode() const;
  /// Fault::Corrupt names the byte where it stops making sense.
  static Result<Record> decode(std::string_view bytes);

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace orch
