// Reads sentences about order, lists below headings such as "Execution order", and Mermaid graphs.
#include "tasks/items/word_order.hpp"

#include "orch/base/text.hpp"
#include "tasks/items/order.hpp"
#include "tasks/items/references.hpp"
#include "tasks/items/task_words.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

namespace orch::tasks {

namespace {

template <std::size_t Count>
std::string_view first_of(std::string_view text, const std::array<std::string_view, Count>& words) {
  const auto found = std::ranges::find_if(
      words, [text](std::string_view word) { return text.find(word) != text.npos; });
  return found == words.end() ? std::string_view() : *found;
}

/// "in order" of "Do these tasks in order", "before the next" of "one is finished before the next
/// is begun", "task-by-task"; empty: the line asks for no order.
std::string_view order_asked_for(std::string_view line) {
  constexpr std::size_t kLongest = 600;
  constexpr auto kSure = std::to_array<std::string_view>(
      {"task by task", "task-by-task", "one after the other", "one after another", "one task after",
       "from top to bottom", "before the next", "before starting the next",
       "before moving to the next", "before moving on to the next", "in the order listed",
       "in the order given", "in the given order", "in sequential order", "strictly in order",
       "der reihe nach"});
  constexpr auto kOtherScripts =
      std::to_array<std::string_view>({"按顺序", "依次", "順番に", "순서대로"});
  constexpr auto kOrder =
      std::to_array<std::string_view>({"in order", "in sequence", "sequentially"});
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {"do ", "complete", "execute", "work", "implement", "follow", "process", "run ", "perform",
       "tackle", "must be", "one is ", "nacheinander"});
  constexpr auto kThese = std::to_array<std::string_view>(
      {"task", "item", "step", "phase", "them", "these", "each", "aufgabe", "schritt"});
  constexpr auto kNot =
      std::to_array<std::string_view>({"in order to", "in order for", "in order that", "any order",
                                       "not ", "n't ", "no particular", "parallel"});
  if (line.size() > kLongest) return {};
  const std::string text = lower(line);
  if (!first_of(text, kNot).empty()) return {};
  const std::string_view other = first_of(text, kOtherScripts);
  if (!other.empty()) return other;
  const bool verb = !first_of(text, kVerbs).empty();
  const bool these = !first_of(text, kThese).empty();
  const std::string_view sure = first_of(text, kSure);
  if (!sure.empty() && (verb || these)) return sure;
  return verb && these ? first_of(text, kOrder) : std::string_view();
}

/// "Execution order", "Suggested sequence".
bool is_about_order(std::string_view title) {
  constexpr std::array<std::string_view, 10> kWords{"order", "sequence", "reihenfolge", "ordre",
                                                    "orden", "ordem",    "ordine",      "порядок",
                                                    "顺序",  "順序"};
  constexpr std::size_t kLongest = 60;
  if (title.size() > kLongest) return false;
  const std::string text = folded(without_signs(title));
  return std::ranges::any_of(kWords, [&text](std::string_view word) {
    return text == word || text.ends_with(fmt::format(" {}", word)) ||
           text.starts_with(fmt::format("{} of", word)) ||
           (static_cast<unsigned char>(word[0]) >= 0x80 && text.ends_with(word));
  });
}

class WordOrder {
 public:
  WordOrder(const Document& document, Reading& reading)
      : document_(document), reading_(reading), references_(reading.items) {
    for (const Item& item : reading.items)
      own_lines_.push_back(item.line);
    std::ranges::sort(own_lines_);
  }

  void read() {
    read_sentence();
    for (const Section& section : document_.sections)
      if (is_about_order(section.title)) read_section(section);
    for (const Block& block : document_.outline().blocks)
      if (block.kind == Block::Kind::Fence) read_graph(block);
  }

 private:
  bool is_item(int line) const { return std::ranges::binary_search(own_lines_, line); }

  void read_sentence();
  void read_section(const Section& section);
  void read_graph(const Block& fence);
  void read_edges(std::string_view line, int number);
  int item_of_node(std::string_view node);
  void add(int item, const std::string& before, std::string_view why);

  const Document& document_;
  Reading& reading_;
  const References references_;
  std::vector<int> own_lines_;                     // of the items, ascending
  std::map<std::string, int, std::less<>> nodes_;  // of a graph, to items
};

void WordOrder::add(int item, const std::string& before, std::string_view why) {
  if (item < 0) return;
  Item& own = reading_.items[at(item)];
  const bool known = own.id == before ||
                     std::ranges::find(own.depends, before) != own.depends.end() ||
                     std::ranges::find(own.after, before, &Order::id) != own.after.end();
  if (!known) own.after.push_back({before, one_line(why, 100)});
}

/// Only above the items: further down it is about something else.
void WordOrder::read_sentence() {
  if (reading_.items.size() < 2) return;
  int first = document_.line_count();
  for (const Item& item : reading_.items)
    first = std::min(first, item.line);
  for (int line = 1; line < first; ++line) {
    const std::string_view text = trim(document_.line(line));
    if (document_.is_literal(line)) continue;
    const std::string_view words = order_asked_for(text);
    if (words.empty()) continue;
    return order_items(reading_, fmt::format("line {} says '{}'", line, words));
  }
}

/// A list of ids, each line after the one above, or "after T1".
void WordOrder::read_section(const Section& section) {
  std::vector<std::string> above;
  for (const Entry& entry : document_.entries) {
    const bool inside = entry.line > section.text_line && entry.line <= section.last_line;
    if (!inside || entry.parent >= 0 || is_item(entry.line)) continue;
    const std::vector<std::string> ids = references_.at_start(entry.words);
    if (ids.empty()) continue;
    const std::string why = fmt::format("line {}: {}", entry.line, one_line(entry.words, 80));
    const std::string small = lower(entry.words);
    const bool apart = small.find("parallel") != small.npos || small.find("any time") != small.npos;
    std::vector<std::string> before = references_.after_after(entry.words, -1);
    if (before.empty() && entry.ordered && !apart) before = above;
    for (const std::string& id : ids)
      for (const std::string& one : before)
        add(references_.find(id), one, why);
    above = ids;
  }
}

void WordOrder::read_graph(const Block& fence) {
  const std::string opening = lower(document_.line(fence.first_line));
  if (opening.find("mermaid") == opening.npos) return;
  nodes_.clear();
  bool is_graph = false;
  for (int line = fence.first_line + 1; line < fence.last_line; ++line) {
    const std::string_view text = trim(document_.line(line));
    if (text.starts_with("graph") || text.starts_with("flowchart")) is_graph = true;
    if (is_graph && text.size() < 1000) read_edges(text, line);
  }
}

/// `T1[Read] --> T2 & T3`, `A -->|then| B`.
void WordOrder::read_edges(std::string_view line, int number) {
  constexpr std::array<std::string_view, 4> kArrows{"-->", "-.->", "==>", "---"};
  std::vector<int> before;
  for (bool first = true; !line.empty(); first = false) {
    std::size_t cut = line.npos;
    std::size_t length = 0;
    for (const std::string_view arrow : kArrows) {
      const std::size_t found = line.find(arrow);
      if (found >= cut) continue;
      cut = found;
      length = arrow.size();
    }
    if (first && cut == line.npos && line.find_first_of("[({") == line.npos) return;
    std::vector<int> here;
    std::string_view nodes = line.substr(0, cut);
    if (nodes.starts_with('|'))
      nodes.remove_prefix(std::min(nodes.find('|', 1), nodes.size() - 1) + 1);
    for (const std::string_view node : split(nodes, '&')) {
      const int item = item_of_node(trim(node));
      if (item >= 0) here.push_back(item);
    }
    for (const int one : here)
      for (const int earlier : before)
        add(one, reading_.items[at(earlier)].id, fmt::format("the graph in line {}", number));
    before = std::move(here);
    line = cut == line.npos ? std::string_view() : trim(line.substr(cut + length));
  }
}

/// By the id of the node, or by the one that its label begins with.
int WordOrder::item_of_node(std::string_view node) {
  const std::size_t open = node.find_first_of("[({>");
  const std::string_view name = trim(node.substr(0, open));
  int item = references_.find(name);
  if (open != node.npos) {
    std::string_view label = node.substr(open);
    label.remove_prefix(std::min(label.find_first_not_of("[({>\"/ "), label.size()));
    const std::vector<std::string> ids = references_.at_start(label);
    if (!ids.empty()) item = references_.find(ids.front());
  }
  const auto known = nodes_.find(name);
  if (item < 0 && known != nodes_.end()) return known->second;
  if (item >= 0) nodes_.insert_or_assign(std::string(name), item);
  return item;
}

}  // namespace

void order_items(Reading& reading, std::string_view why) {
  std::vector<int> roots;
  for (int i = 0; i < static_cast<int>(reading.items.size()); ++i)
    if (reading.items[at(i)].parent.empty()) roots.push_back(i);
  order_in_runs(reading.items, roots, why);
}

void add_word_order(const Document& document, Reading& reading) {
  WordOrder(document, reading).read();
}

}  // namespace orch::tasks
