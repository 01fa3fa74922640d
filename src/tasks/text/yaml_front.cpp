// Finds the marks; libyaml reads what is between them.
#include "tasks/text/yaml_front.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace orch::tasks {

namespace {

constexpr std::size_t kLargest = 1'000'000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The text between the marks; the body's place is noted. Nothing if there is no front matter.
std::optional<std::string_view> between_marks(std::string_view text, FrontMatter& front) {
  std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  std::size_t first = 0;
  for (int number = 1; at < text.size() && at < kLargest; ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    const bool is_mark = line == "---" || (number > 1 && line == "...");
    if (number == 1 && !is_mark) return {};
    if (number == 1) first = std::min(end + 1, text.size());
    if (number > 1 && is_mark) {
      front.body_offset = std::min(end + 1, text.size());
      front.body_line = number + 1;
      return text.substr(first, at - first);
    }
    at = end + 1;
  }
  return {};
}

void take_fields(FrontMatter& front, std::string_view text, TextPlace place) {
  const std::string_view first = trim(text.substr(0, text.find('\n')));
  if (first.starts_with('#')) front.comment = trim(first.substr(1));
  YamlReading yaml = read_yaml(text, place);
  const bool is_map = yaml.root.is(DataValue::Kind::Map);
  if (!is_map && !yaml.root.is(DataValue::Kind::Null)) {
    yaml.problems.push_back({Severity::Error, yaml.root.line, 0,
                             fmt::format("'{}' is not 'name: value'", one_line(trim(text), 40)),
                             "lists and texts below a name are indented"});
  }
  front.fields = std::move(yaml.root.fields);
  for (DataField& field : front.fields) {
    field.key = lower(field.key);
    std::ranges::replace(field.key, '-', '_');
  }
  front.problems = std::move(yaml.problems);
}

}  // namespace

const DataValue* FrontMatter::find(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &DataField::key);
  return found == fields.end() ? nullptr : &found->value;
}

std::string_view FrontMatter::text_of(std::string_view key) const {
  const DataValue* value = find(key);
  return value == nullptr ? std::string_view() : std::string_view(value->text);
}

FrontMatter front_matter_of(std::string_view text) {
  FrontMatter front;
  const std::optional<std::string_view> lines = between_marks(text, front);
  if (!lines) return front;
  front.is_there = true;
  take_fields(front, *lines, {static_cast<std::size_t>(lines->data() - text.data()), 2});
  for (Problem& problem : front.problems)
    problem.message.insert(0, "front matter: ");
  return front;
}

FrontMatter fields_of_yaml(std::string_view text) {
  FrontMatter front;
  const std::size_t start = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  front.body_offset = text.size();
  if (text.size() > kLargest) return front;
  front.is_there = true;
  take_fields(front, text.substr(start), {start, 1});
  return front;
}

}  // namespace orch::tasks
