// Writes and reads record files.
#include "orch/base/record.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace orch {

void Record::add(std::string_view name, std::string_view value) {
  assert(!name.empty() && name.find_first_of(" \n") == std::string_view::npos);
  fields_.emplace_back(name, value);
}

void Record::add(std::string_view name, long long value) {
  add(name, std::string_view(std::to_string(value)));
}

const std::string* Record::find(std::string_view name) const {
  const auto field =
      std::ranges::find(fields_, name, [](const auto& f) -> std::string_view { return f.first; });
  return field == fields_.end() ? nullptr : &field->second;
}

std::string Record::get(std::string_view name) const {
  const std::string* value = find(name);
  return value == nullptr ? std::string() : *value;
}

long long Record::number(std::string_view name, long long otherwise) const {
  const std::string* text = find(name);
  if (text == nullptr) return otherwise;
  long long value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, code] = std::from_chars(text->data(), end, value);
  return code == std::errc{} && stop == end ? value : otherwise;
}

std::vector<std::string> Record::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [field, value] : fields_) {
    if (field == name) values.push_back(value);
  }
  return values;
}

std::string Record::encode() const {
  std::string bytes;
  for (const auto& [name, value] : fields_) {
    bytes += name;
    bytes += ' ';
    bytes += std::to_string(value.size());
    bytes += '\n';
    bytes += value;
    bytes += '\n';
  }
  return bytes;
}

Result<Record> Record::decode(std::string_view bytes) {
  Record record;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t line_end = bytes.find('\n', at);
    const std::string_view head = bytes.substr(at, line_end - at);
    const std::size_t space = head.find(' ');
    if (line_end == std::string_view::npos || space == 0 || space == std::string_view::npos) {
      return fail(Fault::Corrupt, "no field name and length at byte {}", at);
    }
    std::size_t length = 0;
    const char* end = head.data() + head.size();
    const auto [stop, code] = std::from_chars(head.data() + space + 1, end, length);
    if (code != std::errc{} || stop != end) {
      return fail(Fault::Corrupt, "no length of a value at byte {}", at + space + 1);
    }
    const std::size_t value_at = line_end + 1;
    const std::size_t left = bytes.size() - value_at;
    if (length >= left) return fail(Fault::Corrupt, "the value at byte {} is cut short", value_at);
    if (bytes[value_at + length] != '\n') {
      return fail(Fault::Corrupt, "no end of the value at byte {}", value_at + length);
    }
    record.add(head.substr(0, space), bytes.substr(value_at, length));
    at = value_at + length + 1;
  }
  return record;
}

}  // namespace orch
