// Reads issues line by line; only links that block are dependencies.
#include "tasks/conventions/beads.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/record_status.hpp"
#include "tasks/items/script.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/text/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace orch::tasks {

namespace {

constexpr std::size_t kLongestId = 200;

class Scan {
 public:
  Reading read(std::string_view text);

 private:
  void take_line(std::string_view line, int number);
  void take_issue(const JsonValue& issue, int number);
  void take_status(Item& item, const JsonValue& value);
  void take_priority(Item& item, const JsonValue& value);
  void take_links(Item& item, const JsonValue& links);
  void find_parents();
  bool has_repeated_key(const JsonValue& issue, int number);

  Reading reading_;
  ProblemList problems_;
  std::unordered_set<std::string> ids_;
};

Reading Scan::read(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++number;
    const std::string_view line = trim(text.substr(0, end));
    if (!line.empty()) take_line(line, number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  find_parents();
  if (!reading_.items.empty()) {
    problems_.add(Severity::Note, 1, "this is an export: no task can be ticked in it",
                  "close what is done with 'bd close ID'");
  }
  reading_.problems = problems_.take();
  return std::move(reading_);
}

void Scan::take_line(std::string_view line, int number) {
  const JsonText json(line);
  if (json.problem()) {
    problems_.add(Severity::Error, number, json.problem()->message,
                  "each line should be one issue in braces");
  } else if (!json.root().is(JsonKind::Object)) {
    problems_.add(Severity::Error, number, "this line is no issue in braces");
  } else {
    take_issue(json.root(), number);
  }
}

bool Scan::has_repeated_key(const JsonValue& issue, int number) {
  std::unordered_set<std::string> seen;
  for (const auto& [key, value] : issue.members()) {
    if (seen.insert(key).second) continue;
    problems_.add(Severity::Error, number,
                  fmt::format("this issue has \"{}\" twice", one_line(key, 60)));
    return true;
  }
  return false;
}

void Scan::take_issue(const JsonValue& issue, int number) {
  if (has_repeated_key(issue, number)) return;
  const auto text_of = [&issue](std::string_view key) {
    const auto value = issue.find(key);
    return value ? std::string(trim(value->text())) : std::string();
  };
  Item item{.id = text_of("id"), .has_id = true, .title = text_of("title"), .line = number};
  if (item.id.empty() || item.title.empty() || item.id.size() > kLongestId) {
    problems_.add(Severity::Error, number, "an issue needs an \"id\" and a \"title\"");
    return;
  }
  if (text_of("status") == "tombstone") {
    problems_.add(Severity::Note, number,
                  fmt::format("{} is deleted and is no task", one_line(item.id, 60)));
    return;
  }

  struct Part {
    std::string_view key;
    std::string_view heading;
  };

  constexpr std::array kParts{Part{"description", ""}, Part{"design", "Design:\n"},
                              Part{"acceptance_criteria", "Acceptance criteria:\n"},
                              Part{"notes", "Notes:\n"}};
  for (const Part& part : kParts) {
    const std::string text = text_of(part.key);
    if (text.empty()) continue;
    item.body += fmt::format("{}{}{}", item.body.empty() ? "" : "\n\n", part.heading, text);
  }
  item.script = script_of(item.body);
  if (const auto status = issue.find("status")) take_status(item, *status);
  if (const auto priority = issue.find("priority")) take_priority(item, *priority);
  if (const auto links = issue.find("dependencies")) take_links(item, *links);
  if (const auto labels = issue.find("labels")) {
    for (const JsonValue& label : labels->items()) {
      if (label.is(JsonKind::String)) item.tags.push_back(label.text());
    }
  }
  ids_.insert(item.id);
  reading_.items.push_back(std::move(item));
}

void Scan::take_status(Item& item, const JsonValue& value) {
  item.status = value.text();
  const std::optional<Standing> standing = standing_of_record(item.status);
  item.standing = standing.value_or(Standing::Held);
  if (standing) return;
  problems_.add(Severity::Warning, item.line,
                fmt::format("'{}' is not a known status: {} is not started",
                            one_line(value.raw(), 60), one_line(item.id, 60)));
}

/// 0 to 4, 0 goes first.
void Scan::take_priority(Item& item, const JsonValue& value) {
  if (value.is(JsonKind::Null)) return;
  const std::string_view raw = value.raw();
  if (raw.size() == 1 && raw[0] >= '0' && raw[0] <= '4') {
    item.priority = static_cast<Priority>(raw[0] - '0');
    return;
  }
  problems_.add(Severity::Warning, item.line,
                fmt::format("'{}' is not a priority from 0 to 4", one_line(raw, 60)));
}

void Scan::take_links(Item& item, const JsonValue& links) {
  constexpr std::array<std::string_view, 3> kBlocking{"blocks", "conditional-blocks", "waits-for"};
  if (links.is(JsonKind::Null)) return;
  if (!links.is(JsonKind::List)) {
    problems_.add(Severity::Error, item.line, "\"dependencies\" should be a list");
    return;
  }
  std::unordered_set<std::string> seen;
  for (const JsonValue& link : links.items()) {
    const auto target = link.find("depends_on_id");
    const auto type = link.find("type");
    const std::string id = target ? target->text() : std::string();
    const std::string kind = type ? type->text() : std::string("blocks");
    if (id.empty()) {
      problems_.add(Severity::Error, item.line, "a dependency needs a \"depends_on_id\"");
    } else if (kind == "parent-child") {
      item.parent = id;
    } else if (std::ranges::find(kBlocking, kind) != kBlocking.end() && seen.insert(id).second) {
      item.depends.push_back(id);
    }
  }
}

/// `bd-7f3a.1` is a part of `bd-7f3a`, if that is there.
void Scan::find_parents() {
  for (Item& item : reading_.items) {
    const std::size_t dot = item.id.rfind('.');
    if (!item.parent.empty() || dot == std::string::npos) continue;
    const std::string parent = item.id.substr(0, dot);
    if (ids_.contains(parent)) item.parent = parent;
  }
}

}  // namespace

bool is_beads(const Source& source) {
  std::string_view text = source.text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = trim(text);
  if (!text.starts_with('{') || source.path.ends_with(".json")) return false;
  const std::string_view line = trim(text.substr(0, text.find('\n')));
  const auto has = [line](std::string_view key) { return line.find(key) != std::string::npos; };
  return line.ends_with('}') && has("\"id\"") && has("\"title\"") &&
         (has("\"issue_type\"") || has("\"status\""));
}

Reading read_beads(const Source& source) {
  return Scan().read(source.text);
}

}  // namespace orch::tasks
