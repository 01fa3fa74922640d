// Finds the lines that could act, and fences them in.
#include "tasks/write/inert_text.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/text/syntax.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace orch::tasks {
namespace {

using Lines = std::vector<std::string_view>;

/// Without quote signs and the markers of lists, however deep.
std::string_view without_markers(std::string_view line) {
  while (true) {
    line = trim(line);
    if (line.starts_with('>')) {
      line.remove_prefix(1);
      continue;
    }
    const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
    const bool bullet =
        digits == 0 && !line.empty() && (line[0] == '-' || line[0] == '*' || line[0] == '+');
    const bool number =
        digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
    if (!bullet && !number) return line;
    const std::size_t after = (bullet ? 0 : digits) + 1;
    if (after < line.size() && line[after] != ' ' && line[after] != '\t') return line;
    line.remove_prefix(after);
  }
}

bool is_heading(std::string_view words) {
  const std::size_t signs = std::min(words.find_first_not_of('#'), words.size());
  return signs > 0 && signs <= 6 &&
         (signs == words.size() || words[signs] == ' ' || words[signs] == '\t');
}

/// Makes a heading of the line above, or divides: `===`, `---`.
bool is_underline(std::string_view line) {
  const std::string_view words = trim(line);
  return !words.empty() && (words.find_first_not_of('=') == std::string_view::npos ||
                            words.find_first_not_of('-') == std::string_view::npos);
}

/// `[ ]`, `[x]`, and what people write in that place instead: `[~]`, `[]`.
bool is_marked(std::string_view words) {
  return words.starts_with("[]") || (words.size() >= 3 && words[0] == '[' && words[2] == ']');
}

bool could_act(std::string_view line) {
  const std::string_view words = without_markers(line);
  return looks_like_box(line) || is_marked(words) || is_heading(words) || is_underline(line) ||
         is_field(words) || field_text(words).kind != FieldKind::None || words.starts_with('|') ||
         words.starts_with('<') || words.starts_with("```") || words.starts_with("~~~") ||
         line.find("<!--") != std::string_view::npos;
}

struct Fence {
  char sign = 0;  ///< 0: the line opens none
  std::size_t length = 0;
  bool has_info = false;
};

Fence fence_at(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  if (indent > 3 || indent == line.size()) return {};
  const char sign = line[indent];
  if (sign != '`' && sign != '~') return {};
  const std::size_t end = std::min(line.find_first_not_of(sign, indent), line.size());
  const std::string_view info = trim(line.substr(end));
  if (end - indent < 3 || (sign == '`' && info.find('`') != std::string_view::npos)) return {};
  return {sign, end - indent, !info.empty()};
}

/// Finds whole fences; each line is looked at twice at most, however many fences have no end.
class Fences {
 public:
  explicit Fences(const Lines& lines) : lines_(lines), longest_(lines.size() + 1) {
    for (std::size_t i = lines.size(); i-- > 0;) {
      longest_[i] = longest_[i + 1];
      const Fence fence = fence_at(lines[i]);
      if (fence.sign == 0 || fence.has_info) continue;
      std::size_t& own = fence.sign == '~' ? longest_[i].tildes : longest_[i].ticks;
      own = std::max(own, fence.length);
    }
  }

  /// The line that closes the fence which `first` opens; 0: none does.
  std::size_t end_of(std::size_t first) const {
    const Fence open = fence_at(lines_[first]);
    const Closing& later = longest_[first + 1];
    if (open.sign == 0 || (open.sign == '~' ? later.tildes : later.ticks) < open.length) return 0;
    for (std::size_t i = first + 1; i < lines_.size(); ++i) {
      const Fence close = fence_at(lines_[i]);
      if (close.sign == open.sign && close.length >= open.length && !close.has_info) return i;
    }
    return 0;
  }

 private:
  /// The longest signs from a line on that could close a fence.
  struct Closing {
    std::size_t tildes = 0;
    std::size_t ticks = 0;
  };

  const Lines& lines_;
  std::vector<Closing> longest_;
};

std::string fence_for(const Lines& lines) {
  std::size_t longest = 2;
  for (const std::string_view line : lines) {
    for (std::size_t at = line.find('~'); at != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_not_of('~', at), line.size());
      longest = std::max(longest, end - at);
      at = line.find('~', end);
    }
  }
  return std::string(longest + 1, '~');
}

void add_stretch(std::string& text, Lines& lines) {
  const auto is_blank = [](std::string_view line) { return trim(line).empty(); };
  const auto first = std::ranges::find_if_not(lines, is_blank);
  text.append(static_cast<std::size_t>(first - lines.begin()), '\n');
  lines.erase(lines.begin(), first);
  std::size_t blank = 0;
  for (; !lines.empty() && is_blank(lines.back()); ++blank)
    lines.pop_back();
  const bool acts = std::ranges::any_of(lines, could_act);
  const std::string fence = acts ? fence_for(lines) : "";
  if (acts) text += fence + "text\n";
  for (const std::string_view line : lines) {
    text += line;
    text += '\n';
  }
  if (acts) text += fence + "\n";
  text.append(blank, '\n');
  lines.clear();
}

}  // namespace

std::string inert_text(std::string_view body) {
  const Lines lines = split_lines(body);
  const Fences fences(lines);
  std::string text;
  Lines stretch;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t end = fences.end_of(i);
    if (end == 0) {
      stretch.push_back(lines[i]);
      continue;
    }
    add_stretch(text, stretch);
    for (; i <= end; ++i) {
      text += lines[i];
      text += '\n';
    }
    --i;
  }
  add_stretch(text, stretch);
  return text;
}

}  // namespace orch::tasks
