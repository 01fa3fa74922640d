// docs/configuration.md says what the program does: rows, defaults, examples, messages.
#include "catch.hpp"
#include "config/names.hpp"
#include "config/settings.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "reading.hpp"

#include <fmt/format.h>

#include <algorithm>

using namespace orch;
using test::problems_text;

namespace {

std::string page() {
  const Result<std::string> text = read_file(ORCH_DOCS "/configuration.md");
  REQUIRE(text);
  return *text;
}

/// The fenced blocks of that kind, in order.
std::vector<std::string> blocks(const std::string& text, std::string_view kind) {
  std::vector<std::string> found;
  bool inside = false;
  bool wanted = false;
  for (const std::string_view line : split_lines(text)) {
    if (line.starts_with("```")) {
      inside = !inside;
      wanted = inside && line.substr(3) == kind;
      if (wanted) found.emplace_back();
    } else if (wanted) {
      found.back() += fmt::format("{}\n", line);
    }
  }
  return found;
}

std::string row_of(const SettingText& setting) {
  const bool is_value = setting.initial != "required";
  const char* quote = is_value ? "`" : "";
  return fmt::format("| `{}` | {} | {}{}{} | {} |", setting.path, setting.type, quote,
                     setting.initial, quote, setting.meaning);
}

}  // namespace

TEST_CASE("the page lists every setting with its type, default and meaning, and no other") {
  std::vector<std::string> expected;
  for (const SettingText& setting : setting_texts()) {
    expected.push_back(row_of(setting));
  }
  std::vector<std::string> listed;
  bool in_settings = false;
  const std::string text = page();
  for (const std::string_view line : split_lines(text)) {
    if (line == "| setting | type | default | meaning |") in_settings = true;
    if (line.empty()) in_settings = false;
    if (in_settings && line.starts_with("| `")) listed.emplace_back(line);
  }
  CHECK(listed == expected);
}

TEST_CASE("the defaults of the table are those of the program") {
  const Config defaults = parse_config({}, {}, {}).config;
  int checked = 0;
  for (const SettingText& setting : setting_texts()) {
    if (setting.path.starts_with("agents.") || setting.path.starts_with("merge.test.") ||
        setting.path.starts_with("merge.generated.") || setting.path.starts_with("gate.") ||
        setting.path.starts_with("review.") || setting.path.starts_with("policy.") ||
        setting.path.starts_with("prices.") || setting.path.starts_with("anomalies."))
      continue;
    INFO(setting.path);
    const ConfigReading reading =
        test::read_file_text(fmt::format("{} = {}", setting.path, setting.initial));
    CHECK(problems_text(reading).empty());
    CHECK(reading.config == defaults);
    ++checked;
  }
  CHECK(checked > 20);

  std::string test_table = "[[merge.test]]\n";
  std::string review_table = "[[review]]\n";
  std::string gate_table = "[[gate]]\n";
  std::string policy_table = "[[policy]]\n";
  std::string agent_table = "[agents.new]\n";
  std::string screen_table = "[[agents.new.screen]]\n";
  std::string usage_table = "[agents.new.usage]\n";
  std::string preflight_table = "[agents.new.preflight]\n";
  std::string evidence_table = "[[agents.other.preflight.trusted]]\n";
  for (const SettingText& setting : setting_texts()) {
    const std::string key = setting.path.substr(setting.path.rfind('.') + 1);
    std::string value(setting.initial == "required" ? "\"x\"" : setting.initial);
    if (setting.path.starts_with("agents.NAME.screen.")) {
      if (key == "state") value = "\"busy\"";
      screen_table += fmt::format("{} = {}\n", key, value);
      continue;
    }
    if (setting.path == "agents.NAME.screen") continue;
    if (setting.path.starts_with("agents.NAME.usage.")) {
      usage_table += fmt::format("{} = {}\n", key, value);
      continue;
    }
    if (setting.path.starts_with("agents.NAME.preflight.")) {
      const bool is_evidence = setting.path.starts_with("agents.NAME.preflight.trusted.");
      if (is_evidence && key == "file") value = "\"x\"";
      (is_evidence ? evidence_table : preflight_table) += fmt::format("{} = {}\n", key, value);
      continue;
    }
    if (setting.path.starts_with("policy.")) {
      if (key == "answer") value = "\"ask\"";
      policy_table += fmt::format("{} = {}\n", key, value);
    }
    const std::string whole(setting.path);
    constexpr std::string_view kTest = "merge.test.";
    constexpr std::string_view kGate = "gate.";
    constexpr std::string_view kReview = "review.";
    if (whole == "review.agent") value = "\"claude\"";
    if (whole.starts_with(kReview))
      review_table += fmt::format("{} = {}\n", whole.substr(kReview.size()), value);
    if (whole.starts_with(kTest))
      test_table += fmt::format("{} = {}\n", whole.substr(kTest.size()), value);
    if (whole.starts_with(kGate))
      gate_table += fmt::format("{} = {}\n", whole.substr(kGate.size()), value);
    if (setting.path.starts_with("agents.")) agent_table += key + " = " + value + "\n";
  }
  const ConfigReading reading = test::read_file_text(
      test_table + gate_table + review_table + policy_table + agent_table + screen_table +
      usage_table + preflight_table + "[agents.other]\ncommand = \"x\"\n" + evidence_table);
  CHECK(problems_text(reading).empty());
  CHECK(reading.config.merge.tests == std::vector<TestCommand>{{.command = {"x"}}});
  CHECK(reading.config.gates == std::vector<TestCommand>{{.command = {"x"}, .name = "x"}});
  CHECK(reading.config.reviews == std::vector<Review>{{.name = "x", .agent = "claude"}});
  CHECK(reading.config.policy == std::vector<PolicyRule>{{.name = "rule 1 of f", .pattern = "x"}});
  const std::vector<ScreenRule> rules{{.name = "x", .state = ScreenState::Busy, .pattern = "x"}};
  CHECK(reading.config.agents.at("new") ==
        AgentProfile{.name = "new", .command = {"x"}, .screen = rules});
  Evidence evidence;
  evidence.file = "x";
  CHECK(reading.config.agents.at("other").preflight.trusted == std::vector<Evidence>{evidence});
}

TEST_CASE("the page's examples are valid, and its mistakes give the messages it shows") {
  const std::vector<std::string> examples = blocks(page(), "toml");
  REQUIRE(examples.size() == 13);
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(problems_text(test::read_file_text(examples[i])).empty());
  }
  const ConfigReading wrong = parse_config({{"tmux-orch.toml", examples[12]}}, {}, {});
  const std::vector<std::string> outputs = blocks(page(), "");
  REQUIRE(outputs.size() == 1);
  CHECK(problems_text(wrong) + "\n" == outputs.front());
}

TEST_CASE("the page names every built-in agent") {
  const std::string text = page();
  for (const auto& [name, profile] : parse_config({}, {}, {}).config.agents) {
    CHECK(text.find(fmt::format("\n| `{}` | ", name)) != std::string::npos);
  }
}

TEST_CASE("the page's example of a changed id is right") {
  CHECK(page().find("becomes\n`" + slug("fix: login?") + "`") != std::string::npos);
}
