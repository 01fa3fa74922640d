#pragma once
// A value of a record, in whichever of JSON and YAML it is written, with its place in the text: an
// error can name its line, and one value can be replaced without touching any other byte.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct DataField;

struct DataValue {
  enum class Kind : std::uint8_t {
    Null,
    Bool,
    Text,  ///< numbers too, as they are written: 001
    List,
    Map,
    Refused,  ///< not read: a problem says why
  };

  Kind kind = Kind::Null;
  bool quoted = false;
  bool on_one_line = true;  ///< only such a value may be replaced
  int line = 0;
  std::size_t offset = 0;  ///< in the text of the file, inside the quotes if there are any
  std::size_t length = 0;
  std::string text;               ///< of Bool and Text
  std::vector<DataValue> items;   ///< of a list
  std::vector<DataField> fields;  ///< of a map, in the order of the text

  bool is(Kind other) const { return kind == other; }

  /// One text, one number, or nothing.
  bool is_scalar() const { return kind <= Kind::Text; }

  /// The first field of that name; nullptr: there is none.
  const DataValue* find(std::string_view key) const;
};

struct DataField {
  std::string key;
  int line = 0;
  DataValue value;
};

}  // namespace orch::tasks
