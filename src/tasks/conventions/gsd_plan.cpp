// Goes through the lines: a block begins and ends with a line of its own.
#include "tasks/conventions/gsd_plan.hpp"

#include "orch/base/text.hpp"
#include "tasks/model/problem_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace orch::tasks {

namespace {

struct TextBlock {
  int line = 0;           ///< of `<task`
  std::string_view tag;   ///< with its attributes
  std::string_view text;  ///< between the tags
};

bool opens_task(std::string_view line) {
  line = trim(line);
  return line.starts_with("<task") && line.size() > 5 && (line[5] == ' ' || line[5] == '>');
}

bool is_fence(std::string_view line) {
  line = trim(line);
  return line.starts_with("```") || line.starts_with("~~~");
}

/// The blocks outside of code; one that is not closed ends where the next one begins.
std::vector<TextBlock> blocks_of(std::string_view text) {
  std::vector<TextBlock> blocks;
  bool in_code = false;
  bool is_open = false;
  std::size_t from = 0;
  int number = 0;
  const auto close = [&](std::size_t at) {
    if (is_open) blocks.back().text = text.substr(from, at - from);
    is_open = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    ++number;
    if (is_fence(line)) in_code = !in_code;
    if (!in_code && opens_task(line)) {
      close(at);
      const std::size_t sign = std::min(line.find('>'), line.size());
      blocks.push_back({.line = number, .tag = line.substr(0, sign), .text = {}});
      is_open = true;
      from = at + std::min(sign + 1, line.size());
    }
    const std::size_t closing = is_open ? line.find("</task>") : std::string_view::npos;
    if (closing != std::string_view::npos) {
      close(at + closing);
      in_code = false;  // a fence that was left open in it ends with it
    }
    at = end + 1;
  }
  close(text.size());
  return blocks;
}

/// What stands in `<name>..</name>`, and where; nothing if it is not there.
std::string_view element(std::string_view text, std::string_view name) {
  const std::string open = fmt::format("<{}>", name);
  const std::size_t at = text.find(open);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + open.size();
  const std::size_t end = text.find(fmt::format("</{}>", name), from);
  return end == std::string_view::npos ? std::string_view() : text.substr(from, end - from);
}

std::string attribute(std::string_view tag, std::string_view name) {
  const std::size_t at = tag.find(fmt::format(" {}=", name));
  if (at == std::string_view::npos) return {};
  std::string_view value = tag.substr(at + name.size() + 2);
  if (value.empty()) return {};
  const char quote = value.front();
  if (quote == '"' || quote == '\'') {
    value.remove_prefix(1);
    return std::string(value.substr(0, value.find(quote)));
  }
  return std::string(value.substr(0, value.find_first_of(" >")));
}

/// "Task 3: Write the log" is a number and a title.
void take_name(Item& item, std::string_view name) {
  name = trim(name);
  item.title = one_line(name, 300);
  std::string_view rest = name;
  if (!lower(rest.substr(0, 5)).starts_with("task ")) return;
  rest = trim(rest.substr(5));
  const std::size_t digits = rest.find_first_not_of("0123456789.");
  if (digits == 0 || digits == std::string_view::npos) return;
  std::string_view number = rest.substr(0, digits);
  while (number.ends_with('.'))
    number.remove_suffix(1);
  rest.remove_prefix(digits);
  const std::size_t words = rest.find_first_not_of(" :-.)");
  if (number.empty() || words == std::string_view::npos) return;
  item.id = number;
  item.has_id = true;
  item.title = one_line(trim(rest.substr(words)), 300);
}

/// Paths with commas or in lines; what is written behind one is no part of it.
void take_files(Item& item, std::string_view files) {
  for (const std::string_view line : split_lines(files)) {
    for (std::string_view entry : split(line, ',')) {
      entry = trim(entry);
      if (entry.starts_with("- ")) entry = trim(entry.substr(2));
      entry = entry.substr(0, entry.find(' '));
      while (!entry.empty() && entry.front() == '`')
        entry.remove_prefix(1);
      while (!entry.empty() && entry.back() == '`')
        entry.remove_suffix(1);
      const bool is_path =
          entry.find_first_of("/.*") != std::string_view::npos && lower(entry) != "n/a";
      if (is_path && std::ranges::find(item.files, entry) == item.files.end())
        item.files.emplace_back(entry);
    }
  }
}

Item item_of_block(const TextBlock& block, std::string_view objective) {
  Item item{.line = block.line};
  const std::string_view name = element(block.text, "name");
  const std::string type = lower(attribute(block.tag, "type"));
  item.human = type.starts_with("checkpoint");
  for (const char* tag : {"name", "what-built", "decision", "action"}) {
    const std::string_view words = trim(element(block.text, tag));
    if (item.title.empty() && !words.empty()) take_name(item, split_lines(words).front());
  }
  if (!name.empty()) {
    const auto above =
        block.text.substr(0, static_cast<std::size_t>(name.data() - block.text.data()));
    item.line += static_cast<int>(std::ranges::count(above, '\n'));
  }
  take_files(item, element(block.text, "files"));
  item.body = trim(block.text);
  item.script = {};
  if (!objective.empty())
    item.body += fmt::format("\n\nThe plan that this is a part of:\n{}", objective);
  return item;
}

/// Tasks without a number have their place in the list.
void settle_ids(std::vector<Item>& items) {
  std::unordered_set<std::string> ids;
  const bool are_unique = std::ranges::all_of(
      items, [&ids](const Item& item) { return item.id.empty() || ids.insert(item.id).second; });
  for (std::size_t i = 0; i < items.size(); ++i) {
    Item& item = items[i];
    if (!item.id.empty() && are_unique) continue;
    std::string id = std::to_string(i + 1);
    while (are_unique && ids.contains(id))
      id += 'b';
    ids.insert(id);
    item.id = std::move(id);
    item.has_id = false;
  }
}

}  // namespace

bool has_gsd_tasks(const Source& source) {
  if (source.text.find("<task") == std::string_view::npos) return false;
  const std::vector<TextBlock> blocks = blocks_of(source.text);
  return std::ranges::any_of(blocks, [](const TextBlock& block) {
    return !element(block.text, "name").empty() || !attribute(block.tag, "type").empty();
  });
}

Reading read_gsd_plan(const Source& source) {
  Reading reading;
  ProblemList problems;
  const std::string_view objective = trim(element(source.text, "objective"));
  for (const TextBlock& block : blocks_of(source.text)) {
    Item item = item_of_block(block, objective);
    if (item.title.empty()) item.title = fmt::format("Task {}", reading.items.size() + 1);
    problems.add(Severity::Note, item.line,
                 "this task cannot be ticked: the format has no place for it");
    reading.items.push_back(std::move(item));
  }
  settle_ids(reading.items);
  for (std::size_t i = 1; i < reading.items.size(); ++i)
    reading.items[i].after.push_back({reading.items[i - 1].id, "task order"});
  reading.problems = problems.take();
  return reading;
}

}  // namespace orch::tasks
