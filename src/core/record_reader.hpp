#pragma once
// Reads the JSON of a record straight into it, with no tree in between: the short way of the codec.
// It knows exactly what encode() writes, fields in the order of their names and no blanks. Of
// anything else, what is damaged or an earlier version wrote, it says that it cannot read it: the
// codec then goes the long way.
#include "orch/base/enum_names.hpp"
#include "orch/base/fields.hpp"
#include "orch/base/time.hpp"
#include "orch/core/ids.hpp"
#include "orch/core/reason.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace orch {

class RecordReader {
 public:
  /// The text has to live as long as this.
  explicit RecordReader(std::string_view text) : text_(text) {}

  /// Fills the value from the whole text. False: the value is of no use.
  template <class T>
  bool read_whole(T& value) {
    return read(value) && at_ == text_.size();
  }

 private:
  bool take(std::string_view word);

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// The next digits with their sign, dot and exponent, if together they are a number of JSON.
  bool take_number(std::string_view& number);
  /// What stands behind a backslash, as our encoder writes it.
  bool take_escape(std::string& value);
  bool read(bool& value);
  bool read(double& value);
  bool read(std::string& value);
  bool read(Reason& value);

  bool read(TaskId& id) { return read(id.value); }

  bool read(CommitId& id) { return read(id.value); }

  template <std::integral T>
  bool read(T& value) {
    std::string_view number;
    if (!take_number(number)) return false;
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc{} && stop == number.data() + number.size();
  }

  bool read(Span& value) {
    Span::rep count = 0;
    if (!read(count)) return false;
    value = Span(count);
    return true;
  }

  bool read(Time& value) {
    std::int64_t ms = 0;
    if (!read(ms)) return false;
    value = at_ms(ms);
    return true;
  }

  template <NamedEnum E>
  bool read(E& value) {
    std::string& word = word_;
    if (!read(word)) return false;
    const std::optional<E> known = from_text<E>(word);
    if (known) value = *known;
    return known.has_value();
  }

  template <class T>
  bool read(std::optional<T>& value) {
    value.reset();
    return take("null") || read(value.emplace());
  }

  template <class T>
  bool read(std::vector<T>& values) {
    values.clear();
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (!read(values.emplace_back())) return false;
    } while (take(','));
    return take(']');
  }

  template <class T>
  bool read(std::map<std::string, T>& values) {
    values.clear();
    return read_members([&](const std::string& name) {
      return read(values.emplace_hint(values.end(), name, T{})->second);
    });
  }

  /// Ids are no names of members: a list of pairs.
  template <class T>
  bool read(std::map<TaskId, T>& values) {
    std::vector<std::pair<TaskId, T>> pairs;
    if (!read(pairs)) return false;
    values = std::map<TaskId, T>(pairs.begin(), pairs.end());
    return values.size() == pairs.size();
  }

  template <class First, class Second>
  bool read(std::pair<First, Second>& value) {
    return take('[') && read(value.first) && take(',') && read(value.second) && take(']');
  }

  template <HasFields T>
  bool read(T& value) {
    return read_fields(value);
  }

  /// An object, whose members `read_member(name)` reads.
  template <class ReadMember>
  bool read_members(ReadMember read_member) {
    if (!take('{')) return false;
    if (take('}')) return true;
    std::string before;
    std::string name;
    do {
      if (!read(name) || !take(':')) return false;
      // So none is there twice.
      if (!before.empty() && name <= before) return false;
      if (!read_member(name)) return false;
      std::swap(before, name);
    } while (take(','));
    return take('}');
  }

  template <HasFields T>
  static constexpr std::size_t kFields = std::tuple_size_v<decltype(T::fields(std::declval<T&>()))>;

  template <HasFields T>
  static constexpr std::array<std::string_view, kFields<T>> names_of() {
    std::array<std::string_view, kFields<T>> names;
    std::string_view rest = T::kFieldNames;
    for (std::string_view& name : names) {
      const std::size_t end = rest.find(',');
      name = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    }
    return names;
  }

  struct Field {
    std::string_view name;
    std::size_t place = 0;
  };

  /// The fields in the order of their names, which is that of the text.
  template <HasFields T>
  static constexpr std::array<Field, kFields<T>> sorted_fields() {
    std::array<Field, kFields<T>> fields;
    std::size_t place = 0;
    for (const std::string_view name : names_of<T>()) {
      fields[place] = {name, place};
      ++place;
    }
    std::ranges::sort(fields, {}, &Field::name);
    return fields;
  }

  template <HasFields T>
  bool read_fields(T& value) {
    static constexpr auto kFieldsByName = sorted_fields<T>();
    auto next = kFieldsByName.begin();
    return read_members([&](const std::string& name) {
      next = std::ranges::find(next, kFieldsByName.end(), std::string_view(name), &Field::name);
      if (next == kFieldsByName.end()) return false;
      const std::size_t place = next->place;
      ++next;
      return read_field(value, place);
    });
  }

  template <HasFields T>
  bool read_field(T& value, std::size_t place) {
    const auto read_it = [&]<std::size_t... I>(std::index_sequence<I...>, auto fields) {
      bool good = false;
      (void)((I == place && (good = read(std::get<I>(fields)), true)) || ...);
      return good;
    };
    return read_it(std::make_index_sequence<kFields<T>>{}, T::fields(value));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;  ///< that an enum is read by
};

}  // namespace orch
