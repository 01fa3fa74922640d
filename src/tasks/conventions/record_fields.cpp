// The names that tools write, then those of the readers of people's files.
#include "tasks/conventions/record_fields.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/words.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

struct Name {
  std::string_view name;  ///< small letters and digits alone
  RecordField field;
  int rank = 0;
};

constexpr auto kNames = std::to_array<Name>({
    {"id", RecordField::Id},
    {"taskid", RecordField::Id, 1},
    {"storyid", RecordField::Id, 1},
    {"featureid", RecordField::Id, 1},
    {"uuid", RecordField::Id, 2},
    {"number", RecordField::Id, 4},
    {"stepnumber", RecordField::Id, 3},
    {"key", RecordField::Id, 3},
    {"title", RecordField::Title},
    {"titulo", RecordField::Title},
    {"name", RecordField::Title, 1},
    {"nome", RecordField::Title, 1},
    {"nombre", RecordField::Title, 1},
    {"nom", RecordField::Title, 1},
    {"subject", RecordField::Title, 1},
    {"content", RecordField::Title, 2},
    {"task", RecordField::Title, 2},
    {"story", RecordField::Title, 2},
    {"feature", RecordField::Title, 2},
    {"summary", RecordField::Title, 3},
    {"text", RecordField::Title, 3},
    {"step", RecordField::Title, 3},
    {"action", RecordField::Title, 4},
    {"status", RecordField::Status},
    {"state", RecordField::Status, 1},
    {"passes", RecordField::Flag},
    {"passed", RecordField::Flag},
    {"passing", RecordField::Flag},
    {"done", RecordField::Flag, 1},
    {"completed", RecordField::Flag, 1},
    {"complete", RecordField::Flag, 1},
    {"iscompleted", RecordField::Flag, 1},
    {"isdone", RecordField::Flag, 1},
    {"finished", RecordField::Flag, 1},
    {"implemented", RecordField::Flag, 2},
    {"checked", RecordField::Flag, 2},
    {"verified", RecordField::Flag, 2},
    {"dependencies", RecordField::Depends},
    {"dependson", RecordField::Depends},
    {"depends", RecordField::Depends},
    {"dependency", RecordField::Depends},
    {"deps", RecordField::Depends},
    {"blockedby", RecordField::Depends},
    {"prerequisites", RecordField::Depends},
    {"prereqs", RecordField::Depends},
    {"requires", RecordField::Depends},
    {"needs", RecordField::Depends},
    {"waitsfor", RecordField::Depends},
    {"dependede", RecordField::Depends},
    {"dependencias", RecordField::Depends},
    {"dependances", RecordField::Depends},
    {"abhangigkeiten", RecordField::Depends},
    {"blocks", RecordField::Blocks},
    {"blocking", RecordField::Blocks},
    {"conflictswith", RecordField::Conflicts},
    {"conflicts", RecordField::Conflicts},
    {"parallel", RecordField::Parallel},
    {"parallelizable", RecordField::Parallel},
    {"priority", RecordField::Priority},
    {"prio", RecordField::Priority},
    {"prioritat", RecordField::Priority},
    {"priorite", RecordField::Priority},
    {"priorita", RecordField::Priority},
    {"parenttaskid", RecordField::Parent},
    {"parentid", RecordField::Parent},
    {"parent", RecordField::Parent},
    {"labels", RecordField::Tags},
    {"tags", RecordField::Tags},
    {"modifiedfiles", RecordField::Files},
    {"filesmodified", RecordField::Files},
    {"filestomodify", RecordField::Files},
    {"relevantfiles", RecordField::Files},
    {"relatedfiles", RecordField::Files},
    {"affectedfiles", RecordField::Files},
    {"files", RecordField::Files},
    {"filestocreate", RecordField::Creates},
    {"newfiles", RecordField::Creates},
    {"agent", RecordField::Agent},
    {"human", RecordField::Human},
    {"manual", RecordField::Human},
    {"requireshuman", RecordField::Human},
    {"description", RecordField::Prose},
    {"descricao", RecordField::Prose},
    {"descripcion", RecordField::Prose},
    {"descrizione", RecordField::Prose},
    {"beschreibung", RecordField::Prose},
    {"details", RecordField::Prose, 1},
    {"subtasks", RecordField::Children},
    {"children", RecordField::Children},
    {"created", RecordField::Ignored},
    {"createdat", RecordField::Ignored},
    {"updated", RecordField::Ignored},
    {"updatedat", RecordField::Ignored},
    {"completedat", RecordField::Ignored},
    {"startedat", RecordField::Ignored},
    {"assignee", RecordField::Ignored},
    {"creator", RecordField::Ignored},
    {"activeform", RecordField::Ignored},
    {"scope", RecordField::None},  // of a commit as a rule, and no file
    {"path", RecordField::None},
});

struct ByWords {
  FieldKind kind;
  RecordField field;
};

/// Of the names that people write in any language; what is not here has no meaning in a record.
constexpr auto kByWords = std::to_array<ByWords>({
    {FieldKind::Depends, RecordField::Depends},
    {FieldKind::OrderedAfter, RecordField::Depends},
    {FieldKind::Blocks, RecordField::Blocks},
    {FieldKind::Files, RecordField::Files},
    {FieldKind::Modifies, RecordField::Files},
    {FieldKind::Creates, RecordField::Creates},
    {FieldKind::Priority, RecordField::Priority},
    {FieldKind::Status, RecordField::Status},
    {FieldKind::Parallel, RecordField::Parallel},
    {FieldKind::Conflicts, RecordField::Conflicts},
    {FieldKind::Tags, RecordField::Tags},
    {FieldKind::Id, RecordField::Id},
    {FieldKind::Title, RecordField::Title},
    {FieldKind::Owner, RecordField::Ignored},
    {FieldKind::Timeout, RecordField::Ignored},
    {FieldKind::Effort, RecordField::Ignored},
});

RecordField by_words(FieldKind kind) {
  const auto found = std::ranges::find(kByWords, kind, &ByWords::kind);
  return found == kByWords.end() ? RecordField::None : found->field;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

RecordMeaning record_field(std::string_view key) {
  std::string name;
  for (const char c : lower(key)) {
    if (c != '_' && c != '-' && c != ' ') name += c;
  }
  const auto known = std::ranges::find(kNames, std::string_view(name), &Name::name);
  if (known != kNames.end()) return {known->field, known->rank};
  std::string words(key);
  std::ranges::replace(words, '_', ' ');
  return {by_words(field_kind(words)), 5};
}

std::string heading_of_key(std::string_view key) {
  std::string heading;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool begins_word = i > 0 && is_upper(key[i]) && !is_upper(key[i - 1]);
    if (begins_word) heading += ' ';
    heading += key[i] == '_' || key[i] == '-' ? ' ' : key[i];
  }
  heading = lower(heading);
  if (!heading.empty() && heading[0] >= 'a' && heading[0] <= 'z')
    heading[0] = static_cast<char>(heading[0] - 'a' + 'A');
  return heading;
}

}  // namespace orch::tasks
