// A line-by-line reader of YAML front matter.
#include "tasks/text/yaml_front.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace orch::tasks {

namespace {

constexpr std::size_t kLargest = 1'000'000;

struct Line {
  std::string_view text;  ///< without its end
  std::size_t offset;
  int number;

  std::size_t indent() const { return std::min(text.find_first_not_of(' '), text.size()); }

  std::string_view words() const { return trim(text); }

  bool is_empty() const { return words().empty() || words().front() == '#'; }

  bool is_entry() const { return words() == "-" || words().starts_with("- "); }
};

/// The lines between the marks; the body's place is noted. Nothing if there is no front matter.
std::optional<std::vector<Line>> lines_between_marks(std::string_view text, FrontMatter& front) {
  std::vector<Line> lines;
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int number = 1; at < text.size() && at < kLargest; ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    const bool is_mark = line == "---" || (number > 1 && line == "...");
    if (number == 1 && !is_mark) return {};
    if (number > 1 && is_mark) {
      front.body_offset = std::min(end + 1, text.size());
      front.body_line = number + 1;
      return lines;
    }
    if (number > 1) lines.push_back({line, at, number});
    at = end + 1;
  }
  return {};
}

/// A place in a line.
struct Rest {
  std::string_view text;  ///< trimmed
  std::size_t offset;
  int line;
};

Rest rest_of(const Line& line, std::size_t from) {
  from = std::min(line.text.find_first_not_of(" \t", from), line.text.size());
  return {line.text.substr(from), line.offset + from, line.number};
}

/// Where the first comment begins; a `#` must follow white space.
std::size_t comment_in(std::string_view text) {
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t') return at;
  }
  return text.size();
}

bool has_key(std::string_view text) {
  return text.ends_with(':') || text.find(": ") != std::string_view::npos;
}

/// Index of the quote that closes the one at the start, looked for from `at` on; npos: none does.
std::size_t closing_quote(std::string_view text, std::size_t at = 1) {
  const char quote = text.front();
  for (; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\')
      ++at;
    else if (text[at] == quote && quote == '\'' && text.substr(at + 1, 1) == "'")
      ++at;
    else if (text[at] == quote)
      return at;
  }
  return std::string_view::npos;
}

class YamlParser {
 public:
  YamlParser(std::vector<Line> lines, FrontMatter& front)
      : lines_(std::move(lines)), front_(front) {}

  void parse();

 private:
  void parse_field();
  bool take_value(YamlField& field, Rest rest);
  bool take_lines_below(YamlField& field);
  bool take_entry(YamlField& field, const Line& line);
  bool take_scalar(YamlField& field, Rest rest, std::size_t indent);
  bool take_quoted(YamlField& field, Rest rest);
  bool take_block_text(YamlField& field, Rest rest, std::size_t indent);
  bool take_flow_list(YamlField& field, Rest rest);
  bool take_flow_entry(YamlField& field, Rest& rest);
  void take_continuation(YamlScalar& scalar, std::size_t indent);
  bool refuse(int line, std::string message, std::string hint = {});
  void skip_indented();

  bool at_end() const { return at_ >= lines_.size(); }

  std::vector<Line> lines_;
  FrontMatter& front_;
  ProblemList problems_;
  std::unordered_set<std::string> keys_;
  std::size_t at_ = 0;  // the next line
};

bool YamlParser::refuse(int line, std::string message, std::string hint) {
  problems_.add(Severity::Error, line, "front matter: " + message, std::move(hint));
  return false;
}

void YamlParser::parse() {
  while (!at_end()) {
    if (lines_[at_].is_empty()) {
      ++at_;
    } else {
      parse_field();
    }
  }
  front_.problems = problems_.take();
}

/// All lines below a name, whatever they are.
void YamlParser::skip_indented() {
  while (!at_end() && (lines_[at_].is_empty() || lines_[at_].indent() > 0 ||
                       lines_[at_].text.starts_with('\t') || lines_[at_].is_entry()))
    ++at_;
}

void YamlParser::parse_field() {
  const Line line = lines_[at_++];
  const std::string_view text = line.text;
  YamlField field{.line = line.number};
  std::size_t colon = std::string_view::npos;
  if (text.front() == '"' || text.front() == '\'') {
    const std::size_t quote = closing_quote(text);
    if (quote != std::string_view::npos && text.substr(quote + 1, 1) == ":") {
      field.key = text.substr(1, quote - 1);
      colon = quote + 1;
    }
  } else {
    colon = std::min(text.find(": "), text.find(":\t"));
    if (colon == std::string_view::npos && text.ends_with(':')) colon = text.size() - 1;
    if (colon != std::string_view::npos) field.key = trim(text.substr(0, colon));
  }
  const bool is_special = text.find_first_of("&*!?<[{|>%@`\t -#,") == 0;
  if (is_special || colon == std::string_view::npos || field.key.empty()) {
    const bool is_merge = text.starts_with("<<");
    refuse(line.number,
           is_merge ? "merge keys (<<) are not read"
                    : fmt::format("'{}' is not 'name: value'", one_line(line.words(), 40)),
           is_merge ? "write the values out" : "lists and texts below a name are indented");
    skip_indented();
    return;
  }
  field.key = lower(field.key);
  std::ranges::replace(field.key, '-', '_');
  if (!keys_.insert(field.key).second) {
    refuse(line.number, fmt::format("'{}' is there twice", one_line(field.key, 40)),
           "remove one of them");
  }
  if (!take_value(field, rest_of(line, colon + 1))) {
    field.kind = YamlField::Kind::Refused;
    skip_indented();
  }
  front_.fields.push_back(std::move(field));
}

bool YamlParser::take_value(YamlField& field, Rest rest) {
  if (!rest.text.empty() && rest.text.front() == '#') rest.text = {};
  if (rest.text.empty()) {
    field.values.push_back({.line = rest.line, .offset = rest.offset});
    return take_lines_below(field);
  }
  if (rest.text.front() == '[') return take_flow_list(field, rest);
  if (rest.text.front() == '{') {
    field.kind = YamlField::Kind::Other;
    skip_indented();
    return true;
  }
  if (!take_scalar(field, rest, 0)) return false;
  while (!at_end() && lines_[at_].is_empty())
    ++at_;
  if (at_end() || (lines_[at_].indent() == 0 && !lines_[at_].is_entry())) return true;
  return refuse(lines_[at_].number, "this line does not belong to the value above it");
}

/// After `name:` alone: entries, a text, a mapping or nothing.
bool YamlParser::take_lines_below(YamlField& field) {
  std::size_t next = at_;
  while (next < lines_.size() && lines_[next].is_empty())
    ++next;
  if (next == lines_.size()) return true;
  const Line& first = lines_[next];
  if (first.text.starts_with('\t')) return refuse(first.number, "a tab cannot indent in YAML");
  if (first.is_entry()) {
    field.kind = YamlField::Kind::List;
    field.values.clear();
    const std::size_t indent = first.indent();
    at_ = next;
    for (; !at_end();) {
      const Line line = lines_[at_];
      if (!line.is_empty() && (line.indent() != indent || !line.is_entry())) break;
      ++at_;
      if (!line.is_empty() && !take_entry(field, line)) return false;
    }
    if (at_end() || lines_[at_].indent() == 0) return true;
    return refuse(lines_[at_].number, "this line does not belong to the list above it");
  }
  if (first.indent() == 0) return true;
  at_ = next + 1;
  if (has_key(first.words())) {
    field.kind = YamlField::Kind::Other;
    skip_indented();
    return true;
  }
  field.values.clear();
  return take_scalar(field, rest_of(first, 0), 0);
}

bool YamlParser::take_entry(YamlField& field, const Line& line) {
  const Rest rest = rest_of(line, line.indent() + 1);
  if (rest.text.empty() || rest.text.front() == '#') return true;
  const char first = rest.text.front();
  const bool is_quoted = first == '"' || first == '\'';
  const bool is_nested = first == '[' || first == '{' || first == '-' ||
                         (!is_quoted && has_key(rest.text.substr(0, comment_in(rest.text))));
  if (!is_nested) return take_scalar(field, rest, line.indent());
  field.kind = YamlField::Kind::Other;
  while (!at_end() && (lines_[at_].is_empty() || lines_[at_].indent() > line.indent()))
    ++at_;
  return true;
}

bool YamlParser::take_scalar(YamlField& field, Rest rest, std::size_t indent) {
  switch (rest.text.front()) {
    case '"':
    case '\'': return take_quoted(field, rest);
    case '|':
    case '>': return take_block_text(field, rest, indent);
    case '&': return refuse(rest.line, "anchors (&name) are not read", "write the value out");
    case '*':
      return refuse(rest.line, "aliases (*name) are not read",
                    "write the value out, or put quotes around it");
    case '!': return refuse(rest.line, "tags (!name) are not read", "leave it out");
    default: break;
  }
  const std::string_view plain = trim(rest.text.substr(0, comment_in(rest.text)));
  YamlScalar scalar{std::string(plain), rest.line, rest.offset, plain.size()};
  if (plain == "null" || plain == "~") scalar.text.clear();
  take_continuation(scalar, indent);
  field.values.push_back(std::move(scalar));
  return true;
}

/// A plain text may go on in lines that are indented more.
void YamlParser::take_continuation(YamlScalar& scalar, std::size_t indent) {
  for (; !at_end() && !lines_[at_].is_empty(); ++at_) {
    const Line& line = lines_[at_];
    if (line.indent() <= indent || line.is_entry() || has_key(line.words())) return;
    scalar.text += ' ';
    scalar.text += trim(line.text.substr(0, comment_in(line.text)));
    scalar.on_one_line = false;
  }
}

/// The lines of a quoted text are joined by spaces.
bool YamlParser::take_quoted(YamlField& field, Rest rest) {
  std::string text(rest.text);
  std::size_t end = closing_quote(text);
  const bool on_one_line = end != std::string::npos;
  while (end == std::string::npos && !at_end()) {
    const std::size_t joined = text.size();
    text += ' ';
    text += lines_[at_++].words();
    end = closing_quote(text, joined);
  }
  if (end == std::string::npos) return refuse(rest.line, "the quote is not closed");
  const std::string_view after = trim(std::string_view(text).substr(end + 1));
  if (!after.empty() && after.front() != '#')
    return refuse(rest.line, "there is text behind the closing quote");
  YamlScalar scalar{
      .line = rest.line, .offset = rest.offset + 1, .length = end - 1, .on_one_line = on_one_line};
  text.resize(end + 1);
  if (text.front() == '\'') {
    for (std::size_t i = 1; i < end; ++i) {
      scalar.text += text[i];
      if (text[i] == '\'') ++i;
    }
  } else {
    const JsonText json(text);  // its escapes are YAML's usual ones
    if (json.problem()) return refuse(rest.line, "an escape in this text is not known");
    scalar.text = json.root().text();
  }
  field.values.push_back(std::move(scalar));
  return true;
}

/// `|` keeps the lines, `>` joins them.
bool YamlParser::take_block_text(YamlField& field, Rest rest, std::size_t indent) {
  const std::string_view header = trim(rest.text.substr(0, comment_in(rest.text)));
  if (header.find_first_not_of("+-123456789", 1) != std::string_view::npos) {
    return refuse(rest.line, "there is text behind the | or >");
  }
  YamlScalar scalar{.line = rest.line, .offset = rest.offset, .on_one_line = false};
  const bool joins = header.front() == '>';
  std::size_t own_indent = 0;
  for (; !at_end(); ++at_) {
    const Line& line = lines_[at_];
    const bool is_blank = line.words().empty();
    if (!is_blank && line.indent() <= indent) break;
    if (own_indent == 0) own_indent = line.indent();
    if (!scalar.text.empty()) {
      if (!joins || is_blank)
        scalar.text += '\n';
      else if (scalar.text.back() != '\n')
        scalar.text += ' ';
    }
    if (!is_blank) scalar.text += line.text.substr(std::min(own_indent, line.indent()));
  }
  scalar.text = trim(scalar.text);
  field.values.push_back(std::move(scalar));
  return true;
}

/// `[a, 'b', c]`, also over several lines.
bool YamlParser::take_flow_list(YamlField& field, Rest rest) {
  const int first_line = rest.line;
  field.kind = YamlField::Kind::List;
  rest = {rest.text.substr(1), rest.offset + 1, rest.line};
  for (bool may_end = true;;) {
    const std::size_t blanks = std::min(rest.text.find_first_not_of(" \t"), rest.text.size());
    rest = {rest.text.substr(blanks), rest.offset + blanks, rest.line};
    if (rest.text.empty() || rest.text.front() == '#') {
      if (at_end()) return refuse(first_line, "the list is not closed");
      rest = rest_of(lines_[at_++], 0);
    } else if (rest.text.front() == ']') {
      break;
    } else if (rest.text.front() == ',' && !may_end) {
      may_end = true;
      rest = {rest.text.substr(1), rest.offset + 1, rest.line};
    } else {
      if (!may_end) return refuse(rest.line, "a comma is missing in the list");
      if (!take_flow_entry(field, rest)) return false;
      may_end = false;
    }
  }
  const std::string_view after = trim(rest.text.substr(1));
  if (after.empty() || after.front() == '#') return true;
  return refuse(rest.line, "there is text behind the list",
                "put quotes around a text that begins with a bracket");
}

bool YamlParser::take_flow_entry(YamlField& field, Rest& rest) {
  const char first = rest.text.front();
  const bool is_quoted = first == '"' || first == '\'';
  if (first == '[' || first == '{') return refuse(rest.line, "lists within lists are not read");
  std::size_t end = is_quoted ? closing_quote(rest.text) : rest.text.find_first_of(",]");
  if (is_quoted && end != std::string_view::npos) ++end;
  end = std::min(end, rest.text.size());
  if (!is_quoted) end = comment_in(rest.text.substr(0, end));
  const Rest entry{trim(rest.text.substr(0, end)), rest.offset, rest.line};
  rest = {rest.text.substr(end), rest.offset + end, rest.line};
  if (entry.text.empty()) return refuse(entry.line, "an entry of the list is empty");
  if (is_quoted) return take_quoted(field, entry);
  if (first == '&' || first == '*' || first == '!') {
    return refuse(entry.line, "anchors, aliases and tags are not read",
                  "put quotes around the entry");
  }
  field.values.push_back({std::string(entry.text), entry.line, entry.offset, entry.text.size()});
  return true;
}

}  // namespace

std::string_view YamlField::text() const {
  return kind == Kind::Scalar && !values.empty() ? std::string_view(values.front().text)
                                                 : std::string_view();
}

const YamlField* FrontMatter::find(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &YamlField::key);
  return found == fields.end() ? nullptr : &*found;
}

FrontMatter front_matter_of(std::string_view text) {
  FrontMatter front;
  std::optional<std::vector<Line>> lines = lines_between_marks(text, front);
  if (!lines) return front;
  front.is_there = true;
  YamlParser(std::move(*lines), front).parse();
  return front;
}

}  // namespace orch::tasks
