// Parses JSON into one flat list of nodes, without recursion.
#include "tasks/text/json_place.hpp"

#include "tasks/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace orch::tasks {

namespace {

/// What is written by people and their tools has a depth of about ten and some thousand values.
constexpr std::size_t kDeepest = 200;
constexpr std::size_t kMostValues = 4'000'000;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The number of `XXXX` at the start; -1 if these are no four hexadecimal digits.
int hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int number = 0;
  for (const char c : text.substr(0, 4)) {
    if (hex_digit(c) < 0) return -1;
    number = number * 16 + hex_digit(c);
  }
  return number;
}

void append_character(std::string& out, int code) {
  const auto byte = [&out](int value) { out += static_cast<char>(value); };
  if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) {
    out += kReplacement;
  } else if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

/// Appends the character of the escape at the start (after the backslash); how long it was.
std::size_t append_escape(std::string& out, std::string_view escape) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::size_t letter = kLetters.find(escape[0]);
  if (letter != std::string_view::npos) {
    out += kMeanings[letter];
    return 1;
  }
  int code = hex4(escape.substr(1));
  const bool is_high = code >= 0xD800 && code <= 0xDBFF;
  if (is_high && escape.substr(5, 2) == "\\u") {
    const int low = hex4(escape.substr(7));
    if (low >= 0xDC00 && low <= 0xDFFF) {
      append_character(out, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
      return 11;
    }
  }
  append_character(out, code);
  return 5;
}

std::string unescaped(std::string_view inner) {
  std::string out;
  out.reserve(inner.size());
  for (std::size_t at = 0; at < inner.size();) {
    const std::size_t escape = std::min(inner.find('\\', at), inner.size());
    out += inner.substr(at, escape - at);
    at = escape;
    if (at < inner.size()) at += 1 + append_escape(out, inner.substr(at + 1));
  }
  return out;
}

}  // namespace

/// Fills a JsonText; stops at the first mistake.
class JsonParser {
 public:
  explicit JsonParser(JsonText& json) : json_(json), text_(json.text_) {}

  void parse();

 private:
  enum class Expect { Value, ValueOrEnd, KeyOrEnd, Key, Colon, CommaOrEnd, Nothing };

  bool step(char c);
  bool take_value(char c);
  bool open(char c);
  bool close(char c);
  bool take_string();
  bool take_number();
  bool take_word();
  bool add(JsonKind kind, std::size_t begin);
  bool refuse(std::string_view what, std::size_t at);

  void after_value() { expect_ = open_.empty() ? Expect::Nothing : Expect::CommaOrEnd; }

  bool in_object() const {
    return !open_.empty() && json_.nodes_[open_.back()].kind == JsonKind::Object;
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  JsonText& json_;
  std::string_view text_;
  std::size_t at_ = 0;
  Expect expect_ = Expect::Value;
  std::vector<std::uint32_t> open_;  // the lists and objects around this place
};

bool JsonParser::refuse(std::string_view what, std::size_t at) {
  const int line = LineCounter(text_).line_of(at);
  json_.problem_ = Problem{Severity::Error, line, 0, fmt::format("this is not JSON: {}", what), {}};
  json_.nodes_.clear();
  return false;
}

void JsonParser::parse() {
  if (text_.size() >= std::numeric_limits<std::uint32_t>::max()) {
    refuse("it is too large", 0);
    return;
  }
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
    if (!step(text_[at_])) return;
  }
  if (expect_ == Expect::Nothing) return;
  if (open_.empty()) {
    refuse("it has no value", 0);
    return;
  }
  const JsonText::Node& node = json_.nodes_[open_.back()];
  const int line = LineCounter(text_).line_of(node.begin);
  refuse(fmt::format("it ends within the {} that begins in line {}",
                     node.kind == JsonKind::Object ? "object" : "list", line),
         text_.size() - 1);
}

bool JsonParser::step(char c) {
  switch (expect_) {
    case Expect::Value: return take_value(c);
    case Expect::ValueOrEnd: return c == ']' ? close(c) : take_value(c);
    case Expect::KeyOrEnd:
      if (c == '}') return close(c);
      [[fallthrough]];
    case Expect::Key:
      if (c != '"') return refuse("a name in quotes should stand here", at_);
      if (!take_string()) return false;
      expect_ = Expect::Colon;
      return true;
    case Expect::Colon:
      if (c != ':') return refuse("a colon should follow the name", at_);
      ++at_;
      expect_ = Expect::Value;
      return true;
    case Expect::CommaOrEnd:
      if (c == ']' || c == '}') return close(c);
      if (c != ',') return refuse("a comma or the end should follow the value", at_);
      ++at_;
      expect_ = in_object() ? Expect::Key : Expect::Value;
      return true;
    case Expect::Nothing: break;
  }
  return refuse("something follows its end", at_);
}

bool JsonParser::take_value(char c) {
  if (c == '{' || c == '[') return open(c);
  const bool taken = c == '"'                  ? take_string()
                     : c == '-' || is_digit(c) ? take_number()
                                               : take_word();
  if (taken) after_value();
  return taken;
}

bool JsonParser::open(char c) {
  if (open_.size() >= kDeepest) {
    return refuse(fmt::format("it is nested deeper than {} levels", kDeepest), at_);
  }
  const auto index = static_cast<std::uint32_t>(json_.nodes_.size());
  const std::size_t begin = at_++;
  if (!add(c == '{' ? JsonKind::Object : JsonKind::List, begin)) return false;
  open_.push_back(index);
  expect_ = c == '{' ? Expect::KeyOrEnd : Expect::ValueOrEnd;
  return true;
}

bool JsonParser::close(char c) {
  if ((c == '}') != in_object()) {
    return refuse(c == '}' ? "a list ends with '}'" : "an object ends with ']'", at_);
  }
  ++at_;
  JsonText::Node& node = json_.nodes_[open_.back()];
  node.end = static_cast<std::uint32_t>(at_);
  node.next = static_cast<std::uint32_t>(json_.nodes_.size());
  open_.pop_back();
  after_value();
  return true;
}

bool JsonParser::take_string() {
  constexpr std::string_view kEscapes = "\"\\/bfnrtu";
  const std::size_t begin = at_++;
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) {
      return refuse("a string goes beyond its line, or holds a control character", begin);
    }
    if (text_[at_] != '\\') continue;
    ++at_;
    const bool is_known = at_ < text_.size() &&
                          kEscapes.find(text_[at_]) != std::string_view::npos &&
                          (text_[at_] != 'u' || hex4(text_.substr(at_ + 1)) >= 0);
    if (!is_known) return refuse("a string has an unknown escape", begin);
  }
  if (at_ >= text_.size()) return refuse("it ends within a string", begin);
  ++at_;
  return add(JsonKind::String, begin);
}

bool JsonParser::take_number() {
  const std::size_t begin = at_;
  const auto digits = [this] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_]))
      ++at_;
    return at_ > from;
  };
  const auto is_at = [this](std::string_view signs) {
    return at_ < text_.size() && signs.find(text_[at_]) != std::string_view::npos;
  };
  if (is_at("-")) ++at_;
  const std::size_t first = at_;
  bool good = digits() && (text_[first] != '0' || at_ == first + 1);
  if (good && is_at(".")) {
    ++at_;
    good = digits();
  }
  if (good && is_at("eE")) {
    ++at_;
    if (is_at("+-")) ++at_;
    good = digits();
  }
  if (!good) return refuse("a number is written wrongly", begin);
  return add(JsonKind::Number, begin);
}

bool JsonParser::take_word() {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (!text_.substr(at_).starts_with(word)) continue;
    const std::size_t begin = at_;
    at_ += word.size();
    return add(word == "null" ? JsonKind::Null : JsonKind::Bool, begin);
  }
  return refuse("a value should stand here", at_);
}

/// A value that ends where the parser is.
bool JsonParser::add(JsonKind kind, std::size_t begin) {
  if (json_.nodes_.size() >= kMostValues) {
    return refuse(fmt::format("it has more than {} million values", kMostValues / 1'000'000),
                  begin);
  }
  const auto next = static_cast<std::uint32_t>(json_.nodes_.size() + 1);
  json_.nodes_.push_back(
      {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), next, kind});
  return true;
}

JsonText::JsonText(std::string_view text) : text_(text) {
  JsonParser(*this).parse();
}

JsonKind JsonValue::kind() const {
  return json_->nodes_[index_].kind;
}

std::size_t JsonValue::offset() const {
  return json_->nodes_[index_].begin;
}

std::string_view JsonValue::raw() const {
  const JsonText::Node& node = json_->nodes_[index_];
  return json_->text_.substr(node.begin, node.end - node.begin);
}

std::string JsonValue::text() const {
  if (kind() != JsonKind::String) return {};
  const std::string_view quoted = raw();
  return unescaped(quoted.substr(1, quoted.size() - 2));
}

std::vector<std::pair<std::string, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string, JsonValue>> found;
  if (kind() != JsonKind::Object) return found;
  const std::uint32_t end = json_->nodes_[index_].next;
  for (std::uint32_t key = index_ + 1; key < end; key = json_->nodes_[key + 1].next)
    found.emplace_back(JsonValue(*json_, key).text(), JsonValue(*json_, key + 1));
  return found;
}

std::vector<JsonValue> JsonValue::items() const {
  std::vector<JsonValue> found;
  if (kind() != JsonKind::List) return found;
  const std::uint32_t end = json_->nodes_[index_].next;
  for (std::uint32_t item = index_ + 1; item < end; item = json_->nodes_[item].next)
    found.emplace_back(*json_, item);
  return found;
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return value;
  }
  return {};
}

int LineCounter::line_of(std::size_t offset) {
  offset = std::min(offset, text_.size());
  const std::size_t from = std::min(at_, offset);
  const std::string_view between = text_.substr(from, std::max(at_, offset) - from);
  const int lines = static_cast<int>(std::ranges::count(between, '\n'));
  line_ += offset >= at_ ? lines : -lines;
  at_ = offset;
  return line_;
}

DataValue data_of(const JsonValue& value, LineCounter& lines) {
  DataValue data{.line = lines.line_of(value.offset()),
                 .offset = value.offset(),
                 .length = value.raw().size()};
  switch (value.kind()) {
    case JsonKind::Null: break;
    case JsonKind::Bool:
    case JsonKind::Number:
      data.kind = value.is(JsonKind::Bool) ? DataValue::Kind::Bool : DataValue::Kind::Text;
      data.text = value.raw();
      break;
    case JsonKind::String:
      data.kind = DataValue::Kind::Text;
      data.quoted = true;
      data.offset += 1;
      data.length -= 2;
      data.text = value.text();
      break;
    case JsonKind::List:
      data.kind = DataValue::Kind::List;
      for (const JsonValue& item : value.items())
        data.items.push_back(data_of(item, lines));
      break;
    case JsonKind::Object:
      data.kind = DataValue::Kind::Map;
      for (const auto& [key, member] : value.members())
        data.fields.push_back({key, lines.line_of(member.offset()), data_of(member, lines)});
      break;
  }
  return data;
}

}  // namespace orch::tasks
