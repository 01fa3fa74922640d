// How the reading of a screen is shown.
#include "ui/explain.hpp"

#include "catch.hpp"

#include <nlohmann/json.hpp>

using namespace orch;

namespace {

const ScreenReading kBusy{
    .state = ScreenState::Busy,
    .rule = "works",
    .rows = {{ScreenRegion::Title, -1, "* job"}, {ScreenRegion::Last, 7, "esc\x1b[31m to stop"}},
    .confidence = Confidence::High,
    .ignored = {{"prompt", ScreenState::Idle, "'works' comes first"}}};

}  // namespace

TEST_CASE("a reading names its rule, its rows and what lost") {
  CHECK(ui::reading_text("kind", kBusy) ==
        "kind: busy by rule 'works', confidence high\n"
        "  title: * job\n"
        "  row 8: esc^[[31m to stop\n"
        "  not 'prompt' (idle): 'works' comes first\n");
  CHECK(ui::reading_text("kind", {}) == "kind: unknown (no rule fits)\n");
}

TEST_CASE("what the rules say to a permission is told with what it is for") {
  const Ruling ruling{PolicyAnswer::Deny, "rule 2 of f", {"Bash", "make\nx\x1b[31m"}};
  CHECK(ui::ruling_text(ruling) == "policy: deny (rule 2 of f)\n  Bash: make x^[[31m\n");
  CHECK(ui::ruling_text({.subject = {"", "May I?"}}) ==
        "policy: ask (no rule matches)\n  May I?\n");
  CHECK(ui::ruling_text({}) ==
        "policy: you are asked, as it is not sure what exactly this is for\n");
  const auto json = nlohmann::json::parse(ui::reading_json("kind", kBusy, ruling));
  CHECK(json["policy"]["answer"] == "deny");
  CHECK(json["policy"]["rule"] == "rule 2 of f");
  CHECK_FALSE(nlohmann::json::parse(ui::reading_json("kind", kBusy)).contains("policy"));
}

TEST_CASE("a reading as JSON counts rows from 1, and the title has no row") {
  const auto json = nlohmann::json::parse(ui::reading_json("kind", kBusy));
  CHECK(json["schema"] == 1);
  CHECK(json["agent"] == "kind");
  CHECK(json["state"] == "busy");
  CHECK(json["rule"] == "works");
  CHECK(json["confidence"] == "high");
  CHECK_FALSE(json["rows"][0].contains("row"));
  CHECK(json["rows"][1]["row"] == 8);
  CHECK(json["rows"][1]["region"] == "last");
  CHECK(json["ignored"][0]["state"] == "idle");
  CHECK(nlohmann::json::parse(ui::reading_json("kind", {}))["rows"].empty());
}
