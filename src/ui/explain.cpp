// How the screen of an agent was read.
#include "ui/explain.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace orch::ui {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLongestRow = 200;

}  // namespace

std::string reading_text(const std::string& agent, const ScreenReading& reading) {
  std::string text = fmt::format("{}: {}", one_line(agent), to_text(reading.state));
  if (reading.rule.empty()) {
    text += " (no rule fits)\n";
  } else {
    text += fmt::format(" by rule '{}', confidence {}\n", one_line(reading.rule),
                        to_text(reading.confidence));
  }
  for (const ScreenRow& row : reading.rows) {
    const std::string place = row.row < 0 ? "title" : fmt::format("row {}", row.row + 1);
    text += fmt::format("  {}: {}\n", place, one_line(row.text, kLongestRow));
  }
  for (const IgnoredRule& rule : reading.ignored) {
    text += fmt::format("  not '{}' ({}): {}\n", one_line(rule.rule), to_text(rule.state),
                        one_line(rule.why));
  }
  return text;
}

std::string ruling_text(const Ruling& ruling) {
  if (!ruling.subject.is_sure())
    return "policy: you are asked, as it is not sure what exactly this is for\n";
  const std::string tool = ruling.subject.tool.empty() ? "" : ruling.subject.tool + ": ";
  const std::string rule = ruling.rule.empty() ? "no rule matches" : ruling.rule;
  return fmt::format("policy: {} ({})\n  {}\n", to_text(ruling.answer), one_line(rule, kLongestRow),
                     one_line(tool + ruling.subject.text));
}

std::string reading_json(const std::string& agent, const ScreenReading& reading,
                         const std::optional<Ruling>& ruling) {
  ordered_json out;
  out["schema"] = 1;
  out["agent"] = agent;
  out["state"] = to_text(reading.state);
  out["rule"] = reading.rule;
  out["rows"] = ordered_json::array();
  for (const ScreenRow& row : reading.rows) {
    ordered_json entry;
    entry["region"] = to_text(row.region);
    if (row.row >= 0) entry["row"] = row.row + 1;
    entry["text"] = one_line(row.text, kLongestRow);
    out["rows"].push_back(std::move(entry));
  }
  out["confidence"] = to_text(reading.confidence);
  out["ignored"] = ordered_json::array();
  for (const IgnoredRule& rule : reading.ignored)
    out["ignored"].push_back(
        {{"rule", rule.rule}, {"state", to_text(rule.state)}, {"why", rule.why}});
  if (ruling) {
    out["policy"] = {{"answer", to_text(ruling->answer)},
                     {"rule", ruling->rule},
                     {"tool", ruling->subject.tool},
                     {"subject", ruling->subject.text}};
  }
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace orch::ui
