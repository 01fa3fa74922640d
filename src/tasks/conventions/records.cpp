// The reader "records": list entries written like YAML, outside of code.
//
//   - id: build                          also uuid, key
//     description: Build the importer    also title, name, task, content
//     depends_on: [schema]
//     status: [x]                        or a word; where the task is ticked
#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/items/record_status.hpp"

#include <algorithm>

namespace orch::tasks {

namespace {

struct Record {
  Draft draft;
  std::optional<Mark> mark;
  std::string body;
  int known = 0;  ///< fields with names that records have
  bool sample = false;
};

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
                      value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

/// `<unique name>` is a place holder of a template.
bool is_place_holder(std::string_view value) {
  return value.empty() || value.front() == '<' || value.front() == '{' ||
         value.find("...") != std::string_view::npos;
}

void take_field(const Document& document, std::string_view line, Record& record) {
  FieldText field = field_text(line);
  if (field.name.empty()) return;
  if (field.kind == FieldKind::None && field.name == "content") field.kind = FieldKind::Title;
  if (field.kind != FieldKind::None) ++record.known;
  const std::string_view value = unquoted(field.value);
  TaskWords& words = record.draft.words;
  if (field.kind == FieldKind::Id) {
    words.id = std::string(value);
    words.style = IdStyle::Strong;
    record.sample = is_place_holder(value);
  } else if (field.kind == FieldKind::Title) {
    if (words.title.empty()) words.title = std::string(value);
  } else if (field.kind == FieldKind::Status) {
    if (value.empty() || record.mark) return;
    const std::optional<Standing> standing = standing_of(value);
    record.mark =
        Mark{standing == Standing::Done, document.outline().offset_of(value), value.size(), "", ""};
    record.draft.fields.emplace_back(field.kind, std::string(value));
  } else {
    record.draft.fields.emplace_back(field.kind, std::string(value));
  }
}

Record record_of(const Document& document, const Entry& entry) {
  Record record;
  record.draft = {.line = entry.line,
                  .text_line = entry.last_line,
                  .last_line = entry.last_line,
                  .section = entry.section,
                  .offset = entry.offset};
  take_field(document, entry.words, record);
  FieldKind open = FieldKind::None;
  for (int line = entry.text_line + 1; line <= entry.last_line; ++line) {
    const std::string_view text = document.line(line);
    const std::string_view words = trim(text);
    if (words.starts_with("- ") && open != FieldKind::None) {
      record.draft.fields.emplace_back(open, std::string(trim(words.substr(2))));
    } else if (!words.starts_with("- ")) {
      const FieldText field = field_text(words);
      open = field.value.empty() ? field.kind : FieldKind::None;
      take_field(document, words, record);
    }
    record.body += text;
    record.body += '\n';
  }
  if (record.body.ends_with('\n')) record.body.pop_back();
  if (record.draft.words.title.empty()) record.draft.words.title = record.draft.words.id;
  return record;
}

std::vector<Record> records_of(const Document& document, std::vector<Problem>& notes) {
  std::vector<Record> records;
  for (const Entry& entry : document.entries) {
    if (entry.box || entry.quoted || entry.parent >= 0) continue;
    if (field_text(entry.words).kind != FieldKind::Id) continue;
    Record record = record_of(document, entry);
    if (record.known < 3) continue;
    if (!record.sample) {
      records.push_back(std::move(record));
      continue;
    }
    notes.push_back({Severity::Note, entry.line, 0, "this record is a template and no task", {}});
  }
  return records;
}

void settle(Item& item, std::string_view text) {
  const std::string value(text.substr(item.mark->offset, item.mark->length));
  const bool box = value.starts_with('[');
  const std::string word = done_word_for_record(value);
  const std::string done = standing_of(word) == Standing::Done ? word : "done";
  item.mark->ticked = item.mark->done ? value : box ? "[x]" : done;
  item.mark->unticked = !item.mark->done ? value : box ? "[ ]" : "pending";
}

}  // namespace

bool has_records(const Evidence& seen) {
  std::vector<Problem> ignored;
  return !records_of(seen.document, ignored).empty();
}

Reading read_records(const Source& source) {
  const DocumentOf whole(source, source.text);
  const Document& document = *whole;
  std::vector<Problem> notes;
  std::vector<Record> records = records_of(document, notes);
  std::vector<Draft> drafts;
  for (const Record& record : records)
    drafts.push_back(record.draft);
  const DraftRules rules{.fields = FieldUse::Ignore, .parents_by_place = false};
  Reading reading = reading_of(document, std::move(drafts), rules);
  for (std::size_t i = 0; i < reading.items.size(); ++i) {
    Item& item = reading.items[i];
    item.body = std::move(records[i].body);
    item.mark = records[i].mark;
    if (!item.mark) continue;
    item.mark->done = item.done();
    settle(item, source.text);
  }
  reading.problems.insert(reading.problems.end(), notes.begin(), notes.end());
  return reading;
}

}  // namespace orch::tasks
