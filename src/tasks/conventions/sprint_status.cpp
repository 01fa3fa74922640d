// One field of a map is one story.
#include "tasks/conventions/sprint_status.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/record_task.hpp"
#include "tasks/text/yaml_front.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace orch::tasks {

namespace {

/// "1" of "1-2-log-in"; empty: it does not begin with a number.
std::string_view epic_of(std::string_view key) {
  return key.substr(0, std::min(key.find_first_not_of("0123456789"), key.size()));
}

/// "log in" of "1-2-log-in"; the key itself where there are no words.
std::string title_of(std::string_view key) {
  std::string_view rest = key;
  for (int part = 0; part < 2; ++part) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const bool is_number = digits > 0 && rest.substr(digits, 1) == "-";
    if (is_number) rest.remove_prefix(digits + 1);
  }
  const bool has_words = rest.find_first_not_of("0123456789-.") != std::string_view::npos;
  std::string title(has_words ? rest : key);
  if (!has_words) return title;
  std::ranges::replace(title, '-', ' ');
  return title;
}

bool is_no_story(std::string_view key) {
  const std::string name = lower(key);
  return name.starts_with("epic-") || name.starts_with("epic_") || name.ends_with("retrospective");
}

/// Where the story is written, as far as the file says.
std::string story_text(const FrontMatter& yaml, std::string_view key) {
  std::string_view folder = yaml.text_of("story_location");
  for (const std::string_view root : {"{project-root}/", "./"}) {
    if (folder.starts_with(root)) folder.remove_prefix(root.size());
  }
  while (folder.ends_with('/'))
    folder.remove_suffix(1);
  const bool is_place = !folder.empty() && folder.front() != '/' && folder.front() != '{';
  const std::string place = is_place
                                ? fmt::format("{}/{}.md", folder, key)
                                : fmt::format("{}.md, in the folder of the sprint status", key);
  return fmt::format(
      "This story is written in {}. Where that file does not exist yet, the file of its epic says "
      "what it is about.",
      place);
}

class Stories {
 public:
  Stories(const FrontMatter& yaml, std::string_view text) : yaml_(yaml), text_(text) {}

  Reading read(const DataValue& status);

 private:
  void add(const DataField& field);

  const FrontMatter& yaml_;
  std::string_view text_;
  Reading reading_;
  ProblemList problems_;
  std::unordered_map<std::string, int> groups_;        // by epic
  std::unordered_map<std::string, std::string> last_;  // story of each epic
};

void Stories::add(const DataField& field) {
  const RecordRules rules{.words = {"done", "ready-for-dev"}};
  const DataField status{"status", field.line, field.value};
  Item item = std::move(record_task({&status, 1}, text_, rules, problems_).item);
  item.id = field.key;
  item.has_id = true;
  item.title = title_of(field.key);
  item.line = field.line;
  item.body = story_text(yaml_, field.key);
  const std::string epic(epic_of(field.key));
  if (!epic.empty()) {
    const auto [group, is_new] = groups_.emplace(epic, static_cast<int>(reading_.groups.size()));
    if (is_new) reading_.groups.push_back({.title = "Epic " + epic, .line = field.line});
    item.group = group->second;
    std::string& last = last_[epic];
    if (!last.empty()) item.after.push_back({last, "story order"});
    last = item.id;
  }
  reading_.items.push_back(std::move(item));
}

Reading Stories::read(const DataValue& status) {
  for (const DataField& field : status.fields) {
    if (is_no_story(field.key)) {
      problems_.add(Severity::Note, field.line,
                    fmt::format("{} is no story and no task", one_line(field.key, 60)));
    } else if (field.value.is_scalar()) {
      add(field);
    }
  }
  reading_.problems = problems_.take();
  return std::move(reading_);
}

}  // namespace

bool has_development_status(const Source& source) {
  if (source.text.find("development_status:") == std::string_view::npos) return false;
  const FrontMatter yaml = fields_of_yaml(source.text);
  const DataValue* status = yaml.find("development_status");
  return status != nullptr && status->is(DataValue::Kind::Map);
}

Reading read_sprint_status(const Source& source) {
  const FrontMatter yaml = fields_of_yaml(source.text);
  const DataValue* status = yaml.find("development_status");
  Reading reading;
  if (status != nullptr) reading = Stories(yaml, source.text).read(*status);
  reading.problems.insert(reading.problems.begin(), yaml.problems.begin(), yaml.problems.end());
  return reading;
}

}  // namespace orch::tasks
