// What the user pays for models, and where agents' programs write down what they use.
#include "catch.hpp"
#include "config/rules_from.hpp"
#include "reading.hpp"

using namespace orch;
using test::problems_in;
using test::problems_text;

namespace {

ConfigReading read_of(LayerOwner owner, std::string_view text) {
  return parse_config({{"f", std::string(text), owner}}, {}, {});
}

}  // namespace

TEST_CASE("a price may be whole or have a fraction, and goes where costs are counted") {
  const ConfigReading reading = test::read_file_text(
      "[prices.\"gpt-5.1\"]\ninput = 1.25\noutput = 10\ncache_read = 0.125\n[prices.local]\n"
      "input = 0\noutput = 0");
  CHECK(problems_text(reading).empty());
  const Prices expected{{"gpt-5.1", {1.25, 10, 0.125, {}}}, {"local", {0, 0, {}, {}}}};
  CHECK(reading.config.prices == expected);
  CHECK(rules_from(reading.config).prices == expected);
  CHECK(test::read_file_text("").config.prices.empty());
}

TEST_CASE("a price that is none is a mistake with its place") {
  CHECK(problems_in("[prices.m]\ninput = 1") == "f:1:1: 'prices.m' has no 'output'");
  CHECK(problems_in("prices.m = 3") ==
        "f:1:12: 'prices.m' must be a table, not a number\n  write [prices.\"MODEL\"]");
  CHECK(problems_in("[prices.m]\ninput = -1\noutput = 1") ==
        "f:2:9: 'prices.m.input' must be from 0 to 1000000, not -1");
  CHECK(problems_in("[prices.m]\ninput = nan\noutput = 1") ==
        "f:2:9: 'prices.m.input' must be from 0 to 1000000, not nan");
  CHECK(problems_in("[prices.m]\ninput = \"1\"\noutput = 1") ==
        "f:2:9: 'prices.m.input' must be a number, not the text \"1\"");
  CHECK(problems_in("[prices.m]\ninput = 1\noutput = 1\noutptu = 1")
            .starts_with("f:4:1: unknown key 'prices.m.outptu'"));
}

TEST_CASE("neither prices nor files to read are a repository's to name") {
  const std::string prices = "[prices.m]\ninput = 1\noutput = 1";
  CHECK_FALSE(read_of(LayerOwner::User, prices).has_errors());
  CHECK(problems_text(read_of(LayerOwner::Repository, prices)).find("'prices'") !=
        std::string::npos);
  const std::string usage = "[agents.claude.usage]\nformat = \"codex\"";
  CHECK_FALSE(read_of(LayerOwner::User, usage).has_errors());
  CHECK(read_of(LayerOwner::Repository, usage).has_errors());
}

TEST_CASE("built-in agents say where their figures are, and those of the user's own nothing") {
  const Config config = test::read_file_text("[agents.mine]\ncommand = \"mine\"").config;
  CHECK(config.agents.at("claude").usage ==
        UsageRule{UsageFormat::Claude, "~/.claude", "CLAUDE_CONFIG_DIR", {}});
  CHECK(config.agents.at("codex").usage ==
        UsageRule{UsageFormat::Codex, "~/.codex", "CODEX_HOME", {}});
  CHECK(config.agents.at("pi").usage.format == UsageFormat::Hook);
  CHECK(config.agents.at("sh").usage.format == UsageFormat::Free);
  CHECK(config.agents.at("mine").usage.format == UsageFormat::Unknown);
  CHECK(rules_from(config).agents.at("pi").usage == UsageFormat::Hook);
  CHECK(problems_in("[agents.claude.usage]\nfolder = \"x\"") ==
        "f:2:10: 'agents.claude.usage.folder' must be an absolute path\n  begin it with / or ~/");
}
