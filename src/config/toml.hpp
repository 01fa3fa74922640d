#pragma once
// TOML text as a tree of plain values that know where they stand.
#include "orch/base/result.hpp"
#include "orch/core/task.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace orch {

/// Line and column in a text, from 1; 0: not known.
struct Place {
  int line = 0;
  int column = 0;

  bool operator==(const Place&) const = default;
};

struct TomlEntry;

struct TomlValue {
  /// What TOML has and no setting takes: dates, times.
  struct Unused {
    std::string_view kind;
  };

  using List = std::vector<TomlValue>;
  using Table = std::vector<TomlEntry>;

  std::variant<Unused, std::string, std::int64_t, bool, List, Table, double> content;
  Place place;
  /// How the user wrote a value outside of TOML (environment, flag): its reader may take this
  /// instead of what TOML makes of it, so that a branch may be called 1.
  std::optional<std::string> raw;
};

struct TomlEntry {
  std::string key;
  Place place;
  TomlValue value;
};

/// Stops at the first mistake, as nothing after it can be trusted.
tl::expected<TomlValue::Table, Problem> parse_toml(std::string_view text);

/// A value given as bare text: a TOML value where it is one (`3`, `true`, `["a", "b"]`), otherwise
/// the text itself.
TomlValue value_of_text(std::string_view text);

/// "a number", "a list", `the text "abc"`: what stands there, for a message.
std::string describe(const TomlValue& value);

}  // namespace orch
