// The reader "roadmap": GSD's ROADMAP.md and others like it. A list names the phases, and a section
// of the same name tells each, with what it waits for and its own plans as boxes.
//
//   - [ ] **Phase 2: Sending** - mail goes out
//   ### Phase 2: Sending
//   **Depends on**: Phase 1
//   - [ ] 02-01-PLAN.md - settings      a plan: a part of the phase
#include "orch/base/text.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/items/references.hpp"
#include "tasks/model/index.hpp"
#include "tasks/text/stages.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace orch::tasks {

namespace {

using Places = std::map<std::string, int, std::less<>>;  ///< of stages, by "Phase 2"

Places sections_by_stage(const Document& document) {
  Places places;
  for (int i = 0; i < static_cast<int>(document.sections.size()); ++i)
    if (const auto stage = stage_of(document.sections[at(i)].title))
      places.emplace(stage->name(), i);
  return places;
}

std::string stage_name(std::string_view words) {
  const std::optional<Stage> stage = stage_of(words);
  return stage ? stage->name() : std::string();
}

/// What the section says of the phase: its dependencies, and which boxes are its parts.
void take_section(const Document& document, const Section& section, int phase, const Places& phases,
                  Reading& reading) {
  Item& item = reading.items[at(phase)];
  for (int line = section.text_line + 1; line <= section.last_line; ++line) {
    const FieldText field = field_text(document.line(line));
    if (field.kind != FieldKind::Depends || document.is_literal(line)) continue;
    for (const std::string& name : stages_in(field.value)) {
      const auto found = phases.find(name);
      if (found != phases.end() && found->second != phase)
        add_id(item.depends, reading.items[at(found->second)].id);
    }
  }
  // The items of a list of boxes are in the order of their lines.
  auto part = std::ranges::upper_bound(reading.items, section.line, {}, &Item::line);
  for (; part != reading.items.end() && part->line <= section.last_line; ++part)
    if (part->parent.empty()) part->parent = item.id;
}

}  // namespace

bool has_roadmap(const Evidence& seen) {
  const Places sections = sections_by_stage(seen.document);
  const auto told = std::ranges::count_if(seen.listed, [&sections](const Draft& draft) {
    return sections.contains(stage_name(draft.words.whole));
  });
  return told > 0 && std::ranges::count_if(seen.listed, [](const Draft& draft) {
                       return stage_of(draft.words.whole).has_value();
                     }) > 1;
}

Reading read_roadmap(const Source& source) {
  const DocumentOf whole(source, source.text);
  const DraftRules rules{.statements = false};
  Reading reading = read_boxes(
      *whole, rules, [](const Document& document, std::vector<Draft>& drafts, Skipped& skipped) {
        settle_ids(drafts);
        drop_steps(document, drafts, skipped);
      });
  Places phases;
  for (int i = 0; i < static_cast<int>(reading.items.size()); ++i) {
    Item& item = reading.items[at(i)];
    std::erase_if(item.files, [](const std::string& path) { return path.ends_with("-PLAN.md"); });
    const std::string name = stage_name(item.title);
    if (!name.empty()) phases.emplace(name, i);
  }
  for (const auto& [name, section] : sections_by_stage(*whole)) {
    const auto phase = phases.find(name);
    if (phase != phases.end())
      take_section(*whole, (*whole).sections[at(section)], phase->second, phases, reading);
  }
  return reading;
}

}  // namespace orch::tasks
