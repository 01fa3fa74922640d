// From libyaml's events to values, with a stack of our own.
#include "tasks/text/yaml.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/yaml_repair.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

const DataValue* DataValue::find(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &DataField::key);
  return found == fields.end() ? nullptr : &found->value;
}

namespace {

/// Task files have a depth of about four; libyaml's own limit is deeper.
constexpr std::size_t kDeepest = 60;

/// Bytes and lines of libyaml's places, which count characters; cheap when they are asked for in
/// about the order of the text.
class Places {
 public:
  Places(std::string_view text, TextPlace start) : text_(text), start_(start) {}

  TextPlace at(std::size_t character) {
    if (character < character_) {
      character_ = byte_ = 0;
      lines_ = 0;
    }
    while (character_ < character && byte_ < text_.size()) {
      if (text_[byte_] == '\n') ++lines_;
      ++byte_;
      while (byte_ < text_.size() && (static_cast<unsigned char>(text_[byte_]) & 0xC0) == 0x80)
        ++byte_;
      ++character_;
    }
    return {start_.offset + byte_, start_.line + lines_};
  }

  /// The line of a byte of the text.
  int line_of(std::size_t byte) const {
    return start_.line + static_cast<int>(std::ranges::count(text_.substr(0, byte), '\n'));
  }

 private:
  std::string_view text_;
  TextPlace start_;
  std::size_t character_ = 0;
  std::size_t byte_ = 0;
  int lines_ = 0;
};

/// A list or a map that is not at its end.
struct Open {
  DataValue value;
  std::optional<std::string> key;  ///< of a map: its value comes next
  int key_line = 0;
  std::unordered_set<std::string> keys;
};

class Parser {
 public:
  /// `read` is what libyaml is given: `text`, or a repaired copy of the same length.
  Parser(std::string_view text, std::string_view read, TextPlace place)
      : text_(text), place_(place), places_(read, place), read_(read) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(read.data()),
                                 read.size());
  }

  ~Parser() { yaml_parser_delete(&parser_); }

  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// False: the text is no YAML; the last problem says why.
  bool parse();

  DataValue root;
  ProblemList problems;

 private:
  bool take(const yaml_event_t& event);
  bool open(const yaml_event_t& event, DataValue::Kind kind, bool marked);
  void close();
  void add(DataValue value);
  DataValue scalar_of(const yaml_event_t& event);
  DataValue refused(const yaml_event_t& event, std::string_view what, const char* hint);
  void add_syntax_problem();

  std::string_view text_;
  TextPlace place_;
  Places places_;
  std::string_view read_;
  yaml_parser_t parser_{};
  std::vector<Open> open_;
  bool at_end_ = false;
};

bool Parser::parse() {
  while (!at_end_) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser_, &event) == 0) {
      add_syntax_problem();
      return false;
    }
    const bool good = take(event);
    yaml_event_delete(&event);
    if (!good) return false;
  }
  return true;
}

bool Parser::take(const yaml_event_t& event) {
  constexpr const char* kHint = "write the value out, or put quotes around it";
  switch (event.type) {
    case YAML_SCALAR_EVENT: add(scalar_of(event)); return true;
    case YAML_ALIAS_EVENT: add(refused(event, "aliases (*name)", kHint)); return true;
    case YAML_SEQUENCE_START_EVENT: {
      const auto& start = event.data.sequence_start;
      return open(event, DataValue::Kind::List, start.anchor != nullptr || start.tag != nullptr);
    }
    case YAML_MAPPING_START_EVENT: {
      const auto& start = event.data.mapping_start;
      return open(event, DataValue::Kind::Map, start.anchor != nullptr || start.tag != nullptr);
    }
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: close(); return true;
    case YAML_DOCUMENT_END_EVENT:
    case YAML_STREAM_END_EVENT: at_end_ = true; return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_START_EVENT: return true;
  }
  return true;
}

bool Parser::open(const yaml_event_t& event, DataValue::Kind kind, bool marked) {
  const TextPlace start = places_.at(event.start_mark.index);
  if (open_.size() >= kDeepest) {
    problems.add(Severity::Error, start.line, "its values are nested too deeply");
    return false;
  }
  if (marked) {
    problems.add(Severity::Error, start.line, "anchors (&name) and tags (!name) are not read",
                 "leave them out");
  }
  Open opened;
  opened.value = {.kind = kind, .on_one_line = false, .line = start.line, .offset = start.offset};
  open_.push_back(std::move(opened));
  return true;
}

void Parser::close() {
  DataValue value = std::move(open_.back().value);
  open_.pop_back();
  add(std::move(value));
}

void Parser::add(DataValue value) {
  if (open_.empty()) {
    root = std::move(value);
    return;
  }
  Open& around = open_.back();
  if (around.value.is(DataValue::Kind::List)) {
    around.value.items.push_back(std::move(value));
  } else if (around.key) {
    around.value.fields.push_back({*std::move(around.key), around.key_line, std::move(value)});
    around.key.reset();
  } else {
    around.key_line = value.line;
    around.key = std::move(value.text);
    if (*around.key == "<<") {
      problems.add(Severity::Error, value.line, "merge keys (<<) are not read",
                   "write the values out");
    } else if (!around.keys.insert(*around.key).second) {
      problems.add(Severity::Error, value.line,
                   fmt::format("'{}' is there twice", one_line(*around.key, 40)),
                   "remove one of them");
    }
  }
}

DataValue Parser::refused(const yaml_event_t& event, std::string_view what, const char* hint) {
  const int line = places_.at(event.start_mark.index).line;
  problems.add(Severity::Error, line, fmt::format("{} are not read", what), hint);
  return {.kind = DataValue::Kind::Refused, .on_one_line = false, .line = line};
}

DataValue Parser::scalar_of(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  if (scalar.anchor != nullptr) return refused(event, "anchors (&name)", "write the value out");
  if (scalar.tag != nullptr) return refused(event, "tags (!name)", "leave it out");
  const TextPlace start = places_.at(event.start_mark.index);
  const TextPlace end = places_.at(event.end_mark.index);
  const bool is_block =
      scalar.style == YAML_LITERAL_SCALAR_STYLE || scalar.style == YAML_FOLDED_SCALAR_STYLE;
  const bool is_plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
  DataValue value{.kind = DataValue::Kind::Text,
                  .quoted = !is_plain && !is_block,
                  .on_one_line = start.line == end.line && !is_block,
                  .line = start.line,
                  .offset = start.offset,
                  .length = end.offset - start.offset};
  if (is_plain && value.on_one_line) {
    value.text = text_.substr(start.offset - place_.offset, value.length);  // not repaired
  } else {
    value.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
    std::ranges::replace(value.text, '\0', ' ');
  }
  if (value.quoted) {
    value.offset += 1;
    value.length -= 2;
  }
  if (is_block) value.text = trim(value.text);
  if (is_plain && (value.text.empty() || value.text == "~" || value.text == "null")) {
    value.kind = DataValue::Kind::Null;
    value.text.clear();
  }
  if (is_plain && (value.text == "true" || value.text == "false"))
    value.kind = DataValue::Kind::Bool;
  return value;
}

/// What was not closed is best told where it was opened.
void Parser::add_syntax_problem() {
  const std::string_view context = parser_.context == nullptr ? "" : parser_.context;
  const std::string_view problem = parser_.problem == nullptr ? "no memory" : parser_.problem;
  const bool by_start = context.find("scanning") != std::string_view::npos ||
                        context.find("flow") != std::string_view::npos;
  const yaml_mark_t& mark = by_start ? parser_.context_mark : parser_.problem_mark;
  const int line = parser_.error == YAML_READER_ERROR
                       ? places_.line_of(std::min(parser_.problem_offset, read_.size()))
                       : places_.at(mark.index).line;
  const std::string_view space = context.empty() ? "" : " ";
  problems.add(Severity::Error, line,
               fmt::format("this is no YAML: {}{}{}", context, space, problem),
               "put quotes around a text that has signs of YAML in it");
}

/// The name of a field that could not be read, so that it counts as being there.
std::string_view key_of(std::string_view chunk) {
  const std::string_view line = chunk.substr(0, chunk.find('\n'));
  const std::size_t colon = line.find(':');
  return colon == std::string_view::npos ? std::string_view() : trim(line.substr(0, colon));
}

/// Each field at the left margin for itself.
YamlReading read_by_fields(std::string_view text, std::string_view repaired, TextPlace place) {
  YamlReading all{.root = {.kind = DataValue::Kind::Map, .on_one_line = false, .line = place.line},
                  .problems = {}};
  ProblemList problems;
  int line = place.line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_yaml_field(text, at);
    const std::string_view part = text.substr(at, end - at);
    Parser parser(part, repaired.substr(at, part.size()), {place.offset + at, line});
    const bool good = parser.parse();
    if (good && parser.root.is(DataValue::Kind::Map)) {
      for (DataField& field : parser.root.fields)
        all.root.fields.push_back(std::move(field));
    } else if (good && !parser.root.is(DataValue::Kind::Null)) {
      const std::string shown = one_line(trim(part), 40);
      parser.problems.add(Severity::Error, parser.root.line,
                          fmt::format("'{}' is not 'name: value'", shown),
                          "lists and texts below a name are indented");
    } else if (const std::string_view key = key_of(part); !good && !key.empty()) {
      const DataValue none{.kind = DataValue::Kind::Refused, .on_one_line = false, .line = line};
      all.root.fields.push_back({std::string(key), line, none});
    }
    for (Problem& problem : parser.problems.take())
      problems.add(std::move(problem));
    line += static_cast<int>(std::ranges::count(part, '\n'));
    at = end;
  }
  all.problems = problems.take();
  return all;
}

}  // namespace

YamlReading read_yaml(std::string_view text, TextPlace place) {
  Parser strict(text, text, place);
  if (strict.parse()) return {std::move(strict.root), strict.problems.take()};
  const std::string repaired = repaired_yaml(text);
  Parser lenient(text, repaired, place);
  if (lenient.parse()) return {std::move(lenient.root), lenient.problems.take()};
  return read_by_fields(text, repaired, place);
}

}  // namespace orch::tasks
