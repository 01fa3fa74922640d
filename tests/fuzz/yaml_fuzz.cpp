// Feeds any text to the reader of YAML: places, bounded problems, and a value that can be replaced.
#include "data_checks.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/text/yaml_front.hpp"

#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

void check_problems(const std::vector<Problem>& problems, std::string_view text) {
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  for (const Problem& problem : problems)
    fuzz::require(problem.line >= 0 && problem.line <= lines, "a problem's line is in the text");
}

/// A plain value is replaced: all other fields stay as they are.
void check_replaced(const YamlReading& yaml, std::string_view text) {
  for (const DataField& field : yaml.root.fields) {
    const DataValue& value = field.value;
    const bool plain = value.is(DataValue::Kind::Text) && !value.quoted && value.on_one_line;
    if (!plain || !yaml.problems.empty()) continue;
    std::string changed(text);
    changed.replace(value.offset, value.length, "done");
    const YamlReading again = read_yaml(changed);
    fuzz::require(again.root.fields.size() == yaml.root.fields.size(), "a tick adds no field");
    const DataValue* found = again.root.find(field.key);
    fuzz::require(found != nullptr, "a tick keeps the names");
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text = fuzz::text_of(bytes, size);
  if (!check_text(text).empty()) return 0;
  const YamlReading yaml = read_yaml(text);
  if (!yaml.root.is(DataValue::Kind::Null)) fuzz::check_value(yaml.root, text);
  check_problems(yaml.problems, text);
  check_replaced(yaml, text);
  const std::string file = "---\n" + std::string(text) + "\n---\n";
  const FrontMatter front = front_matter_of(file);
  for (const DataField& field : front.fields)
    fuzz::check_value(field.value, file);
  check_problems(front.problems, file);
  return 0;
}
