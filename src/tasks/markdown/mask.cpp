// Masks what only the inline parser reads, line by line; what opens or closes a block stays.
#include "tasks/markdown/mask.hpp"

#include "tasks/text/ascii.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

constexpr std::size_t kDeepest = 64;  // columns of containers

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// Thematic breaks and underlines: one sign and white space. They are blocks and must stay as they
/// are.
bool is_rule(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return true;
  const char sign = line[first];
  if (sign != '*' && sign != '_' && sign != '-') return false;
  return std::ranges::all_of(line, [sign](char c) { return c == sign || is_blank(c); });
}

/// The length of the list marker or quote sign at the start of `text`; 0 if there is none.
std::size_t marker_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == '>') return 1;
  std::size_t length = 0;
  if (text[0] == '-' || text[0] == '*' || text[0] == '+') {
    length = 1;
  } else {
    while (length < text.size() && length < 9 && is_digit(text[length]))
      ++length;
    const bool ends = length > 0 && length < text.size();
    if (!ends || (text[length] != '.' && text[length] != ')')) return 0;
    ++length;
  }
  return length == text.size() || is_blank(text[length]) ? length : 0;
}

struct Lead {
  std::size_t length = 0;   ///< bytes up to the text itself
  std::size_t columns = 0;  ///< the same, a tab as four
  std::size_t indent = 0;   ///< columns of white space directly before the text
};

/// White space, list markers and quote signs in front of the text of a line.
Lead lead_of(std::string_view line) {
  Lead lead;
  while (lead.length < line.size() && lead.columns < kDeepest) {
    const char c = line[lead.length];
    if (is_blank(c)) {
      const std::size_t width = c == '\t' ? 4 : 1;
      ++lead.length;
      lead.columns += width;
      lead.indent += width;
      continue;
    }
    const std::size_t marker = marker_length(line.substr(lead.length));
    if (marker == 0) break;
    lead.length += marker;
    lead.columns += marker;
    lead.indent = 0;
  }
  return lead;
}

/// May this sign end a HTML block (`]]>`, `</script>`)? Then it must stay.
bool closes_html(std::string_view line, std::size_t at) {
  const std::string_view rest = line.substr(at);
  if (rest[0] == '<') return rest.size() > 1 && rest[1] == '/';
  if (rest[0] != ']') return false;
  return rest.starts_with("]]>") || (at > 0 && line.substr(at - 1).starts_with("]]>"));
}

void mask_text(char* out, std::string_view line, std::size_t from, bool keep_ticks) {
  static constexpr ByteSet kInline("`<][!*_&\\");
  for (std::size_t at = kInline.first_in(line, from); at != line.npos;
       at = kInline.first_in(line, at + 1)) {
    const char c = line[at];
    const bool stays = c == '`' ? keep_ticks : (c == '<' || c == ']') && closes_html(line, at);
    if (!stays) out[at] = 'x';
  }
}

void mask_line(char* out, std::string_view line) {
  constexpr std::size_t kLongestOpening = 9;  // <![CDATA[
  if (is_rule(line)) return;
  const Lead lead = lead_of(line);
  std::size_t at = lead.length;
  if (lead.columns >= kDeepest) {
    for (; at < line.size(); ++at) {
      if (!is_blank(line[at])) out[at] = 'x';
    }
    return;
  }
  const std::string_view text = line.substr(at);
  const bool opens_html = text.starts_with('<') && lead.indent < 4;
  if (opens_html) at += std::min(kLongestOpening, text.size());
  mask_text(out, line, at, text.starts_with("```"));
}

}  // namespace

std::string masked(std::string_view markdown) {
  std::string copy(markdown);
  for (std::size_t at = copy.find('\r'); at != copy.npos; at = copy.find('\r', at + 1)) {
    if (!markdown.substr(at + 1).starts_with('\n')) copy[at] = ' ';
  }
  for (std::size_t from = 0; from < markdown.size();) {
    const std::size_t end = std::min(markdown.find('\n', from), markdown.size());
    mask_line(copy.data() + from, markdown.substr(from, end - from));
    from = end + 1;
  }
  return copy;
}

}  // namespace orch::tasks
