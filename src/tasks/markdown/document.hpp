#pragma once
// A Markdown text as the readers of people's files see it: its sections and its list entries.
#include "tasks/markdown/outline.hpp"
#include "tasks/model/item.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace orch::tasks {

/// `[ ]`, `[x]`, `[-]`, `[ ]*` at the start of an entry's or heading's words.
struct BoxMark {
  Standing standing = Standing::Open;
  bool optional = false;    ///< a star after it
  bool doubtful = false;    ///< neither open nor done by itself
  std::uint8_t length = 0;  ///< bytes of all of it
  std::uint8_t inner = 0;   ///< bytes between the brackets
  char failure = 0;         ///< the sign that the file has for what failed; 0: none
  bool is_failed = false;   ///< it has that sign
};

std::optional<BoxMark> box_mark_at(std::string_view text);

/// The text after such a box; all of it where there is none.
std::string_view without_box(std::string_view text);

/// How such a box is ticked; `offset` is of its `[`.
Mark mark_of_box(const BoxMark& box, std::size_t offset);

/// A heading and what lies below it.
struct Section {
  int line = 0;
  int text_line = 0;  ///< the last line of the heading itself
  int last_line = 0;  ///< subsections included
  int level = 0;
  int parent = -1;
  std::size_t offset = 0;  ///< of its words
  std::string_view title;  ///< without closing signs
};

/// A list item with text.
struct Entry {
  int line = 0;
  int text_line = 0;
  int last_line = 0;
  int parent = -1;   ///< the entry it is nested in
  int section = -1;  ///< the innermost one
  int lead = -1;     ///< the line that introduces it
  int indent = 0;
  bool ordered = false;
  bool quoted = false;
  std::optional<BoxMark> box;
  std::size_t offset = 0;  ///< of the first byte of its words or box
  std::string_view words;  ///< of the first line, without the box
};

/// A view on a text: it must outlive the document.
class Document {
 public:
  explicit Document(std::string_view text);

  const Outline& outline() const { return outline_; }

  std::string_view line(int number) const { return outline_.line(number); }

  int line_count() const { return outline_.line_count(); }

  /// In code that is closed, in a comment or in HTML.
  bool is_literal(int line) const { return literal_[index(line)] != 0; }

  /// In a code fence, its fences included.
  bool is_fenced(int line) const { return literal_[index(line)] == 2; }

  /// The section of a line; -1 above the first heading.
  int section_at(int line) const;

  /// A line that is neither list, heading, blank nor code, and so may introduce a list
  /// ("Acceptance:"): the last one above that is not indented further, since the heading.
  struct Lead {
    int line = 0;
    int indent = 0;
    int above = -1;  ///< the one that this one stands below: less indented
  };

  std::vector<Lead> leads;

  std::vector<Section> sections;
  std::vector<Entry> entries;  ///< in the order of their lines
  std::vector<Problem> problems;

 private:
  static std::size_t index(int line) { return static_cast<std::size_t>(line); }

  void mark_literals();
  void add_section(const Block& block);
  void close_sections();
  void add_bold_titles();
  void add_entry(const Block& block);
  void add_lost_boxes();
  void nest_entries();
  void find_leads();

  Outline outline_;
  std::vector<std::uint8_t> literal_;
};

/// The document of a part of a source: the one that came with it, if it is that, or a new one.
class DocumentOf {
 public:
  DocumentOf(const Source& source, std::string_view part) {
    const bool fits = source.document != nullptr &&
                      source.document->outline().text().data() == part.data() &&
                      source.document->outline().text().size() == part.size();
    if (!fits) own_.emplace(part);
    document_ = fits ? source.document : &*own_;
  }

  DocumentOf(const DocumentOf&) = delete;
  DocumentOf& operator=(const DocumentOf&) = delete;

  const Document& operator*() const { return *document_; }

 private:
  std::optional<Document> own_;
  const Document* document_ = nullptr;
};

/// The first 256 KB, in whole lines: enough to see a convention.
std::string_view sample_of(std::string_view text);

/// The whole title of the section and those around it match `test`.
template <class Test>
bool any_section(const Document& document, int section, Test test) {
  for (; section >= 0; section = document.sections[static_cast<std::size_t>(section)].parent) {
    if (test(document.sections[static_cast<std::size_t>(section)])) return true;
  }
  return false;
}

}  // namespace orch::tasks
