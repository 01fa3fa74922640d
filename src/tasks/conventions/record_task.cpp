// Goes through the fields once; the first of two names for the same thing wins.
#include "tasks/conventions/record_task.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/record_status.hpp"
#include "tasks/items/script.hpp"
#include "tasks/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

namespace {

using Kind = DataValue::Kind;

constexpr std::size_t kLongestTitle = 300;

bool means_nothing(std::string_view text) {
  const std::string word = lower(trim(text));
  return word.empty() || word == "none" || word == "n/a" || word == "-" || word == "[]" ||
         word == "null";
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 9 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `true` and what people write for it; nothing where it is neither yes nor no.
std::optional<bool> flag_of(const DataValue& value) {
  const std::string word = lower(trim(value.text));
  if (value.is(Kind::Null) || word == "false" || word == "no" || word == "0") return false;
  if (word == "true" || word == "yes" || word == "1") return true;
  return {};
}

/// What an entry of a list of ids or paths names.
std::string_view name_in(const DataValue& entry) {
  if (!entry.is(Kind::Map)) return entry.text;
  for (const std::string_view key : {"depends_on_id", "id", "taskId", "task", "path", "file"}) {
    const DataValue* value = entry.find(key);
    if (value != nullptr && value->is_scalar()) return value->text;
  }
  return {};
}

/// The entries of a list, or of a text with commas; without a `#` in front of a number.
std::vector<std::string> entries_of(const DataValue& value) {
  std::vector<std::string> entries;
  const auto add = [&entries](std::string_view entry) {
    entry = trim(entry);
    if (entry.size() > 1 && entry.front() == '#') entry.remove_prefix(1);
    if (!means_nothing(entry)) entries.emplace_back(entry);
  };
  if (value.is_scalar()) {
    for (const std::string_view entry : split(value.text, ','))
      add(entry);
  }
  for (const DataValue& entry : value.items)
    add(name_in(entry));
  return entries;
}

void append_new(std::vector<std::string>& into, std::vector<std::string> entries) {
  std::unordered_set<std::string> seen(into.begin(), into.end());
  for (std::string& entry : entries) {
    if (seen.insert(entry).second) into.push_back(std::move(entry));
  }
}

std::vector<std::string> ids_in(std::span<const DataField> fields, RecordField wanted) {
  std::vector<std::string> ids;
  for (const DataField& field : fields) {
    if (record_field(field.key).field == wanted) append_new(ids, entries_of(field.value));
  }
  return ids;
}

class Filler {
 public:
  Filler(std::string_view text, const RecordRules& rules, ProblemList& problems)
      : text_(text), rules_(rules), problems_(problems) {}

  void take(const DataField& field);
  void finish();

  RecordTask task;

 private:
  void take_text(const DataField& field, std::string& into, int& best, int rank);
  void take_list(const DataField& field, std::vector<std::string>& into);
  void take_status(const DataField& field);
  void take_flag(const DataField& field, int rank);
  void take_priority(const DataField& field);
  void take_files(const DataField& field, bool creates);
  void take_prose(const DataField& field, RecordMeaning meaning);
  std::string in_quotes(std::string_view word) const;
  void warn_priority(int line, std::string_view text);
  void tick(const DataValue& value, std::string ticked, std::string unticked);

  std::string_view text_;
  const RecordRules& rules_;
  ProblemList& problems_;
  std::string description_;
  std::string more_;
  static constexpr int kNone = 100;
  static constexpr int kNumberRank = 6;  // of a number where others have a title
  int flag_rank_ = kNone;
  int id_rank_ = kNone;
  int title_rank_ = kNone;
  int parent_rank_ = kNone;
  int agent_rank_ = kNone;
};

void Filler::take_text(const DataField& field, std::string& into, int& best, int rank) {
  if (!field.value.is_scalar()) {
    problems_.add(Severity::Error, field.line,
                  fmt::format("'{}' should be one text", one_line(field.key, 40)));
    return;
  }
  if (rank >= best || trim(field.value.text).empty()) return;
  best = rank;
  into = trim(field.value.text);
  std::ranges::replace(into, '\n', ' ');
}

void Filler::take_list(const DataField& field, std::vector<std::string>& into) {
  if (field.value.is(Kind::Map)) {
    problems_.add(Severity::Error, field.line,
                  fmt::format("'{}' should be a list", one_line(field.key, 40)));
    return;
  }
  append_new(into, entries_of(field.value));
}

void Filler::tick(const DataValue& value, std::string ticked, std::string unticked) {
  if (!value.on_one_line || value.length == 0) return;
  const std::string written(text_.substr(value.offset, value.length));
  task.item.mark = Mark{.done = task.item.done(),
                        .offset = value.offset,
                        .length = value.length,
                        .ticked = task.item.done() ? written : std::move(ticked),
                        .unticked = task.item.done() ? std::move(unticked) : written};
}

void Filler::take_status(const DataField& field) {
  Item& item = task.item;
  const DataValue& value = field.value;
  if (!item.status.empty() || flag_rank_ < kNone) return;
  if (value.is(Kind::Bool)) return take_flag(field, 3);
  if (!value.is_scalar()) {
    problems_.add(Severity::Warning, field.line,
                  fmt::format("'{}' should be one word", one_line(field.key, 40)));
    return;
  }
  item.status = trim(value.text);
  const std::optional<Standing> standing = standing_of_record(item.status);
  item.standing = standing.value_or(item.status.empty() ? Standing::Open : Standing::Held);
  item.doubt = review_doubt(item.status, field.line);
  if (!standing && !item.status.empty()) {
    problems_.add(Severity::Warning, field.line,
                  fmt::format("'{}' is not a known status: this task is not started",
                              one_line(item.status, 60)),
                  fmt::format("write '{}' if it may start", rules_.words.open));
  }
  // With its quotes, as what stands there now may have none: null.
  DataValue place = value;
  if (rules_.quotes && value.quoted) {
    place.offset -= 1;
    place.length += 2;
  }
  tick(place, in_quotes(rules_.words.done), in_quotes(rules_.words.open));
  task.by_status = item.mark.has_value();
}

std::string Filler::in_quotes(std::string_view word) const {
  return rules_.quotes ? fmt::format("\"{}\"", word) : std::string(word);
}

/// It counts more than a status: the tools that have both look at it alone.
void Filler::take_flag(const DataField& field, int rank) {
  const std::optional<bool> flag = flag_of(field.value);
  if (!flag || field.value.quoted) return take_prose(field, {});
  if (rank >= flag_rank_) return;
  const bool is_first = flag_rank_ == kNone;
  flag_rank_ = rank;
  Item& item = task.item;
  const bool says_other =
      is_first && item.standing != Standing::Done && item.standing != Standing::Open;
  if (*flag) {
    item.standing = Standing::Done;
    item.doubt.clear();
  } else if (!says_other) {
    item.standing = Standing::Open;
  }
  item.mark.reset();
  task.by_status = false;
  tick(field.value, "true", "false");
}

void Filler::warn_priority(int line, std::string_view text) {
  problems_.add(Severity::Warning, line,
                fmt::format("'{}' is not a known priority", one_line(text, 60)),
                "write critical, high, medium or low");
}

void Filler::take_priority(const DataField& field) {
  const std::string_view text = trim(field.value.text);
  if (task.item.priority || task.rank || means_nothing(text)) return;
  task.rank_line = field.line;
  if (is_number(text)) {
    task.rank = std::stoi(std::string(text));
    return;
  }
  task.item.priority = priority_of_record(text);
  if (!task.item.priority) warn_priority(field.line, text);
}

/// Paths, or maps with a path and what is done to it, or lists by what is done to them.
void Filler::take_files(const DataField& field, bool creates) {
  if (field.value.is(Kind::Map)) {
    for (const DataField& part : field.value.fields)
      take_files(part, lower(part.key).starts_with("create") || lower(part.key) == "new");
    return;
  }
  append_new(task.item.files, entries_of(field.value));
  if (creates) append_new(task.item.creates, entries_of(field.value));
  for (const DataValue& entry : field.value.items) {
    for (const std::string_view key : {"action", "type"}) {
      const DataValue* action = entry.find(key);
      if (action != nullptr && lower(action->text) == "create")
        append_new(task.item.creates, {std::string(name_in(entry))});
    }
  }
}

void Filler::take_prose(const DataField& field, RecordMeaning meaning) {
  const std::string prose = prose_of(field.value);
  if (prose.empty()) return;
  if (meaning.field == RecordField::Prose && meaning.rank == 0 && description_.empty()) {
    description_ = prose;
  } else if (rules_.all_prose || meaning.field == RecordField::Children) {
    more_ +=
        fmt::format("{}{}:\n{}", more_.empty() ? "" : "\n\n", heading_of_key(field.key), prose);
  }
}

void Filler::take(const DataField& field) {
  const RecordMeaning meaning = record_field(field.key);
  if (field.value.is(Kind::Refused)) return;
  Item& item = task.item;
  switch (meaning.field) {
    case RecordField::Id: return take_text(field, item.id, id_rank_, meaning.rank);
    case RecordField::Title:
      // `"step": 2` is which one it is, `"step": "Copy the files"` what it is.
      if (is_number(field.value.text)) return take_text(field, item.id, id_rank_, kNumberRank);
      return take_text(field, item.title, title_rank_, meaning.rank);
    case RecordField::Status: return take_status(field);
    case RecordField::Flag: return take_flag(field, meaning.rank);
    case RecordField::Depends: return take_list(field, item.depends);
    case RecordField::Blocks: return take_list(field, task.blocks);
    case RecordField::Conflicts: return take_list(field, item.conflicts);
    case RecordField::Parent: return take_text(field, item.parent, parent_rank_, meaning.rank);
    case RecordField::Tags: return take_list(field, item.tags);
    case RecordField::Files: return take_files(field, false);
    case RecordField::Creates: return take_files(field, true);
    case RecordField::Agent: return take_text(field, item.agent, agent_rank_, meaning.rank);
    case RecordField::Human: item.human = flag_of(field.value).value_or(false); return;
    case RecordField::Parallel: item.parallel = flag_of(field.value); return;
    case RecordField::Priority: return take_priority(field);
    case RecordField::Children:
      if (!rules_.children) return take_prose(field, meaning);
      if (field.value.is(Kind::List) && !field.value.items.empty()) task.children = &field.value;
      return;
    case RecordField::Prose:
    case RecordField::None: return take_prose(field, meaning);
    case RecordField::Ignored: return;
  }
}

void Filler::finish() {
  Item& item = task.item;
  if (item.title.empty() && !description_.empty()) {
    item.title = trim(split_lines(description_).front());
    if (item.title == description_ && item.title.size() <= kLongestTitle) description_.clear();
  }
  item.title = one_line(item.title, kLongestTitle);
  const bool both = !description_.empty() && !more_.empty();
  item.body = description_ + (both ? "\n\n" : "") + more_;
  item.script = script_of(item.body);
  item.has_id = !item.id.empty();
}

}  // namespace

RecordTask record_task(std::span<const DataField> fields, std::string_view text,
                       const RecordRules& rules, ProblemList& problems) {
  Filler filler(text, rules, problems);
  for (const DataField& field : fields)
    filler.take(field);
  filler.finish();
  return std::move(filler.task);
}

std::vector<std::string> ids_that_wait(std::span<const DataField> fields) {
  return ids_in(fields, RecordField::Blocks);
}

std::vector<std::string> ids_waited_for(std::span<const DataField> fields) {
  return ids_in(fields, RecordField::Depends);
}

void take_level(RecordTask& task, ProblemList& problems) {
  if (!task.rank) return;
  task.item.priority = static_cast<Priority>(std::min(*task.rank, 4));
  if (*task.rank <= 5) return;
  problems.add(Severity::Warning, task.rank_line,
               fmt::format("'{}' is a low priority here: they go from 0 to 4", *task.rank));
}

std::string prose_of(const DataValue& value) {
  if (value.is(Kind::Text)) return std::string(trim(value.text));
  std::string prose;
  const auto add = [&prose](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    if (!prose.empty()) prose += '\n';
    prose += fmt::format("{}{}", name, text);
  };
  for (const DataValue& entry : value.items) {
    std::string text = prose_of(entry);
    std::ranges::replace(text, '\n', ' ');
    add("- ", text);
  }
  for (const DataField& field : value.fields)
    add(field.key + ": ", prose_of(field.value));
  return prose;
}

void use_own_words(std::span<RecordTask> tasks) {
  std::string done;
  for (const RecordTask& task : tasks) {
    if (task.by_status && task.item.done()) done = task.item.status;
  }
  for (RecordTask& task : tasks) {
    if (!task.by_status || task.item.done()) continue;
    const std::string word = done.empty() ? done_word_for_record(task.item.status) : done;
    std::string& ticked = task.item.mark->ticked;
    ticked = ticked.starts_with('"') ? fmt::format("\"{}\"", word) : word;
  }
}

}  // namespace orch::tasks
