// Compiles a pattern to see whether it is one.
#include "config/pattern.hpp"

#include "orch/base/text.hpp"

#include <re2/re2.h>

#include <cstdint>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kLongestExpression = 1000;
constexpr std::int64_t kPatternMemory = 1 << 18;

}  // namespace

void read_pattern(const SettingReader& reader, std::string& target) {
  std::optional<std::string> pattern = reader.any_text();
  if (!pattern) return;
  if (pattern->size() > kLongestExpression) {
    return reader.wrong(
        fmt::format("'{}' is longer than {} bytes", reader.path(), kLongestExpression));
  }
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(kPatternMemory);
  const RE2 compiled(*pattern, options);
  if (!compiled.ok()) {
    return reader.wrong(
        fmt::format("'{}' is not a pattern: {}", reader.path(), one_line(compiled.error(), 100)),
        "write it in single quotes, as RE2 reads it");
  }
  target = std::move(*pattern);
}

}  // namespace orch
