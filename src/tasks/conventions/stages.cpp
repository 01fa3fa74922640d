// The reader "stages": headings such as Milestone 1, Phase 2 or Stage 3 that follow each other.
//
//   ## Stage 1 - Mend the basics    where the stages are nothing but lists, the points are the
//   tasks,
//   - Stage the file                and a stage is what one agent gets
//
//   ## Milestone 2: Storage         where they are told in prose, a stage is a task
//   Keep the key in the home folder.
#include "tasks/text/stages.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/bullets.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/conventions/file_changes.hpp"
#include "tasks/conventions/numbered.hpp"
#include "tasks/model/index.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

bool means_step(const Stage& stage) {
  return stage.word == "step" || stage.word == "schritt" || stage.word == "paso" ||
         stage.word == "passo" || stage.word == "шаг" || stage.word == "步骤" ||
         stage.word == "ステップ";
}

/// The headings that are stages: those of the word that most of them have, those with numbers
/// alone, or those that name files; the inner ones where a stage holds others.
std::vector<int> stages_of(const Document& document, std::string_view path) {
  std::map<std::string, std::vector<int>> by_word;
  if (is_manual(document, path)) return {};
  const bool plan = is_plan(document, path);
  for (int i = 0; i < static_cast<int>(document.sections.size()); ++i) {
    const std::optional<Stage> stage = stage_of(document.sections[at(i)].title);
    if (stage && (plan || !means_step(*stage))) by_word[stage->word].push_back(i);
  }
  std::vector<int> most = numbered_steps(document, path);
  if (std::vector<int> changes = file_changes(document); changes.size() > most.size())
    most = std::move(changes);
  for (auto& [word, stages] : by_word)
    if (stages.size() > most.size()) most = std::move(stages);
  return most.size() < 2 ? std::vector<int>{} : most;
}

/// A line that is a sentence, not a key such as "**Goal**: one line".
bool is_prose(const Document& document, int line) {
  constexpr std::size_t kShort = 60;
  const std::string_view text = trim(document.line(line));
  return !text.starts_with("**") && !text.ends_with(':') && text.size() > kShort / 2 &&
         (text.size() > kShort || text.ends_with('.'));
}

class Stages {
 public:
  Stages(const Document& document, std::string_view path)
      : document_(document), stages_(stages_of(document, path)) {
    int listed = 0;
    int told = 0;
    for (const int stage : stages_) {
      const bool points = !is_step(stage) && !points_of(stage).empty();
      if (points && !has_prose(stage) && !has_fields(stage))
        ++listed;
      else
        ++told;
    }
    listed_ = listed > told;
  }

  bool are_there() const { return !stages_.empty(); }

  bool are_lists() const { return listed_; }

  /// Do boxes stand in half of them, so that these are the work? So they are where three or more
  /// stand elsewhere. Below "Tests:" a box is none.
  bool hold(const std::vector<Draft>& boxes) const {
    std::vector<int> lines;
    for (const Entry& entry : document_.entries)
      if (entry.box && !introduces_other(document_, entry) && !is_check_of(entry) &&
          std::ranges::binary_search(boxes, entry.line, {}, &Draft::line))
        lines.push_back(entry.line);
    const auto with_boxes = std::ranges::count_if(stages_, [&](int stage) {
      const auto line = std::ranges::lower_bound(lines, section(stage).line);
      return line != lines.end() && *line <= section(stage).last_line;
    });
    return (2 * with_boxes >= std::ssize(stages_)) || (with_boxes == 0 && lines.size() > 2);
  }

  std::vector<Draft> drafts() const {
    std::vector<Draft> drafts;
    for (const int stage : stages_) {
      if (!listed_) drafts.push_back(stage_draft(stage));
      if (listed_)
        for (const Entry* entry : points_of(stage))
          drafts.push_back(bullet_draft(document_, *entry));
    }
    if (listed_) settle_ids(drafts);
    std::ranges::stable_sort(drafts, {}, &Draft::line);
    return drafts;
  }

 private:
  const Section& section(int index) const { return document_.sections[at(index)]; }

  /// The points of a step, or of a heading with a number alone, tell how it is done.
  bool is_step(int stage) const {
    const std::optional<Stage> named = stage_of(section(stage).title);
    return !named || means_step(*named);
  }

  /// Below "Verification" it is one that is done after all stages.
  bool is_check_of(const Entry& entry) const {
    return any_section(document_, entry.section,
                       [](const Section& section) { return is_weak_check(section.title); });
  }

  /// Its outermost list entries that are work.
  std::vector<const Entry*> points_of(int stage) const {
    std::vector<const Entry*> points;
    auto entry = std::ranges::lower_bound(document_.entries, section(stage).line, {}, &Entry::line);
    for (; entry != document_.entries.end() && entry->line <= section(stage).last_line; ++entry) {
      if (entry->parent >= 0 || entry->quoted || entry->words.empty()) continue;
      bool other = introduces_other(document_, *entry);
      for (int i = entry->section; i > stage; i = section(i).parent)
        other = other || names_no_tasks(section(i).title);
      if (!other) points.push_back(&*entry);
    }
    return points;
  }

  /// `Status:` or `Depends on:` below the heading: the stage is a task.
  bool has_fields(int stage) const {
    for (int line = section(stage).text_line + 1; line <= section(stage).last_line; ++line) {
      if (document_.is_literal(line)) continue;
      const FieldKind kind = field_text(document_.line(line)).kind;
      if (kind == FieldKind::Status || kind == FieldKind::Depends) return true;
    }
    return false;
  }

  /// Is there a sentence between the heading and its first list?
  bool has_prose(int stage) const {
    const auto entry =
        std::ranges::lower_bound(document_.entries, section(stage).line, {}, &Entry::line);
    const int end = entry == document_.entries.end()
                        ? section(stage).last_line + 1
                        : std::min(entry->line, section(stage).last_line + 1);
    for (int line = section(stage).text_line + 1; line < end; ++line)
      if (!document_.is_literal(line) && is_prose(document_, line)) return true;
    return false;
  }

  Draft stage_draft(int index) const {
    Draft draft = draft_of(document_, index);
    const std::string_view title = draft.words.whole;
    const std::optional<Stage> stage = stage_of(title);
    if (!stage) return draft;
    draft.words.style = IdStyle::Word;
    draft.words.id = stage->name();
    draft.words.title = stage->title.empty() ? stage->name() : std::string(stage->title);
    return draft;
  }

  const Document& document_;
  std::vector<int> stages_;
  bool listed_ = false;
};

/// Does the stage say what it needs, or that it needs nothing?
bool is_free(const Item& item) {
  constexpr std::array<std::string_view, 7> kFree{
      "independent of", "independent from", "in parallel with", "run in parallel",
      "parallelizable", "unabhängig von",   "parallel zu"};
  const std::string text = lower(item.body.substr(0, 2000));
  return !item.depends.empty() || std::ranges::any_of(kFree, [&text](std::string_view words) {
    return text.find(words) != text.npos;
  });
}

/// Each stage after those before it; one that is free goes beside the one before it, or after what
/// it says.
void order_told(Reading& reading) {
  std::vector<std::string> before;  // since the last one that is not free
  std::vector<Order> last;          // what that one comes after
  for (Item& item : reading.items) {
    const bool passed_over = !starts_by_itself(item);
    if (is_free(item)) {
      if (item.depends.empty()) item.after = last;
    } else {
      for (const std::string& id : before)
        item.after.push_back({id, "the order of the stages"});
      if (passed_over) continue;
      before.clear();
      last = item.after;
    }
    if (!passed_over) before.push_back(item.id);
  }
}

}  // namespace

bool has_stages(const Evidence& seen) {
  const Stages stages(seen.document, seen.source.path);
  return stages.are_there() && !stages.hold(seen.boxes) && !stages.drafts().empty();
}

Reading read_stages(const Source& source) {
  const DocumentOf whole(source, source.text);
  const Stages stages(*whole, source.path);
  const DraftRules rules{.parents_by_place = false, .statements = true};
  Reading reading = reading_of(*whole, stages.drafts(), rules);
  reading.sections_are_units = stages.are_lists();
  if (stages.are_lists()) {
    order_stages(reading);
  } else {
    order_told(reading);
  }
  return reading;
}

}  // namespace orch::tasks
