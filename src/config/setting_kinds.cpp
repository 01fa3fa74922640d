// Reads sizes, costs, places, folders and keys.
#include "config/setting_kinds.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
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

void read_folders(const SettingReader& reader, std::vector<std::string>& target) {
  std::vector<std::string> paths;
  reader.inner_paths(paths);
  for (std::string& path : paths) {
    const std::string given = path;
    path = std::filesystem::path(path).lexically_normal().native();
    if (path.ends_with('/')) path.pop_back();
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    if (path != "." && std::ranges::none_of(path, is_control)) continue;
    return reader.wrong(
        fmt::format("'{}': \"{}\" names no folder", reader.path(), one_line(given, 60)),
        "name folders below the repository's root, or none for all of it");
  }
  target = std::move(paths);
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
