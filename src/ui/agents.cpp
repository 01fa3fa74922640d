// The kinds of agents.
#include "ui/agents.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kColumns = 7;
using Cells = std::array<std::string, kColumns>;

bool is_measured(const AgentRow& row) {
  return std::ranges::find(row.measured, row.version) != row.measured.end();
}

std::string version_of(const AgentRow& row) {
  if (row.switched_off) return "switched off";
  if (row.path.empty()) return "not installed";
  if (row.version.empty()) return "?";
  if (row.measured.empty() || is_measured(row)) return row.version;
  return fmt::format("{} (tried with {})", row.version, join(row.measured, ", "));
}

std::string yes_or_no(const std::optional<bool>& known) {
  if (!known) return "?";
  return *known ? "yes" : "no";
}

Cells cells_of(const AgentRow& row) {
  const bool there = !row.path.empty();
  return {row.name,
          version_of(row),
          there ? yes_or_no(row.signed_in.is_so) : "",
          there && row.trusted ? yes_or_no(row.trusted->is_so) : "",
          row.screen_rules == 0 ? "none" : fmt::format("{} rules", row.screen_rules),
          row.hooks ? "yes" : "no",
          row.resumes ? "yes" : "no"};
}

std::string line_of(const Cells& cells, const std::array<std::size_t, kColumns>& widths) {
  std::string line;
  for (std::size_t column = 0; column < kColumns; ++column)
    line += (column == 0 ? "" : "  ") + padded(cells[column], widths[column]);
  while (line.ends_with(' '))
    line.pop_back();
  return line + '\n';
}

ordered_json json_of(const KnownOf& known) {
  ordered_json out;
  out["known"] = !known.is_so ? "unknown" : *known.is_so ? "yes" : "no";
  out["evidence"] = known.evidence;
  out["command"] = known.command;
  return out;
}

}  // namespace

std::string agents_text(const std::vector<AgentRow>& rows) {
  std::vector<Cells> table = {
      {"agent", "version", "signed in", "trusted here", "screen", "hooks", "resumes"}};
  for (const AgentRow& row : rows)
    table.push_back(cells_of(row));
  std::array<std::size_t, kColumns> widths{};
  for (Cells& cells : table) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      cells[column] = one_line(cells[column], 60);
      widths[column] = std::max(widths[column], display_width(cells[column]));
    }
  }
  std::string text;
  for (const Cells& cells : table)
    text += line_of(cells, widths);
  for (const AgentRow& row : rows) {
    const bool signs_in = row.signed_in.is_so == std::optional(false);
    const bool trusts = row.trusted && row.trusted->is_so == std::optional(false);
    if (row.path.empty() || (!signs_in && !trusts)) continue;
    text += fmt::format("{}: `{}` once, and answer what it asks\n", one_line(row.name),
                        one_line(signs_in ? row.signed_in.command : row.trusted->command));
  }
  return text;
}

std::string recorded_json(const RecordedScreen& screen) {
  ordered_json out;
  out["schema"] = 1;
  out["agent"] = screen.agent;
  out["version"] = screen.version;
  out["title"] = screen.title;
  out["width"] = screen.width;
  out["height"] = screen.height;
  out["state"] = screen.state;
  out["rule"] = screen.rule;
  out["dead"] = screen.dead;
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string agents_json(const std::vector<AgentRow>& rows) {
  ordered_json out;
  out["schema"] = 1;
  out["agents"] = ordered_json::array();
  for (const AgentRow& row : rows) {
    ordered_json entry;
    entry["name"] = row.name;
    entry["program"] = row.program;
    entry["path"] = row.path;
    entry["installed"] = !row.path.empty();
    entry["switched_off"] = row.switched_off;
    entry["automatic"] = row.automatic;
    entry["version"] = row.version;
    entry["measured"] = row.measured;
    entry["is_measured"] = is_measured(row);
    entry["signed_in"] = json_of(row.signed_in);
    if (row.trusted) entry["trusted"] = json_of(*row.trusted);
    entry["screen_rules"] = row.screen_rules;
    entry["hooks"] = row.hooks;
    entry["resumes"] = row.resumes;
    out["agents"].push_back(std::move(entry));
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
