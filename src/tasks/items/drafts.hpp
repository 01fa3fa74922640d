#pragma once
// From the entries and headings a reader has chosen to items: ids, bodies, fields, dependencies,
// groups. What differs between conventions is in the choice and in the rules.
#include "tasks/items/task_words.hpp"
#include "tasks/markdown/document.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace orch::tasks {

/// A task before it is an item.
struct Draft {
  int line = 0;
  int text_line = 0;
  int last_line = 0;
  int section = -1;  ///< the section it stands in; of a heading: its own
  bool is_heading = false;
  std::optional<BoxMark> box;
  std::size_t offset = 0;  ///< of the box, or of the first word
  TaskWords words;
  std::vector<std::pair<FieldKind, std::string>> fields;  ///< besides those in its text
  bool tick_only = false;  ///< of a heading: a sign says that it is done, and no word, box apart
  std::string doubt;       ///< why it may be finished although it is open

  bool has_id() const { return words.style != IdStyle::None; }
};

/// What is done with lines such as `Depends: T1`.
enum class FieldUse : std::uint8_t {
  Ignore,
  Read,     ///< in whatever way people write them; the body keeps them
  TakeOut,  ///< as our own form has them, and the body does without them
};

struct DraftRules {
  FieldUse fields = FieldUse::Read;
  bool priorities = true;          ///< tags and words about priority are read
  bool parents_by_number = false;  ///< "2.1" is a part of "2"
  bool parents_by_place = true;    ///< what stands inside another task is a part of it
  bool statements = false;         ///< "T3 depends on T2" anywhere in the text
  bool word_order = true;          ///< "do them in order", unless the convention has an order
};

/// A draft of a list entry.
Draft draft_of(const Document& document, const Entry& entry);
/// A draft of a heading, with all below it.
Draft draft_of(const Document& document, int section);

/// The drafts must be in the order of their lines. Fills items, groups and problems.
Reading reading_of(const Document& document, std::vector<Draft> drafts, const DraftRules& rules);

/// Notes on boxes that are no tasks, with a bound.
class Skipped {
 public:
  explicit Skipped(std::vector<Problem>& problems) : problems_(problems) {}

  ~Skipped();
  Skipped(const Skipped&) = delete;
  Skipped& operator=(const Skipped&) = delete;

  void add(int line, std::string_view why);

 private:
  std::vector<Problem>& problems_;
  std::size_t count_ = 0;
};

/// Notes on boxes in code, comments, HTML and quotes that lie in no draft.
void note_hidden(const Document& document, const std::vector<Draft>& drafts, Skipped& skipped);

}  // namespace orch::tasks
