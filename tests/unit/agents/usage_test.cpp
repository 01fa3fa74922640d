// What programs write down of their use: recorded files of each, and what is none.
#include "agents/usage_log.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace orch;

namespace {

std::string recorded(const std::string& name) {
  const Result<std::string> text = read_file(ORCH_DATA "/usage/" + name);
  REQUIRE(text);
  return *text;
}

Usage read(UsageFormat format, std::string_view text) {
  UsageLog log(format);
  log.read(text);
  return log.usage();
}

/// One answer of claude's; `more` are further fields of its line.
std::string answer(const std::string& id, int input, int output, const std::string& more = {}) {
  return fmt::format(
      R"({{"type":"assistant","timestamp":"2026-11-29T09:01:11.167Z",{}"message":{{"id":"{}","model":"m","usage":{{"input_tokens":{},)"
      R"("cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":{}}}}}}})"
      "\n",
      more, id, input, output);
}

// A second before the answers.
constexpr std::int64_t kStart = 1'795'942'870'000;

std::string sum(int input, int output, const std::string& cost = "0.5", bool complete = true,
                std::int64_t start = kStart) {
  return fmt::format(
      R"({{"type":"cost-state","startTime":{},"totalCostUSD":{},"modelUsage":{{"m":{{"inputTokens":{},)"
      R"("outputTokens":{},"cacheReadInputTokens":0,"cacheCreationInputTokens":0}}}},)"
      R"("hasUnknownModelCost":{}}})"
      "\n",
      start, cost, input, output, complete ? "false" : "true");
}

std::string counted(int input, int cached, int output) {
  return fmt::format(
      R"({{"type":"event_msg","payload":{{"type":"token_count","info":{{"total_token_usage":)"
      R"({{"input_tokens":{},"cached_input_tokens":{},"output_tokens":{}}},"last_token_usage":)"
      R"({{"total_tokens":77}},"model_context_window":1000}}}}}})"
      "\n",
      input, cached, output);
}

std::string with_model(const std::string& model) {
  return fmt::format(R"({{"type":"turn_context","payload":{{"model":"{}"}}}})"
                     "\n",
                     model);
}

}  // namespace

TEST_CASE("the recorded conversation of claude says tokens, cost and context") {
  const Usage usage = read(UsageFormat::Claude, recorded("claude.jsonl"));
  CHECK(usage.models ==
        std::map<std::string, TokenCount>{{"claude-opus-5-5", {.input = 28'000, .output = 23}}});
  CHECK(usage.cost == 112'460);
  CHECK(usage.context == 14'067);
  CHECK(usage.context_window == 0);
}

TEST_CASE("the recorded conversation of qwen says tokens and context, and no cost") {
  const Usage usage = read(UsageFormat::Qwen, recorded("qwen.jsonl"));
  CHECK(usage.models ==
        std::map<std::string, TokenCount>{{"qwen3-coder-plus", {.input = 22'169, .output = 19}}});
  CHECK_FALSE(usage.cost);
  CHECK(usage.context == 22'188);
  CHECK(usage.context_window == 1'000'000);
}

TEST_CASE("the recorded conversation of codex, gone on with once, says tokens and context") {
  const Usage usage = read(UsageFormat::Codex, recorded("codex.jsonl"));
  CHECK(usage.models ==
        std::map<std::string, TokenCount>{{"gpt-5", {.input = 24'225, .output = 125}}});
  CHECK_FALSE(usage.cost);
  CHECK(usage.context == 7'070);
  CHECK(usage.context_window == 258'400);
}

TEST_CASE("the recorded conversation of gemini, which writes answers twice, says tokens") {
  const Usage usage = read(UsageFormat::Gemini, recorded("gemini.jsonl"));
  CHECK(usage.models ==
        std::map<std::string, TokenCount>{{"gemini-2.5-pro", {.input = 18'219, .output = 55}}});
  CHECK_FALSE(usage.cost);
  CHECK(usage.context == 13'224);
}

TEST_CASE("a file gives the same however it is cut") {
  const std::string text = recorded("claude.jsonl");
  const Usage whole = read(UsageFormat::Claude, text);
  for (std::size_t cut = 0; cut <= text.size(); cut += 7) {
    UsageLog log(UsageFormat::Claude);
    log.read(std::string_view(text).substr(0, cut));
    log.read(std::string_view(text).substr(cut));
    REQUIRE(log.usage() == whole);
  }
}

TEST_CASE("an answer of claude counts once, however often its parts are written") {
  const Usage usage = read(UsageFormat::Claude, answer("a", 1, 5) + answer("b", 2, 7) +
                                                    answer("a", 1, 5) + answer("a", 1, 9));
  CHECK(usage.tokens() == TokenCount{643, 600, 40, 16});
}

TEST_CASE("what an agent of the agent does is counted and is not in its context") {
  const Usage usage =
      read(UsageFormat::Claude, answer("a", 1, 5) + answer("b", 9000, 7, R"("isSidechain":true,)"));
  CHECK(usage.tokens().input == 9641);
  CHECK(usage.context == 326);
}

TEST_CASE("the sum of claude has what stands nowhere else, and holds until the next answer") {
  const std::string begin = answer("a", 680, 5) + sum(1500, 15);
  CHECK(read(UsageFormat::Claude, begin).tokens() == TokenCount{1500, 0, 0, 15});
  CHECK(read(UsageFormat::Claude, begin).cost == 500'000);
  // The rest of an answer that is in the sum.
  CHECK(read(UsageFormat::Claude, begin + answer("a", 680, 5)).cost == 500'000);
  const Usage later = read(UsageFormat::Claude, begin + answer("b", 680, 5));
  CHECK(later.tokens() == TokenCount{2500, 300, 20, 20});
  CHECK_FALSE(later.cost);
}

TEST_CASE("a sum of claude that is not of all is none") {
  const std::string begin = answer("a", 680, 5);
  const Usage before = read(UsageFormat::Claude, begin);
  CHECK(read(UsageFormat::Claude, begin + sum(900, 5)) == before);
  // The one that had begun was killed, and another one went on.
  CHECK(read(UsageFormat::Claude, begin + sum(2000, 5, "0.5", true, kStart + 2000)) == before);
  const Usage no_price = read(UsageFormat::Claude, begin + sum(1000, 5, "0.5", false));
  CHECK(no_price.tokens().input == 1000);
  CHECK_FALSE(no_price.cost);
  CHECK_FALSE(read(UsageFormat::Claude, begin + sum(1000, 5, "0")).cost);
  CHECK_FALSE(read(UsageFormat::Claude, sum(0, 0, "0")).is_known());
}

TEST_CASE("codex counts up, by the model in use, and may begin anew") {
  const Usage usage =
      read(UsageFormat::Codex, with_model("one") + counted(100, 10, 5) + counted(150, 30, 7) +
                                   with_model("two") + counted(160, 30, 8) + counted(160, 30, 8) +
                                   counted(20, 0, 1));
  CHECK(usage.models.at("one") == TokenCount{150, 30, 0, 7});
  CHECK(usage.models.at("two") == TokenCount{30, 0, 0, 2});
  CHECK(usage.context == 77);
  CHECK(usage.context_window == 1000);
  CHECK_FALSE(usage.cost);
  const std::string nothing =
      R"({"type":"event_msg","payload":{"type":"token_count","info":null}})";
  CHECK_FALSE(read(UsageFormat::Codex, nothing + "\n").is_known());
}

TEST_CASE("figures that are none count as none, and sums have an end") {
  for (const std::string wrong : {"-5", "\"7\"", "null", "[1]", "{}", "1e999", "true"}) {
    INFO(wrong);
    const std::string line = R"({"type":"assistant","message":{"id":"a","model":"m","usage":)"
                             R"({"input_tokens":)" +
                             wrong + R"(,"output_tokens":3}}})" + "\n";
    const Usage usage = read(UsageFormat::Claude, line);
    if (usage.is_known()) CHECK(usage.tokens().input == 0);
  }
  std::string text;
  for (int i = 0; i < 5; ++i)
    text += R"({"type":"assistant","message":{"id":")" + std::to_string(i) +
            R"(","model":"m","usage":{"input_tokens":1e300,"output_tokens":1e300}}})" + "\n";
  CHECK(read(UsageFormat::Claude, text).tokens().input == kMostUsed);
}

TEST_CASE("whatever stands in the file, nothing comes of it but figures") {
  const std::string deep(200'000, '[');
  const std::string long_line =
      R"({"type":"assistant","output_tokens":")" + std::string(3u << 20, 'x') + "\"}";
  const std::vector<std::string> lines = {"\"output_tokens\"",
                                          "[\"output_tokens\"]",
                                          "{\"output_tokens\"" + deep,
                                          deep + "\"cost-state\"",
                                          std::string("\0\"output_tokens\"\xff{}", 20),
                                          long_line};
  for (const std::string& line : lines) {
    const Usage usage = read(UsageFormat::Claude, line + "\n" + answer("a", 1, 2));
    CHECK(usage.tokens() == TokenCount{321, 300, 20, 2});
  }
}

TEST_CASE("models with odd names are named so that a terminal can show them, and there are few") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += with_model(fmt::format("m{}\\u001b[31m\\n{}", i, std::string(200, 'x'))) +
            counted(i + 1, 0, 0);
  const Usage usage = read(UsageFormat::Codex, text);
  CHECK(usage.models.size() == 21);
  CHECK(usage.models.at("others").input == 80);
  for (const auto& [model, tokens] : usage.models)
    CHECK(model.find('\x1b') == std::string::npos);
}

TEST_CASE("an extension tells of each conversation what it has used, the last one at the end") {
  const auto line = [](const std::string& session, const std::string& usage) {
    return R"({"type":"usage","session":")" + session + R"(","usage":)" + usage + "}\n";
  };
  const std::string one =
      R"({"models":{"m":{"input":10,"cache_read":3,"cache_write":2,"output":5},)"
      R"("n":{"input":0}},"cost":0.123456,"context":12,"context_window":100})";
  UsageLog log(UsageFormat::Hook);
  log.read(line("a", R"({"models":{"m":{"input":1,"output":1}},"cost":0})"));
  REQUIRE(log.told().size() == 1);
  CHECK(log.told()[0].usage == Usage{.models = {{"m", {.input = 1, .output = 1}}}});
  log.read(line("b", R"({"models":{"m":{"input":2}}})") + line("a", one));
  for (const char* none : {"7", "{}", "[]", R"({"models":{}})", R"({"models":{"m":{"input":0}}})",
                           R"({"models":[1]})", R"({"models":{"m":7},"cost":1})"})
    log.read(line("c", none));
  REQUIRE(log.told().size() == 2);
  CHECK(log.told()[0].conversation == "b");
  CHECK(log.told()[1].conversation == "a");
  CHECK(log.told()[1].usage == Usage{.models = {{"m", {10, 3, 2, 5}}},
                                     .cost = 123'456,
                                     .context = 12,
                                     .context_window = 100});
  CHECK_FALSE(log.usage().is_known());
  for (int i = 0; i < 100; ++i)
    log.read(line("s-" + std::to_string(i), one));
  CHECK(log.told().size() == 20);
}
