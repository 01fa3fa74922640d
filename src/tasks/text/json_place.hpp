#pragma once
// JSON whose values know where they stand: an error can name its line, and a single value can be
// replaced without touching any other byte. (nlohmann's parser keeps no places.)
#include "orch/core/task.hpp"
#include "tasks/text/data_value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch::tasks {

enum class JsonKind : std::uint8_t { Null, Bool, Number, String, List, Object };

class JsonText;

/// A value in a JsonText, which must outlive it.
class JsonValue {
 public:
  JsonValue(const JsonText& json, std::uint32_t index) : json_(&json), index_(index) {}

  JsonKind kind() const;
  std::size_t offset() const;
  /// As it is written, quotes included.
  std::string_view raw() const;
  /// Of a string, without escapes; a NUL or half a surrogate pair becomes U+FFFD. Else empty.
  std::string text() const;
  /// Of an object, in the order of the text; a key may come twice.
  std::vector<std::pair<std::string, JsonValue>> members() const;
  /// Of a list.
  std::vector<JsonValue> items() const;
  /// The first member of that name.
  std::optional<JsonValue> find(std::string_view key) const;

  bool is(JsonKind kind_) const { return kind() == kind_; }

 private:
  const JsonText* json_;
  std::uint32_t index_;
};

/// One JSON text: a view, it must outlive this.
class JsonText {
 public:
  explicit JsonText(std::string_view text);

  /// What is wrong with it, with its line; then there is no root.
  const std::optional<Problem>& problem() const { return problem_; }

  JsonValue root() const { return {*this, 0}; }

  /// How many values and names it has.
  std::size_t size() const { return nodes_.size(); }

 private:
  friend class JsonValue;
  friend class JsonParser;

  /// In the order of the text; a key is a node before its value.
  struct Node {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t next = 0;  ///< index after this one and all in it
    JsonKind kind = JsonKind::Null;
  };

  std::string_view text_;
  std::vector<Node> nodes_;
  std::optional<Problem> problem_;
};

/// The lines of offsets, cheap when they are asked for in about the order of the text.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}

  /// From 1.
  int line_of(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

/// A copy of a value and all in it; its lines are counted by `lines`.
DataValue data_of(const JsonValue& value, LineCounter& lines);

}  // namespace orch::tasks
