// Reads sizes, costs, places and keys.
#include "config/setting_kinds.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace orch {

void read_size(const SettingReader& reader, std::int64_t& target) {
  const std::optional<std::string> given = reader.any_text();
  if (!given) return;
  constexpr std::pair<std::string_view, std::int64_t> kSizes[] = {
      {"kb", 1'000}, {"mb", 1'000'000}, {"gb", 1'000'000'000}, {"tb", 1'000'000'000'000}};
  constexpr std::int64_t kMostOfAUnit = 1'000'000;
  const std::string text = lower(trim(*given));
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(trim(text.substr(static_cast<std::size_t>(end - text.data()))));
  const auto* const size =
      std::ranges::find_if(kSizes, [&unit](const auto& known) { return known.first == unit; });
  const bool good =
      error == std::errc{} && size != std::end(kSizes) && number > 0 && number <= kMostOfAUnit;
  if (!good && !text.empty()) {
    return reader.wrong(fmt::format("'{}' must be a size", reader.path()),
                        R"(write it as "500 MB" or "5 GB")");
  }
  target = text.empty() ? 0 : number * size->second;
}

void read_cost(const SettingReader& reader, std::int64_t& target) {
  constexpr double kMost = 1e6;
  constexpr double kMillionths = 1e6;
  double dollars = static_cast<double>(target) / kMillionths;
  reader.number(dollars, 0, kMost);
  target = std::llround(dollars * kMillionths);
}

void read_places(const SettingReader& reader, std::vector<std::string>& target) {
  std::vector<std::string> places;
  reader.texts(places);
  for (const std::string& place : places) {
    if (place.starts_with('/') || place.starts_with("~/")) continue;
    return reader.wrong(
        fmt::format("'{}': \"{}\" is no absolute path", reader.path(), one_line(place, 60)),
        "begin it with / or ~/");
  }
  target = std::move(places);
}

void read_key(const SettingReader& reader, std::string& target) {
  std::optional<std::string> key = reader.any_text();
  if (!key) return;
  if (key->empty() || key->find_first_of(" \t\r\n") != std::string::npos) {
    return reader.wrong(fmt::format("'{}' must be one key", reader.path()),
                        "write it as tmux does: \"C-o\", \"M-a\", \"F12\"");
  }
  target = std::move(*key);
}

void read_count(const SettingReader& reader, int& target, int most) {
  const TomlValue& value = reader.value();
  const auto* word = value.raw ? &*value.raw : std::get_if<std::string>(&value.content);
  if (word != nullptr && *word == "auto") {
    target = -1;
    return;
  }
  reader.number(target, 0, most);
}

}  // namespace orch
