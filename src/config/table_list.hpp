#pragma once
// Reads a list of tables of TOML, each by the same table of settings.
#include "config/table_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace orch {

template <class Row>
struct TableList {
  std::span<const Setting<Row>> settings;  ///< "required" as the initial value: a row must have it
  std::size_t most;                        ///< rows
  std::string hint;                        ///< how one is written
};

/// The rows in order; nothing: what is wrong with one of them has been said. `look` is called with
/// each row that was read, its reader and its table, and may say more.
template <class Row, class Look>
std::optional<std::vector<Row>> read_table_list(const SettingReader& reader,
                                                const TableList<Row>& shape, Look look) {
  Findings& findings = reader.findings();
  const std::size_t before = findings.problems.size();
  const auto* list = std::get_if<TomlValue::List>(&reader.value().content);
  if (list == nullptr) {
    reader.wrong_kind("a list of tables", shape.hint);
    return std::nullopt;
  }
  if (list->size() > shape.most) {
    reader.wrong(fmt::format("'{}' has more than {} entries", reader.path(), shape.most));
    return std::nullopt;
  }
  std::vector<Row> rows;
  for (const TomlValue& value : *list) {
    const SettingReader item(reader.path(), value, findings, reader.only_narrows());
    const auto* table = std::get_if<TomlValue::Table>(&value.content);
    if (table == nullptr) {
      item.wrong_kind("a list of tables", shape.hint);
      return std::nullopt;
    }
    Row& row = rows.emplace_back();
    TableReader<Row>(shape.settings, item.path() + ".", row, findings, item.only_narrows())
        .read(*table);
    for (const Setting<Row>& setting : shape.settings) {
      const bool is_there =
          std::ranges::find(*table, setting.path, &TomlEntry::key) != table->end();
      if (setting.initial == "required" && !is_there)
        item.wrong(fmt::format("an entry of '{}' has no '{}'", item.path(), setting.path));
    }
    look(row, item, *table);
  }
  if (findings.problems.size() > before) return std::nullopt;
  return rows;
}

}  // namespace orch
