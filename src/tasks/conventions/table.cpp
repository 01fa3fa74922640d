// The reader "table": one row a task; the header says what the columns are.
//
//   | ID | Task | Depends on | Status |      a status cell is where the task is ticked
//   | T1 | ...  | -          | done   |
//
// In a board (a table for each of the sections "Ready", "Done") the section is the status.
#include "tasks/conventions/table.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/items/tables.hpp"
#include "tasks/model/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

/// The words of an id's own column, where anything may stand.
TaskWords id_words(std::string_view cell) {
  TaskWords words = task_words(cell);
  if (words.style != IdStyle::None && words.style != IdStyle::Label) return words;
  const std::string_view text = without_signs(cell);
  const std::size_t first = text.find_first_not_of("`*_[](){} #");
  const std::size_t last = text.find_last_not_of("`*_[](){} ");
  const bool any = first != std::string_view::npos && last >= first;
  words.id = any ? std::string(text.substr(first, last - first + 1)) : std::string();
  words.style = any ? IdStyle::Strong : IdStyle::None;
  return words;
}

/// The id of a row: of its own column, or in front of its title.
TaskWords words_of(const Table& table, const Row& row) {
  const Cell* id = table.cell(row, FieldKind::Id);
  const Cell* title = table.cell(row, FieldKind::Title);
  TaskWords words = task_words(title != nullptr ? without_box(title->text) : std::string_view());
  if (id == nullptr) return words;
  TaskWords own = id_words(without_box(id->text));
  if (title == nullptr) {
    own.title = own.title == own.id ? std::string() : own.title;
    return own;
  }
  words.id = own.id;
  words.style = own.style;
  if (own.standing) words.standing = own.standing;
  return words;
}

bool is_of_notes(std::string_view header) {
  constexpr std::array<std::string_view, 14> kNames{
      "notes",       "note",  "remarks",   "comment",    "comments", "date", "bemerkung",
      "observações", "notas", "remarques", "примечание", "備考",     "备注", "비고"};
  return std::ranges::find(kNames, folded(header)) != kNames.end();
}

/// No column is called a title: the one next to the id is, or the longest text that is no field.
std::string_view longest_text(const Table& table, const Row& row) {
  const int id = table.column(FieldKind::Id);
  if (id >= 0) {
    const std::size_t next = at(id) + 1;
    const bool fits = next < table.columns.size() && next < row.cells.size() &&
                      table.columns[next] == FieldKind::None &&
                      !is_of_notes(table.header[next].text);
    if (fits && !says_nothing(row.cells[next].text)) return row.cells[next].text;
  }
  std::string_view longest;
  for (std::size_t i = 0; i < row.cells.size() && i < table.columns.size(); ++i) {
    const bool text = table.columns[i] == FieldKind::None && !is_of_notes(table.header[i].text) &&
                      row.cells[i].text.find(' ') != std::string_view::npos;
    const std::string name = folded(table.header[i].text);
    if (name == "acceptance" || name == "goal" || name == "deliverable") return row.cells[i].text;
    if (text && row.cells[i].text.size() > longest.size()) longest = row.cells[i].text;
  }
  return longest;
}

/// `✅ T01` says that it is done, `T01` takes a tick; other signs after the tick stay.
Mark mark_of_id(const Cell& cell, bool done) {
  constexpr std::string_view kTick = "✅ ";
  std::size_t length = 0;
  if (done) {
    const std::size_t blank = std::min(cell.text.find(' '), cell.text.size());
    const bool apart = without_signs(cell.text.substr(0, blank)).empty();
    length = apart ? std::min(blank + 1, cell.text.size())
                   : cell.text.size() - without_signs(cell.text).size();
  }
  const std::string there(cell.text.substr(0, length));
  return {done, cell.offset, length, done ? there : std::string(kTick), done ? "" : there};
}

/// What a cell of a column of ticks says: "x", "yes", "no".
std::string status_in(std::string_view cell) {
  const std::string word = folded(cell);
  if (word == "x" || word == "y" || word == "yes" || word == "ja" || word == "sí") return "done";
  if (word == "n" || word == "no" || word == "nein") return "open";
  return std::string(cell);
}

struct Rows {
  std::vector<Draft> drafts;
  std::vector<std::optional<Mark>> marks;
  std::vector<std::string> bodies;
};

void add_row(const Document& document, const Table& table, const Row& row, Rows& rows) {
  Draft draft{.line = row.line,
              .text_line = row.line,
              .last_line = row.line,
              .section = table.section,
              .offset = row.cells.front().offset};
  draft.words = words_of(table, row);
  for (const Cell& cell : row.cells) {
    if (draft.box || table.column(FieldKind::Status) >= 0) break;
    draft.box = box_mark_at(cell.text);
    if (draft.box) draft.offset = cell.offset;
  }
  if (draft.words.title.empty()) draft.words.title = longest_text(table, row);
  if (draft.words.title.empty() && draft.words.id.empty()) return;
  std::string body;
  std::optional<Mark> mark;
  for (std::size_t i = 0; i < row.cells.size() && i < table.columns.size(); ++i) {
    const Cell& cell = row.cells[i];
    const FieldKind kind = table.columns[i];
    if (!cell.text.empty()) body += fmt::format("{}: {}\n", table.header[i].text, cell.text);
    const bool text = kind == FieldKind::None || kind == FieldKind::Id || kind == FieldKind::Title;
    if (text || cell.text.empty()) continue;
    draft.fields.emplace_back(
        kind, kind == FieldKind::Status ? status_in(cell.text) : std::string(cell.text));
    if (kind == FieldKind::Status && !mark)
      mark = Mark{standing_of(draft.fields.back().second) == Standing::Done, cell.offset,
                  cell.text.size(), "", ""};
  }
  const Cell* id = table.cell(row, FieldKind::Id);
  const bool ticks = table.column(FieldKind::Status) < 0 && id != nullptr &&
                     !without_signs(id->text).empty() && !without_signs(id->text).starts_with('[');
  const bool board = any_section(document, table.section, [](const Section& section) {
    return standing_of_section(section.title) != Standing::Open;
  });
  if (draft.box) mark = mark_of_box(*draft.box, draft.offset);
  if (ticks && !board && !draft.box) mark = mark_of_id(*id, draft.words.standing == Standing::Done);
  if (body.ends_with('\n')) body.pop_back();
  rows.drafts.push_back(std::move(draft));
  rows.marks.push_back(std::move(mark));
  rows.bodies.push_back(std::move(body));
}

/// Another table that names the same tasks tells more about them: a task is its first row.
void merge_rows(Rows& rows) {
  std::unordered_map<std::string, std::size_t> first;
  Rows merged;
  for (std::size_t i = 0; i < rows.drafts.size(); ++i) {
    Draft& draft = rows.drafts[i];
    const auto found = first.find(lower(draft.words.id));
    const std::string& title = draft.words.title;
    const bool again = draft.has_id() && found != first.end() &&
                       (title.empty() || title == draft.words.id ||
                        title == merged.drafts[found->second].words.title);
    if (!again) {
      if (draft.has_id()) first.emplace(lower(draft.words.id), merged.drafts.size());
      merged.drafts.push_back(std::move(draft));
      merged.marks.push_back(std::move(rows.marks[i]));
      merged.bodies.push_back(std::move(rows.bodies[i]));
      continue;
    }
    std::vector<std::pair<FieldKind, std::string>>& fields = merged.drafts[found->second].fields;
    fields.insert(fields.end(), draft.fields.begin(), draft.fields.end());
  }
  rows = std::move(merged);
}

Rows rows_of(const Document& document) {
  Rows rows;
  for (const Table& table : tables_of(document)) {
    if (!lists_tasks(table)) continue;
    const bool criteria = any_section(document, table.section, [](const Section& section) {
      return section.level > 1 && is_criteria(section.title);
    });
    if (criteria) continue;
    for (const Row& row : table.rows) {
      if (!row.cells.empty()) add_row(document, table, row, rows);
    }
  }
  merge_rows(rows);
  return rows;
}

/// A heading with the id of a row tells more about that task.
void add_details(const Document& document, Rows& rows) {
  std::unordered_map<std::string, Draft*> by_id;
  for (Draft& draft : rows.drafts) {
    if (draft.has_id()) by_id.emplace(lower(draft.words.id), &draft);
  }
  for (std::size_t i = 0; i < document.sections.size(); ++i) {
    const Draft heading = draft_of(document, static_cast<int>(i));
    if (!heading.has_id()) continue;
    const auto found = by_id.find(lower(heading.words.id));
    if (found == by_id.end() || found->second->text_line != found->second->line) continue;
    found->second->text_line = heading.text_line;
    found->second->last_line = heading.last_line;
  }
}

/// How many headings are called like rows, and how many of them have ids that no row has.
struct Beside {
  std::size_t same = 0;
  std::size_t other = 0;
};

Beside headings_beside(const Document& document, const std::unordered_set<std::string>& ids) {
  Beside beside;
  for (std::size_t i = 0; i < document.sections.size(); ++i) {
    const Draft heading = draft_of(document, static_cast<int>(i));
    if (!heading.has_id() || heading.words.style == IdStyle::Label) continue;
    const bool same = ids.contains(lower(heading.words.id));
    if (same) ++beside.same;
    if (!same && !is_phase(document.sections[i].title)) ++beside.other;
  }
  return beside;
}

/// A table for each phase, and no row that says what it waits for: phases come one after the other,
/// and their rows are steps.
void order_by_stage(Reading& reading) {
  if (reading.says_waits) return;
  if (std::ranges::none_of(reading.groups, is_stage)) return;
  order_stages(reading);
  reading.sections_are_units = std::ranges::all_of(reading.items, [&reading](const Item& item) {
    return item.group >= 0 && is_stage(reading.groups[at(item.group)]);
  });
}

/// A done word that stands in some status cell already.
void settle(std::vector<Item>& items, std::string_view text) {
  std::string done = "Done";
  std::string open = "Todo";
  bool known = false;
  for (const Item& item : items) {
    if (!item.mark || !item.mark->ticked.empty() || !item.mark->done || known) continue;
    done = std::string(text.substr(item.mark->offset, item.mark->length));
    known = true;
  }
  for (Item& item : items) {
    if (!item.mark || !item.mark->ticked.empty()) continue;
    const std::string value(text.substr(item.mark->offset, item.mark->length));
    const bool box = value.starts_with('[');
    item.mark->ticked = item.mark->done ? value : box ? "[x]" : done;
    item.mark->unticked = !item.mark->done ? value : box ? "[ ]" : open;
  }
}

}  // namespace

TableLook look_for_table(const Document& document, const std::vector<Draft>& boxes) {
  const Rows rows = rows_of(document);
  if (rows.drafts.empty()) return {};
  std::unordered_set<std::string> ids;
  for (const Draft& draft : rows.drafts)
    ids.insert(lower(draft.words.id));
  const Beside headings = headings_beside(document, ids);
  return {.rows = rows.drafts.size(),
          .repeats = std::ranges::any_of(boxes,
                                         [&ids](const Draft& draft) {
                                           return draft.has_id() &&
                                                  ids.contains(lower(draft.words.id));
                                         }),
          .among = boxes.size() > rows.drafts.size(),
          .told = headings.same,
          .others = headings.other};
}

Reading read_table(const Source& source) {
  const DocumentOf whole(source, source.text);
  const Document& document = *whole;
  Rows rows = rows_of(document);
  const DraftRules rules{.parents_by_number = true, .parents_by_place = false};
  std::vector<Problem> notes;
  {
    Skipped skipped(notes);
    note_hidden(document, rows.drafts, skipped);
    add_details(document, rows);
    for (const Entry& entry : document.entries) {
      if (entry.box) skipped.add(entry.line, "outside the table of tasks");
    }
  }
  Reading reading = reading_of(document, std::move(rows.drafts), rules);
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    Item& item = reading.items[i];
    const std::string details = std::move(item.body);
    item.body = std::move(rows.bodies[i]);
    if (!details.empty()) item.body += "\n\n" + details;
    item.mark = std::move(rows.marks[i]);
    if (item.mark) item.mark->done = item.done();
  }
  settle(reading.items, source.text);
  order_by_stage(reading);
  reading.problems.insert(reading.problems.end(), notes.begin(), notes.end());
  return reading;
}

}  // namespace orch::tasks
