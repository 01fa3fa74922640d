// What the user pays for a model.
#include "config/price_settings.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace orch {

namespace {

constexpr double kHighestPrice = 1e6;

void read_price(const SettingReader& reader, double& target) {
  reader.number(target, 0, kHighestPrice);
}

void read_price(const SettingReader& reader, std::optional<double>& target) {
  double price = -1;
  read_price(reader, price);
  if (price >= 0) target = price;
}

constexpr auto kPriceSettings = std::to_array<Setting<Price>>({
    {"input", "number", "required", "Dollars for a million tokens that go into it.",
     [](const SettingReader& in, Price& to) { read_price(in, to.input); }},
    {"output", "number", "required", "The same for those that come out, with its thoughts.",
     [](const SettingReader& in, Price& to) { read_price(in, to.output); }},
    {"cache_read", "number", "input", "The same for what went in and was in a cache.",
     [](const SettingReader& in, Price& to) { read_price(in, to.cache_read); }},
    {"cache_write", "number", "input", "The same for what was put into one.",
     [](const SettingReader& in, Price& to) { read_price(in, to.cache_write); }},
});

/// Which of the required settings the table does not have.
void check_complete(const SettingReader& reader, const TomlValue::Table& table) {
  for (const Setting<Price>& setting : kPriceSettings) {
    const bool is_there = std::ranges::find(table, setting.path, &TomlEntry::key) != table.end();
    if (setting.initial == "required" && !is_there)
      reader.wrong(fmt::format("'{}' has no '{}'", reader.path(), setting.path));
  }
}

}  // namespace

std::span<const Setting<Price>> price_settings() {
  return kPriceSettings;
}

void read_prices(const SettingReader& reader, Prices& prices) {
  const auto* models = std::get_if<TomlValue::Table>(&reader.value().content);
  if (models == nullptr) return reader.wrong_kind("a table", "write [prices.\"MODEL\"]");
  for (const TomlEntry& entry : *models) {
    const SettingReader one(fmt::format("{}.{}", reader.path(), one_line(entry.key, 60)),
                            entry.value, reader.findings());
    const auto* table = std::get_if<TomlValue::Table>(&entry.value.content);
    if (table == nullptr) return one.wrong_kind("a table", "write [prices.\"MODEL\"]");
    Price& price = prices[entry.key] = {};
    TableReader<Price>(kPriceSettings, one.path() + ".", price, reader.findings()).read(*table);
    check_complete(one, *table);
  }
}

}  // namespace orch
