// Cuts a line into words and code spans and looks at each once.
#include "tasks/text/paths.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/ascii.hpp"
#include "tasks/text/path_names.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Never the end of a word.
constexpr ByteSet kPlain("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./\\");

bool may_be_in_path(char c) {
  static constexpr ByteSet kSigns("._-/\\@~+*{}[]()$#:!,=%&");
  return is_word(c) || kSigns.has(c);
}

/// `src/a.c:12-30` without the lines; `docs/:` without the colon.
std::string_view without_line_number(std::string_view path) {
  const std::size_t colon = path.rfind(':');
  if (colon == std::string_view::npos || colon < 2) return path;
  const std::string_view rest = path.substr(colon + 1);
  const bool numbers = rest.find_first_not_of("0123456789-L") == std::string_view::npos;
  return numbers ? path.substr(0, colon) : path;
}

/// Signs that end a sentence or a bracket around the path, not the path.
std::string_view trimmed(std::string_view path) {
  const auto closes_more = [&path](char open, char close) {
    return std::ranges::count(path, close) > std::ranges::count(path, open);
  };
  static constexpr ByteSet kTail(".,;:!?'\"&=%");
  static constexpr ByteSet kHead("'\",:;=!&");
  while (!path.empty()) {
    const char last = path.back();
    const bool unpaired = (last == ')' && closes_more('(', ')')) ||
                          (last == ']' && closes_more('[', ']')) ||
                          (last == '}' && closes_more('{', '}'));
    if (!unpaired && !kTail.has(last)) break;
    path.remove_suffix(1);
  }
  while (!path.empty()) {
    const char first = path.front();
    const bool unpaired = (first == '(' && std::ranges::count(path, ')') == 0) ||
                          (first == '[' && std::ranges::count(path, ']') == 0);
    if (!unpaired && !kHead.has(first)) break;
    path.remove_prefix(1);
  }
  if (path.size() > 2 && path.front() == '(' && path.back() == ')')
    return trimmed(path.substr(1, path.size() - 2));
  return without_line_number(path);
}

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool has_known_ending(std::string_view name, bool deep) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return false;
  std::string_view ending = name.substr(dot + 1);
  while (ending.ends_with('}'))
    ending.remove_suffix(1);
  if (ending.starts_with('{')) ending = ending.substr(1, ending.find(',') - 1);
  const std::size_t comma = ending.rfind(',');
  if (comma != std::string_view::npos) ending = ending.substr(comma + 1);
  const std::string small = lower(ending);
  if (!endings().contains(small) && !(deep && weak_endings().contains(small))) return false;
  // "v1.c", "3.h": a version or a number, not a name
  return name.substr(0, dot).find_first_not_of("0123456789.v") != std::string_view::npos ||
         ending.size() > 1;
}

/// Below a folder any ending will do: `src/base.njk`; but not `TCP/IP.The` or `1.2/1.3`.
bool has_any_ending(std::string_view name) {
  constexpr std::size_t kLongest = 12;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return false;
  const std::string_view ending = name.substr(dot + 1);
  const auto is_small = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return ending.size() <= kLongest && ending[0] >= 'a' && std::ranges::all_of(ending, is_small) &&
         name.substr(0, dot).find_first_not_of("0123456789.v") != std::string_view::npos;
}

/// `.gitignore`, `.env.example`; not `.zip`, which means any such file, and not `.NET`.
bool is_dot_file(std::string_view name) {
  if (name.size() < 4 || name[0] != '.' || !is_word(name[1])) return false;
  const std::string_view rest = name.substr(1);
  const std::size_t dot = rest.find('.');
  if (dot != std::string_view::npos)
    return rest.starts_with("env.") || has_known_ending(rest, false);
  if (rest == "env") return true;
  constexpr std::array<std::string_view, 6> kTails{"ignore",     "rc",      "config",
                                                   "attributes", "modules", "version"};
  return std::ranges::any_of(kTails,
                             [rest](std::string_view tail) { return rest.ends_with(tail); });
}

/// The first part of a path that is a host: "github.com/a/b".
bool is_host(std::string_view part) {
  constexpr std::array<std::string_view, 12> kDomains{".com", ".org", ".io", ".net", ".dev", ".app",
                                                      ".ai",  ".co",  ".in", ".edu", ".gov", ".me"};
  return part.find('.') != part.npos && std::ranges::any_of(kDomains, [part](std::string_view end) {
           return part.ends_with(end);
         });
}

bool is_drive(std::string_view path) {
  return path.size() > 3 && path[1] == ':' && (path[2] == '\\' || path[2] == '/') &&
         is_word(path[0]);
}

/// A word of prose, as most are: not worth a closer look.
bool is_plain_word(std::string_view word) {
  static constexpr ByteSet kSigns("./\\");
  constexpr std::size_t kShortestName = 7;  // of those without a sign in them
  return word.size() < kShortestName && kSigns.first_in(word) == word.npos;
}

/// The kinds of signs that tell a path from other words.
enum Sign : unsigned char { kSlash = 1, kDot = 2, kColon = 4, kCode = 8 };

constexpr std::array<unsigned char, 256> kSignOf = [] {
  std::array<unsigned char, 256> kinds{};
  kinds['/'] = kinds['\\'] = kSlash;
  kinds['.'] = kDot;
  kinds[':'] = kColon;
  kinds['='] = kinds['!'] = kinds['%'] = kinds['&'] = kCode;
  return kinds;
}();

/// The kinds that occur in a word.
unsigned char signs_in(std::string_view word) {
  unsigned char found = 0;
  for (const char c : word)
    found |= kSignOf[static_cast<unsigned char>(c)];
  return found;
}

/// Never a path, whatever its name and ending.
bool is_other(std::string_view path, unsigned char signs) {
  if (path.size() < 2 || (signs & kCode) != 0) return true;
  if (std::string_view("@#$").find(path[0]) != std::string_view::npos) return true;
  if ((signs & kColon) != 0 && !is_drive(path)) return true;
  const bool dots = path.find("...") != path.npos && path.find("[...") == path.npos;
  if (dots || (signs & kSlash) == 0) return dots;
  return path.find("//") != path.npos || is_host(path.substr(0, path.find_first_of("/\\")));
}

bool is_path(std::string_view path) {
  const unsigned char signs = signs_in(path);
  const bool deep = (signs & kSlash) != 0;
  if (!deep && (signs & kDot) == 0) return whole_names().contains(path);
  if (is_other(path, signs)) return false;
  const std::string_view name = deep ? last_part(path) : path;
  if (!deep && name.find_first_of("()") != name.npos) return false;
  if (is_dot_file(name)) return true;
  if (has_known_ending(name, deep)) {
    if (name.starts_with("*.")) return deep;
    return deep || !products().contains(lower(path));
  }
  if (deep && whole_names().contains(name)) return true;
  if (path[0] == '/' && !path.starts_with("/home/")) return false;
  if (deep && is_word(path[0]) && has_any_ending(name)) return true;
  if (name.empty()) return path.find_first_not_of("./\\*~") != std::string_view::npos;
  return deep && (name == "**" || (name == "*" && path.find("/*") != path.npos)) &&
         is_word(path[0]);
}

/// `**src/a.c**` without the emphasis, which no path of prose ends with.
std::string_view without_emphasis(std::string_view word) {
  const bool opens = word.starts_with("**") || word.starts_with("__");
  while (word.starts_with("**") || word.starts_with("__"))
    word.remove_prefix(2);
  if (!opens && (word.ends_with("/**") || word.ends_with("/*"))) return word;
  while (word.ends_with('*') || word.ends_with(':'))
    word.remove_suffix(1);
  return word;
}

/// Collects each path once.
class Paths {
 public:
  void add(std::string_view word) {
    if (is_plain_word(word)) return;
    const std::string_view path = trimmed(word);
    if (is_path(path)) add_anything(path);
  }

  void add_anything(std::string_view word) {
    constexpr std::size_t kMost = 1000;
    const bool is_new = std::ranges::find(found, word) == found.end();
    if (!word.empty() && is_new && found.size() < kMost) found.emplace_back(word);
  }

  std::vector<std::string> found;
};

/// Brackets, commas and stops of East Asian text: no name of a file has them.
bool is_wide_sign(std::string_view text) {
  constexpr std::array<std::string_view, 8> kSigns{"（", "）", "，", "、", "。", "：", "「", "」"};
  return std::ranges::any_of(kSigns,
                             [text](std::string_view sign) { return text.starts_with(sign); });
}

bool has_wide_sign_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]) >= 0xE3 && is_wide_sign(text.substr(at, 3));
}

std::string_view until_wide_sign(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (has_wide_sign_at(text, at)) return text.substr(0, at);
  return text;
}

/// The end of the word at `at`: white space, or a comma that stands outside braces.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  int braces = 0;
  for (at = kPlain.end_of_run(text, at); at < text.size(); at = kPlain.end_of_run(text, at + 1)) {
    const char c = text[at];
    if (c == '{') ++braces;
    if (c == '}' && braces > 0) --braces;
    if (braces > 0 && (c == ' ' || c == ',') && text.substr(at, 60).find('}') != text.npos)
      continue;
    if (!may_be_in_path(c) || c == ',' || has_wide_sign_at(text, at)) break;
  }
  return at;
}

/// A code span is one path, or a list of them; a command is none.
void add_span(std::string_view span, Paths& paths) {
  span = trim(span);
  const bool blanks = span.find_first_of(" \t") != std::string_view::npos;
  if (!blanks || span.find('{') != std::string_view::npos) {
    if (end_of_word(span, 0) == span.size()) return paths.add(span);
    if (blanks) return;
  }
  const bool list = span.find(',') != std::string_view::npos;
  if (blanks && !list) return;
  for (const std::string_view part : split(span, ',')) {
    if (trim(part).find(' ') == std::string_view::npos) paths.add(trim(part));
  }
}

}  // namespace

std::vector<std::string> paths_in(std::string_view text) {
  constexpr std::size_t kLongest = 400;
  Paths paths;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ') {
      ++at;
      continue;
    }
    if (c == '`') {
      const std::size_t ticks = std::min(text.find_first_not_of('`', at), text.size()) - at;
      const std::size_t from = at + ticks;
      const std::size_t end = text.find('`', from);
      if (end == std::string_view::npos) break;
      add_span(text.substr(from, end - from), paths);
      at = std::min(text.find_first_not_of('`', end), text.size());
      continue;
    }
    if (has_wide_sign_at(text, at)) {
      at += 3;
      continue;
    }
    if (text.substr(at).starts_with("](")) {  // the target of a link says where to read, not what
      at = std::min(text.find(')', at), text.size());
      continue;
    }
    if (!may_be_in_path(c) || c == ',') {
      ++at;
      continue;
    }
    if (c == '[') {  // the text of a link
      const std::size_t close = text.substr(at, 200).find(']');
      if (close != std::string_view::npos && text.substr(at + close).starts_with("](")) {
        at += close;
        continue;
      }
    }
    const std::size_t end = end_of_word(text.substr(0, at + kLongest), at);
    const std::string_view word = text.substr(at, end - at);
    at = std::max(end, at + 1);
    if (is_plain_word(word)) continue;
    const std::size_t link = word.find("](");
    if (link != std::string_view::npos && link > 0) {
      at = end - word.size() + link;
      continue;
    }
    if (word.size() < kLongest) paths.add(without_emphasis(word));
  }
  return std::move(paths.found);
}

/// Of `[words](target)`: the words if they are a path, else the target. Empty: no link.
std::string_view path_of_link(std::string_view part) {
  const std::size_t end = part.starts_with('[') ? part.find("](") : std::string_view::npos;
  if (end == std::string_view::npos || !part.ends_with(')')) return {};
  std::string_view words = part.substr(1, end - 1);
  while (words.starts_with('`') && words.ends_with('`') && words.size() > 1)
    words = words.substr(1, words.size() - 2);
  if (is_path(words)) return words;
  const std::string_view target = part.substr(end + 2, part.size() - end - 3);
  return is_path(target) ? target : std::string_view();
}

std::vector<std::string> paths_of_field(std::string_view value) {
  Paths paths;
  const bool spans = value.find('`') != std::string_view::npos;
  std::size_t from = 0;
  int depth = 0;
  for (std::size_t at = 0; at <= value.size(); ++at) {
    const char c = at < value.size() ? value[at] : ',';
    if (c == '{' || c == '(') ++depth;
    if ((c == '}' || c == ')') && depth > 0) --depth;
    const bool cuts = at == value.size() || ((c == ',' || c == ';') && depth == 0);
    if (!cuts) continue;
    const std::string_view part = trim(value.substr(from, at - from));
    from = at + 1;
    if (part.starts_with('[') && part.find("](") != std::string_view::npos) {
      const std::string_view path = path_of_link(part);
      if (!path.empty()) paths.add_anything(path);
      continue;
    }
    if (spans || part.find_first_of(" \t") != std::string_view::npos) {
      for (const std::string& path : paths_in(part))
        paths.add_anything(path);
      const std::size_t open = part.find('`');
      const std::size_t close = open == part.npos ? open : part.find('`', open + 1);
      if (close == part.npos) continue;
      const std::string_view span = part.substr(open + 1, close - open - 1);
      const bool looks = span.find_first_of("/.") != span.npos && span.find(' ') == span.npos;
      if (looks) paths.add_anything(trimmed(span));
    } else if (!part.empty() && part.find_first_of("./*\\") != std::string_view::npos) {
      const std::string_view path = trimmed(until_wide_sign(part));
      const bool named = path.find_first_of("./*\\") != std::string_view::npos;
      if (named && lower(path) != "n/a") paths.add_anything(path);
    } else {
      paths.add(part);
    }
  }
  return std::move(paths.found);
}

}  // namespace orch::tasks
