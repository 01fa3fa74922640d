// Lists of rescues.
#include "ui/rescues.hpp"

#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

std::string local_time(std::int64_t seconds) {
  const time_t when = seconds;
  tm local{};
  localtime_r(&when, &local);
  return fmt::format("{:%Y-%m-%d %H:%M}", local);
}

}  // namespace

std::string rescues_text(const std::vector<Saved>& saved) {
  if (saved.empty()) return "nothing is saved: no rescue, and the trash is empty\n";
  std::size_t width = 4;
  for (const Saved& one : saved)
    width = std::max(width, display_width(one_line(one.name)));
  std::string text;
  for (const Saved& one : saved) {
    std::string what = one.in_trash ? one_line(join(one.names, ", "), 60) : "commits and files";
    if (!one.why.empty()) what += " (" + one_line(one.why, 60) + ")";
    text += fmt::format("{}  {}  {}\n", padded(one_line(one.name), width), local_time(one.when_s),
                        what);
  }
  return text;
}

std::string rescues_json(const std::vector<Saved>& saved) {
  ordered_json out;
  out["schema"] = 1;
  out["rescues"] = ordered_json::array();
  for (const Saved& one : saved) {
    ordered_json entry;
    entry["name"] = one.name;
    entry["kind"] = one.in_trash ? "trash" : "ref";
    entry["place"] = one.place;
    entry["task"] = one.task;
    entry["when"] = one.when_s;
    entry["why"] = one.why;
    if (one.in_trash) entry["bytes"] = one.bytes;
    if (one.in_trash) entry["files"] = one.names;
    out["rescues"].push_back(std::move(entry));
  }
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
