// Writes the values of fields into an item.
#include "orch/base/text.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/text/paths.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::tasks {

namespace {

void add_once(std::vector<std::string>& words, std::string word) {
  if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
}

}  // namespace

void apply_field(Item& item, const FieldValue& field) {
  const auto add_files = [&item](const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      if (std::ranges::find(item.files, path) == item.files.end()) item.files.push_back(path);
    }
  };
  switch (field.kind) {
    case FieldKind::Priority:
      if (!item.priority) item.priority = priority_of(field.value);
      break;
    case FieldKind::Status:
      if (item.status.empty()) item.status = field.value;
      break;
    case FieldKind::Files:
    case FieldKind::Modifies: add_files(paths_of_field(field.value)); break;
    case FieldKind::Creates: {
      const std::vector<std::string> paths = paths_of_field(field.value);
      add_files(paths);
      item.creates.insert(item.creates.end(), paths.begin(), paths.end());
      break;
    }
    case FieldKind::Agent:
    case FieldKind::Owner: {
      const std::string word = folded(field.value);
      if (field.kind == FieldKind::Owner && is_person(word)) {
        item.human = true;
        break;
      }
      if (!says_nothing(word)) item.tags.push_back("@" + word);
      break;
    }
    case FieldKind::Parallel: {
      const std::string word = folded(field.value);
      if (word == "true" || word == "yes") item.parallel = true;
      if (word == "false" || word == "no") item.parallel = false;
      break;
    }
    case FieldKind::Tags:
      for (const std::string_view tag : split(field.value, ',')) {
        if (!says_nothing(tag)) item.tags.push_back(folded(tag));
      }
      break;
    case FieldKind::None:
    case FieldKind::Depends:
    case FieldKind::Blocks:
    case FieldKind::Consumes:
    case FieldKind::OrderedAfter:
    case FieldKind::Timeout:
    case FieldKind::Conflicts:
    case FieldKind::Id:
    case FieldKind::Title:
    case FieldKind::Effort: break;
  }
}

void apply_own_field(Item& item, const FieldValue& field, std::vector<Problem>& problems) {
  const auto complain = [&](std::string_view what, std::string hint) {
    if (says_nothing(field.value)) return;
    problems.push_back({Severity::Warning, field.line, 0,
                        fmt::format("'{}' is not {}", one_line(field.value, 60), what),
                        std::move(hint)});
  };
  const auto add_files = [&](bool all_created) {
    for (ListedFile& file : listed_files(field.value)) {
      if (all_created || file.created) add_once(item.creates, file.path);
      add_once(item.files, std::move(file.path));
    }
  };
  switch (field.kind) {
    case FieldKind::Files:
    case FieldKind::Modifies: return add_files(false);
    case FieldKind::Creates: return add_files(true);
    case FieldKind::Agent: item.agent = plain_word(field.value); return;
    case FieldKind::Tags:
      for (std::string& word : listed_words(field.value))
        add_once(item.tags, std::move(word));
      return;
    case FieldKind::Priority:
      item.priority = priority_of(field.value);
      if (!item.priority) complain("a priority", "write P0, P1, P2, P3 or P4");
      return;
    case FieldKind::Timeout: {
      const Result<Span> span = parse_span(plain_word(field.value));
      if (span && span->count() > 0)
        item.timeout = *span;
      else
        complain("a time limit", "write a number and a unit, such as 90s, 30m or 1h30m");
      return;
    }
    case FieldKind::None:
    case FieldKind::Depends:
    case FieldKind::Blocks:
    case FieldKind::Consumes:
    case FieldKind::OrderedAfter:
    case FieldKind::Status:
    case FieldKind::Owner:
    case FieldKind::Parallel:
    case FieldKind::Conflicts:
    case FieldKind::Id:
    case FieldKind::Title:
    case FieldKind::Effort: return apply_field(item, field);
  }
}

}  // namespace orch::tasks
