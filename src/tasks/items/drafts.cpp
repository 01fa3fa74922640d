// Assembles items. Each line of the text belongs to at most one item: the innermost.
#include "tasks/items/drafts.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/dependencies.hpp"
#include "tasks/items/heading_status.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/items/outside.hpp"
#include "tasks/items/repeated_ids.hpp"
#include "tasks/items/word_order.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/syntax.hpp"
#include "tasks/text/text_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace orch::tasks {

namespace {

/// What each section says by its title, or else those around it.
struct Said {
  Standing standing = Standing::Open;
  int done_line = 0;  ///< of the heading that says so
  std::optional<Priority> priority;
};

std::vector<Said> said_by_sections(const Document& document) {
  std::vector<Said> all;
  all.reserve(document.sections.size());
  const bool titled = std::ranges::count(document.sections, 1, &Section::level) == 1;
  for (const Section& section : document.sections) {
    Said own{.standing = standing_of_section(section.title),
             .priority = priority_of_section(section.title)};
    const std::optional<HeadingStatus> status = heading_status(section.title);
    if (status && own.standing == Standing::Open) own.standing = status->standing;
    if (own.standing == Standing::Done) own.done_line = section.line;
    if (titled && section.level == 1) own.priority.reset();  // "Backlog" is the name of the file
    if (section.parent >= 0) {
      const Said& around = all[at(section.parent)];
      if (own.standing == Standing::Open) {
        own.standing = around.standing;
        own.done_line = around.done_line;
      }
      if (!own.priority) own.priority = around.priority;
    }
    all.push_back(own);
  }
  return all;
}

/// `**Search** - find a word` and `~~Login~~ (moved)` without the signs, if each has its other one.
std::string plain_title(std::string title) {
  const std::size_t struck = title.starts_with("~~") ? title.find("~~", 2) : std::string::npos;
  if (struck != std::string::npos) title = title.substr(2, struck - 2) + title.substr(struck + 2);
  std::size_t signs = 0;
  for (std::size_t at = title.find("**"); at != title.npos; at = title.find("**", at + 2))
    ++signs;
  if (signs == 0 || signs % 2 != 0 || title.find('`') != title.npos) return title;
  for (std::size_t at = title.find("**"); at != title.npos; at = title.find("**", at))
    title.erase(at, 2);
  return title;
}

class Assembly {
 public:
  Assembly(const Document& document, std::vector<Draft> drafts, const DraftRules& rules)
      : document_(document),
        drafts_(std::move(drafts)),
        rules_(rules),
        said_(said_by_sections(document)) {}

  /// A heading's own title is no section around it.
  Said said_around(const Draft& draft) const {
    int index = draft.section;
    if (draft.is_heading && index >= 0) index = document_.sections[at(index)].parent;
    return index < 0 ? Said{} : said_[at(index)];
  }

  Reading run() {
    reading_.problems = document_.problems;
    settle_repeated_ids(document_, drafts_, reading_.problems);
    reading_.outside = outside_of(document_, drafts_);
    reading_.items.resize(drafts_.size());
    stated_.resize(drafts_.size());
    give_ids();
    for (std::size_t i = 0; i < drafts_.size(); ++i)
      fill(i);
    find_parents();
    find_groups();
    settle_marks();
    add_dependencies(document_, drafts_, stated_, rules_, reading_);
    if (rules_.word_order) add_word_order(document_, reading_);
    return std::move(reading_);
  }

 private:
  void give_ids();
  void fill(std::size_t index);
  void set_standing(const Draft& draft, Item& item, const std::vector<FieldValue>& fields) const;
  void refine_by_status(Item& item) const;
  bool has_all_steps_done(const Draft& draft) const;
  void apply_fields(Item& item, const ItemText& text);
  void find_parents();
  int parent_by_number(std::size_t index) const;
  void find_groups();
  int group_of(int section);
  void settle_marks();

  const Document& document_;
  std::vector<Draft> drafts_;
  const DraftRules& rules_;
  Reading reading_;
  std::vector<Stated> stated_;
  std::unordered_map<std::string_view, int> by_id_;
  std::unordered_map<int, int> groups_;  // by section
  const std::vector<Said> said_;         // by section
};

void Assembly::give_ids() {
  TextIds ids;
  ids.expect(drafts_.size());
  by_id_.reserve(drafts_.size());
  for (const Draft& draft : drafts_) {
    if (draft.has_id()) ids.reserve(draft.words.id);
  }
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    Item& item = reading_.items[i];
    item.has_id = drafts_[i].has_id();
    item.title = plain_title(std::move(drafts_[i].words.title));
    item.id = item.has_id ? drafts_[i].words.id : ids.next(item.title);
    if (item.has_id) by_id_.emplace(item.id, static_cast<int>(i));
  }
}

void Assembly::fill(std::size_t index) {
  const Draft& draft = drafts_[index];
  Item& item = reading_.items[index];
  item.line = draft.line;
  item.optional = draft.words.optional || (draft.box && draft.box->optional);
  item.parallel = draft.words.parallel;
  item.tags = draft.words.tags;
  item.tags.insert(item.tags.end(), draft.words.stories.begin(), draft.words.stories.end());
  item.human = is_for_person(draft.words.whole);
  ItemText text = text_of(document_, drafts_, index, rules_.fields);
  std::vector<FieldValue>& fields = text.stated.fields;
  for (const InlineField& field : draft.words.fields)
    fields.push_back({field.kind, field.value, 0, 0});
  for (const auto& [kind, value] : draft.fields)
    fields.push_back({kind, value, 0, 0});
  item.body = std::move(text.body);
  item.script = std::move(text.script);
  if (draft.box) item.mark = mark_of_box(*draft.box, draft.offset);
  if (!draft.box && draft.is_heading) item.mark = mark_of_heading(document_, draft);
  const bool own_form = rules_.fields == FieldUse::TakeOut;
  if (!own_form) item.files = paths_of_title(draft.words.from_title);
  apply_fields(item, text);
  const bool says_files =
      std::ranges::find(fields, FieldKind::Files, &FieldValue::kind) != fields.end();
  if (own_form && item.files.empty() && !says_files)
    item.files = paths_of_title(draft.words.from_title);
  set_standing(draft, item, fields);
  stated_[index] = std::move(text.stated);
  if (!rules_.priorities) {
    item.priority.reset();
    return;
  }
  if (draft.words.priority) item.priority = draft.words.priority;
  if (!item.priority) item.priority = priority_in_title(item.title);
  item.section_priority = said_around(draft).priority;
}

void Assembly::apply_fields(Item& item, const ItemText& text) {
  std::vector<Problem>& problems = reading_.problems;
  problems.insert(problems.end(), text.problems.begin(), text.problems.end());
  for (const FieldValue& field : text.stated.fields) {
    if (rules_.fields == FieldUse::TakeOut)
      apply_own_field(item, field, problems);
    else
      apply_field(item, field);
  }
}

void Assembly::set_standing(const Draft& draft, Item& item,
                            const std::vector<FieldValue>& fields) const {
  const Standing around = said_around(draft).standing;
  const Standing boxed = draft.box ? draft.box->standing : Standing::Open;
  if (boxed == Standing::Done) {
    item.standing = boxed;
  } else if (draft.words.standing == Standing::Cancelled) {
    item.standing = Standing::Cancelled;
  } else if (boxed != Standing::Open) {
    item.standing = boxed;
  } else if (!item.status.empty()) {
    item.standing = standing_of(item.status).value_or(Standing::Open);
  } else if (draft.words.standing && !draft.box) {
    item.standing = *draft.words.standing;
  } else if (!draft.box || around != Standing::Done) {
    item.standing = around;
  }
  if (rules_.fields == FieldUse::TakeOut && draft.box) refine_by_status(item);
  if (!draft.box && item.status.empty() && !draft.words.standing && has_all_steps_done(draft))
    item.standing = Standing::Done;
  const bool is_open = item.standing == Standing::Open || item.standing == Standing::InProgress;
  item.doubt = draft.doubt;
  if (is_open && draft.box && around == Standing::Done && item.doubt.empty())
    item.doubt = fmt::format("line {} says that it is done", said_around(draft).done_line);
  // Done because of its section: there is no place of its own that could say otherwise.
  if (!draft.box && item.mark && !item.mark->done && item.done()) item.mark.reset();
  for (const FieldValue& field : fields) {
    if (field.kind != FieldKind::Status || field.value.empty() || draft.box) continue;
    if (field.length == 0) break;  // not on a line of its own
    item.mark = Mark{item.standing == Standing::Done, field.offset, field.length, "", ""};
    break;
  }
}

/// In our own form a box has three marks and a status says more: `[~]` with `Status: held`.
void Assembly::refine_by_status(Item& item) const {
  const std::string word = folded(item.status);
  if (item.standing == Standing::Deferred && word == "held") item.standing = Standing::Held;
  if (item.standing == Standing::Deferred && word == "optional") {
    item.standing = Standing::Open;
    item.optional = true;
  }
  if (item.standing == Standing::Done && word == "cancelled") item.standing = Standing::Cancelled;
}

/// A heading without a mark of its own, whose boxes are all ticked.
bool Assembly::has_all_steps_done(const Draft& draft) const {
  if (!draft.is_heading) return false;
  const std::vector<Entry>& entries = document_.entries;
  auto entry = std::ranges::lower_bound(entries, draft.line, {}, &Entry::line);
  bool any = false;
  for (; entry != entries.end() && entry->line <= draft.last_line; ++entry) {
    if (!entry->box) continue;
    if (entry->box->standing != Standing::Done) return false;
    any = true;
  }
  return any;
}

/// What to write for a status: a word that the file itself uses for it, where there is one.
void Assembly::settle_marks() {
  std::string done;
  std::string open;
  const std::string_view text = document_.outline().text();
  const auto is_value = [](const Item& item) { return item.mark && item.mark->ticked.empty(); };
  for (const Item& item : reading_.items) {
    if (!is_value(item)) continue;
    const std::string_view value = text.substr(item.mark->offset, item.mark->length);
    std::string& word = item.mark->done ? done : open;
    const bool fits = item.mark->done || item.standing == Standing::Open;
    if (word.empty() && fits && standing_of(value)) word = value;
  }
  for (Item& item : reading_.items) {
    if (!is_value(item)) continue;
    Mark& mark = *item.mark;
    const std::string value(text.substr(mark.offset, mark.length));
    const bool box = value.starts_with('[');
    mark.ticked = mark.done ? value : box ? "[x]" : done.empty() ? done_word_for(value) : done;
    mark.unticked = !mark.done ? value : box ? "[ ]" : open.empty() ? "Todo" : open;
  }
}

int Assembly::parent_by_number(std::size_t index) const {
  const std::string& id = reading_.items[index].id;
  const std::size_t dot = id.rfind('.');
  if (!reading_.items[index].has_id || dot == std::string::npos) return -1;
  const auto found = by_id_.find(std::string_view(id).substr(0, dot));
  if (found == by_id_.end() || found->second == static_cast<int>(index)) return -1;
  return reading_.items[at(found->second)].has_id ? found->second : -1;
}

void Assembly::find_parents() {
  std::vector<int> open;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    while (!open.empty() && drafts_[at(open.back())].last_line < drafts_[i].line)
      open.pop_back();
    int parent = rules_.parents_by_place && !open.empty() ? open.back() : -1;
    if (rules_.parents_by_number) {
      const int numbered = parent_by_number(i);
      if (numbered >= 0) parent = numbered;
    }
    if (parent >= 0) reading_.items[i].parent = reading_.items[at(parent)].id;
    open.push_back(static_cast<int>(i));
  }
}

int Assembly::group_of(int section) {
  const auto found = groups_.find(section);
  if (found != groups_.end()) return found->second;
  const Section& own = document_.sections[at(section)];
  const int parent = own.parent >= 0 ? group_of(own.parent) : -1;
  const int index = static_cast<int>(reading_.groups.size());
  reading_.groups.push_back({.title = std::string(own.title),
                             .line = own.line,
                             .parent = parent,
                             .priority = priority_of_section(own.title)});
  groups_.emplace(section, index);
  return index;
}

void Assembly::find_groups() {
  if (document_.sections.empty()) return;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    int section = drafts_[i].section;
    if (drafts_[i].is_heading && section >= 0) section = document_.sections[at(section)].parent;
    if (section >= 0) reading_.items[i].group = group_of(section);
  }
}

}  // namespace

Draft draft_of(const Document& /*document*/, const Entry& entry) {
  return {.line = entry.line,
          .text_line = entry.text_line,
          .last_line = entry.last_line,
          .section = entry.section,
          .box = entry.box,
          .offset = entry.offset,
          .words = task_words(entry.words)};
}

Draft draft_of(const Document& document, int section) {
  const Section& own = document.sections[at(section)];
  Draft draft{.line = own.line,
              .text_line = own.text_line,
              .last_line = own.last_line,
              .section = section,
              .is_heading = true,
              .box = box_mark_at(own.title),
              .offset = own.offset};
  std::string_view title = own.title;
  if (draft.box) title = trim(title.substr(draft.box->length));
  const std::optional<HeadingStatus> status = heading_status(title);
  draft.words = task_words(status ? status->title : title);
  draft.tick_only = draft.words.standing == Standing::Done ||
                    (status && status->is_sign && status->standing == Standing::Done);
  if (draft.box) return draft;
  if (status && (!draft.words.standing || draft.tick_only)) {
    draft.words.standing = status->standing;
    draft.tick_only = status->is_sign && status->standing == Standing::Done;
  }
  // "### Step 0.1 [x] - title": the box may stand after the id.
  const std::optional<BoxMark> inner = box_mark_at(draft.words.from_title);
  if (inner && draft.has_id()) {
    draft.box = inner;
    draft.offset = document.outline().offset_of(draft.words.from_title);
    const TaskWords rest = task_words(trim(draft.words.from_title.substr(inner->length)));
    std::string_view words = rest.whole;
    for (const std::string_view joint : {"—", "–", "-", ":"}) {
      if (words.starts_with(joint)) words = trim(words.substr(joint.size()));
    }
    draft.words.title = words;
    draft.words.from_title = draft.words.from_title.substr(inner->length);
  }
  return draft;
}

Reading reading_of(const Document& document, std::vector<Draft> drafts, const DraftRules& rules) {
  return Assembly(document, std::move(drafts), rules).run();
}

void Skipped::add(int line, std::string_view why) {
  constexpr std::size_t kMost = 100;
  if (++count_ > kMost) return;
  problems_.push_back(
      {Severity::Note, line, 0, fmt::format("this checkbox is {} and is no task", why), {}});
}

Skipped::~Skipped() {
  constexpr std::size_t kMost = 100;
  if (count_ <= kMost) return;
  problems_.push_back(
      {Severity::Note, 0, 0, fmt::format("{} more checkboxes are no tasks", count_ - kMost), {}});
}

void note_hidden(const Document& document, const std::vector<Draft>& drafts, Skipped& skipped) {
  auto draft = drafts.begin();
  int end = 0;
  for (int line = 1; line <= document.line_count(); ++line) {
    for (; draft != drafts.end() && draft->line <= line; ++draft)
      end = std::max(end, draft->last_line);
    if (line <= end || !document.is_literal(line) || !looks_like_box(document.line(line))) continue;
    skipped.add(line, document.is_fenced(line) ? "in a code fence" : "in code, a comment or HTML");
  }
}

}  // namespace orch::tasks
