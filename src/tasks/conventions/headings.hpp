#pragma once
// Which headings of a text are tasks.
#include "tasks/items/drafts.hpp"

#include <algorithm>
#include <vector>

namespace orch::tasks {

struct Heading {
  Draft draft;
  int fields = 0;          ///< kinds of fields directly below it
  bool only_files = true;  ///< and these are lists of files, which records have too
  bool strong = false;     ///< one of them that only tasks have
  bool foreign = false;    ///< one that the native form has not, or writes otherwise
  bool phase = false;
  bool is_task = false;
};

/// `Step 3: title`.
bool is_step(const Heading& heading);

/// Chooses the headings that are tasks.
class Headings {
 public:
  explicit Headings(const Document& document);

  std::vector<Heading>& all() { return all_; }

  int count() const { return static_cast<int>(std::ranges::count_if(all_, &Heading::is_task)); }

 private:
  const Section& section(const Heading& heading) const {
    return document_.sections[static_cast<std::size_t>(heading.draft.section)];
  }

  void choose_by_ids();
  void choose_by_numbers();
  void choose_by_fields();
  bool is_guide() const;
  void drop_groups();
  void drop_title();
  bool inside_task(const Heading& heading) const;

  const Document& document_;
  std::vector<Heading> all_;
};

}  // namespace orch::tasks
