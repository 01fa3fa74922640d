// The one file that knows cmark: block structure with source positions, a chunk at a time.
#include "orch/base/text.hpp"
#include "tasks/markdown/mask.hpp"
#include "tasks/markdown/outline.hpp"

#include <cmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

namespace orch::tasks {

namespace {

constexpr std::size_t kChunk = 1u << 17;
constexpr std::size_t kLargestBlock = 4u << 20;  // cmark needs up to 300 bytes for each of ours
constexpr int kMostReopened = 8;

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};

struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};

using Document = std::unique_ptr<cmark_node, FreeNode>;

/// Parses line ranges of one text and keeps what is certain: the last block of a range may go on
/// after it, so the next range starts there. That is sound because a block at the outermost level,
/// or an item of an outermost list, reads the same wherever the text before it is cut off.
class Chunks {
 public:
  explicit Chunks(Outline& outline) : outline_(outline), copy_(masked(outline.text())) {}

  void read() {
    std::size_t size = kChunk;
    while (first_ <= outline_.line_count()) {
      last_ = last_line_of_chunk(size);
      const int reopened_before = reopened_;
      const int next = read_chunk();
      if (next > first_ || reopened_ != reopened_before) {
        first_ = next;
        size = kChunk;
      } else if (size < kLargestBlock) {
        size *= 2;
      } else {
        return too_large();
      }
    }
  }

 private:
  int last_line_of_chunk(std::size_t size) const {
    const std::size_t end = outline_.line_start(first_) + size;
    if (end >= outline_.text().size()) return outline_.line_count();
    return std::max(first_, outline_.line_of(end) - 1);
  }

  bool at_end() const { return last_ == outline_.line_count(); }

  int line_of(cmark_node* node) const { return cmark_node_get_start_line(node) + first_ - 1; }

  int read_chunk();
  int first_uncertain_line(cmark_node* document) const;
  void take(cmark_node* node);
  void take_item(cmark_node* item);
  void take_heading(cmark_node* heading);
  void take_code(cmark_node* code);
  void take_html(cmark_node* html);
  Block block_of(cmark_node* node, Block::Kind kind) const;
  bool is_underlined(int line) const;
  bool is_fence(cmark_node* code) const;
  bool is_closing_fence(int opening, int line) const;
  void reopen(const Block& block, std::string_view what);
  void too_large();

  Outline& outline_;
  std::string copy_;
  int first_ = 1;  // of the chunk
  int last_ = 0;
  int quotes_ = 0;    // how many are open around the node
  int reopened_ = 0;  // blocks that were taken for text
  int next_ = 0;      // where the next chunk starts
};

/// Returns the line where the next chunk starts.
int Chunks::read_chunk() {
  const std::size_t from = outline_.line_start(first_);
  const std::size_t to = outline_.line_start(last_ + 1);
  const Document document(cmark_parse_document(copy_.data() + from, to - from, CMARK_OPT_DEFAULT));
  next_ = at_end() ? last_ + 1 : first_uncertain_line(document.get());
  if (next_ == first_) return next_;
  const std::unique_ptr<cmark_iter, FreeIterator> iterator(cmark_iter_new(document.get()));
  const int before = reopened_;
  quotes_ = 0;
  for (cmark_event_type event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* node = cmark_iter_get_node(iterator.get());
    const bool enters = event == CMARK_EVENT_ENTER;
    if (cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE) quotes_ += enters ? 1 : -1;
    const int start = cmark_node_get_start_line(node);  // 0 for line breaks inside a paragraph
    if (start > 0 && line_of(node) >= next_) break;
    if (enters) take(node);
    const cmark_node_type type = cmark_node_get_type(node);
    const bool has_inlines = type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING;
    if (enters && has_inlines) cmark_iter_reset(iterator.get(), node, CMARK_EVENT_EXIT);
    if (reopened_ != before) break;
  }
  return next_;
}

int Chunks::first_uncertain_line(cmark_node* document) const {
  cmark_node* node = cmark_node_last_child(document);
  if (node == nullptr) return last_ + 1;
  if (cmark_node_get_type(node) == CMARK_NODE_LIST) node = cmark_node_last_child(node);
  return line_of(node);
}

void Chunks::take(cmark_node* node) {
  const cmark_node_type type = cmark_node_get_type(node);
  if (type == CMARK_NODE_ITEM) take_item(node);
  if (type == CMARK_NODE_HEADING) take_heading(node);
  if (type == CMARK_NODE_CODE_BLOCK) take_code(node);
  if (type == CMARK_NODE_HTML_BLOCK) take_html(node);
}

Block Chunks::block_of(cmark_node* node, Block::Kind kind) const {
  int last = cmark_node_get_end_line(node);
  cmark_node* around = cmark_node_parent(node);
  // A fence that ends with its item is given one line too many by cmark.
  if (cmark_node_get_type(around) != CMARK_NODE_DOCUMENT)
    last = std::min(last, cmark_node_get_end_line(around));
  Block block{.kind = kind, .quoted = quotes_ > 0, .first_line = line_of(node)};
  block.last_line = std::clamp(last + first_ - 1, block.first_line, last_);
  while (block.last_line > block.first_line && trim(outline_.line(block.last_line)).empty())
    --block.last_line;
  return block;
}

void Chunks::take_item(cmark_node* item) {
  cmark_node* child = cmark_node_first_child(item);
  if (child == nullptr || cmark_node_get_type(child) != CMARK_NODE_PARAGRAPH) return;
  const std::size_t offset = outline_.line_start(line_of(child)) +
                             static_cast<std::size_t>(cmark_node_get_start_column(child)) - 1;
  if (offset >= outline_.text().size()) return;
  const bool bracket = outline_.text()[offset] == '[';
  Block block = block_of(item, bracket ? Block::Kind::Box : Block::Kind::Bullet);
  block.offset = static_cast<std::uint32_t>(offset);
  outline_.blocks.push_back(block);
}

/// A line over dashes that are about as long as it. Over others it is text over a rule: fields
/// stand right above a `---` too often.
bool Chunks::is_underlined(int line) const {
  constexpr std::ptrdiff_t kMostDifference = 3;
  constexpr std::ptrdiff_t kShortest = 4;
  std::string_view text = trim(outline_.line(line));
  // A tick makes the words longer, and leaves the line below as it was.
  if (text.starts_with("[x] ") || text.starts_with("[ ] ")) text.remove_prefix(4);
  const std::string_view dashes = trim(outline_.line(line + 1));
  if (dashes.find_first_not_of('-') != std::string_view::npos) return false;
  const auto characters = std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  const auto length = std::ssize(dashes);
  return length >= kShortest && std::abs(length - characters) <= kMostDifference;
}

void Chunks::take_heading(cmark_node* heading) {
  if (cmark_node_get_type(cmark_node_parent(heading)) != CMARK_NODE_DOCUMENT) return;
  Block block = block_of(heading, Block::Kind::Heading);
  const int level = cmark_node_get_heading_level(heading);
  const std::string_view line = outline_.line(block.first_line);
  std::size_t at = std::min(line.find_first_not_of(" \t"), line.size());
  const bool has_signs = line.substr(at).starts_with('#');
  if (!has_signs && level != 1 && !is_underlined(block.first_line)) return;
  if (has_signs) at = std::min(line.find_first_not_of("# \t\r\f\v", at), line.size());
  const char sign = level == 1 ? '=' : '-';
  const auto is_underline = [this, sign](int number) {
    return trim(outline_.line(number)).find_first_not_of(sign) == std::string_view::npos;
  };
  block.last_line = block.first_line;
  while (!has_signs && block.last_line < last_ && !is_underline(block.last_line))
    ++block.last_line;
  block.level = static_cast<std::uint8_t>(level);
  block.offset = static_cast<std::uint32_t>(outline_.offset_of(line) + at);
  outline_.blocks.push_back(block);
}

bool Chunks::is_closing_fence(int opening, int line) const {
  const std::string_view open = trim(outline_.line(opening));
  const std::string_view close = trim(outline_.line(line));
  if (line == opening || close.empty()) return false;
  const char sign = close[0];
  const std::size_t from = open.find(sign);  // a list marker may stand before it
  if ((sign != '`' && sign != '~') || from == std::string_view::npos) return false;
  const std::size_t length = std::min(open.find_first_not_of(sign, from), open.size()) - from;
  return close.size() >= length && close.find_first_not_of(sign) == std::string_view::npos;
}

/// cmark does not say it: the opening line of a fence is not part of its content.
bool Chunks::is_fence(cmark_node* code) const {
  const std::size_t at = outline_.line_start(line_of(code)) +
                         static_cast<std::size_t>(cmark_node_get_start_column(code)) - 1;
  const std::string_view from = std::string_view(copy_).substr(std::min(at, copy_.size()));
  if (!from.starts_with("```") && !from.starts_with("~~~")) return false;
  const std::string_view content = cmark_node_get_literal(code);
  return !content.starts_with(from.substr(0, from.find_first_of("\r\n")));
}

void Chunks::take_code(cmark_node* code) {
  const bool outermost = cmark_node_get_type(cmark_node_parent(code)) == CMARK_NODE_DOCUMENT;
  const bool fenced = is_fence(code);
  const Block block = block_of(code, fenced ? Block::Kind::Fence : Block::Kind::Indented);
  const bool ends = !fenced || !outermost || is_closing_fence(block.first_line, block.last_line);
  if (!ends && reopened_ < kMostReopened) return reopen(block, "code fence");
  outline_.blocks.push_back(block);
}

void Chunks::take_html(cmark_node* html) {
  constexpr int kShort = 1;  // cmark leaves out the last line of a comment
  Block block = block_of(html, Block::Kind::Html);
  if (outline_.line(block.first_line).find("<!--") != std::string_view::npos) {
    block.kind = Block::Kind::Comment;
    const int most = std::min(cmark_node_get_end_line(html) + first_ - 1 + kShort, last_);
    int end = block.first_line;
    while (end <= most && outline_.line(end).find("-->") == std::string_view::npos)
      ++end;
    const bool outermost = cmark_node_get_type(cmark_node_parent(html)) == CMARK_NODE_DOCUMENT;
    if (end > most && outermost && reopened_ < kMostReopened) return reopen(block, "comment");
    if (end <= most) block.last_line = end;
  }
  outline_.blocks.push_back(block);
}

/// Masks the opening and has the text read again from there.
void Chunks::reopen(const Block& block, std::string_view what) {
  ++reopened_;
  next_ = block.first_line;
  const std::size_t from = outline_.line_start(block.first_line);
  const std::size_t to = outline_.line_start(block.first_line + 1);
  for (std::size_t at = from; at < to; ++at) {
    if (copy_[at] == '`' || copy_[at] == '~' || copy_[at] == '<') copy_[at] = 'x';
  }
  outline_.problems.push_back({Severity::Warning, block.first_line, 0,
                               fmt::format("this {} is never closed: it is read as text", what),
                               "close it, or take it out"});
}

void Chunks::too_large() {
  outline_.problems.push_back(
      {Severity::Error, first_, 0,
       fmt::format("the block that starts here is larger than {} MB", kLargestBlock >> 20),
       "look for a list item or a code fence that is never closed"});
}

}  // namespace

Outline outline_of(std::string_view text) {
  Outline outline(text);
  Chunks(outline).read();
  return outline;
}

}  // namespace orch::tasks
