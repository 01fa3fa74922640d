// What programs write down of their calls of tools: recorded files of each, rows, and what is none.
#include "agents/usage_log.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace orch;

namespace {

constexpr UsageFormat kFormats[] = {UsageFormat::Claude, UsageFormat::Codex, UsageFormat::Qwen,
                                    UsageFormat::Gemini, UsageFormat::Hook};

std::string recorded(UsageFormat format) {
  const Result<std::string> text =
      read_file(fmt::format(ORCH_DATA "/calls/{}.jsonl", to_text(format)));
  REQUIRE(text);
  return *text;
}

CallTally read(UsageFormat format, std::string_view text) {
  UsageLog log(format);
  log.read(text);
  return log.calls();
}

/// The recorded file up to the answer to its so many-th call.
CallTally after_calls(UsageFormat format, int calls) {
  const std::string whole = recorded(format);
  std::string text;
  for (const std::string_view line : split_lines(whole)) {
    if (read(format, text + std::string(line) + "\n").calls() > calls) break;
    text += std::string(line) + "\n";
  }
  return read(format, text);
}

/// A call as claude writes it down, and how it ended.
std::string called(const std::string& id, const std::string& command, const std::string& answer,
                   const std::string& tool = "Bash") {
  return fmt::format(
      R"({{"type":"assistant","message":{{"content":[{{"type":"tool_use","id":"{0}","name":"{1}",)"
      R"("input":{{"command":"{2}"}}}}]}}}})"
      "\n"
      R"({{"type":"user","message":{{"content":[{{"type":"tool_result","tool_use_id":"{0}",)"
      R"("content":"{3}","is_error":{4}}}]}}}})"
      "\n",
      id, tool, command, answer, answer.empty() ? "false" : "true");
}

std::string said(const std::string& text) {
  return fmt::format(R"({{"type":"user","message":{{"content":"{}"}}}})"
                     "\n",
                     text);
}

std::string row_text(const CallRow& row) {
  return fmt::format("{} to {}: {}", row.length, row.serial, row.last);
}

}  // namespace

TEST_CASE("calls that fail are counted in what each program writes down") {
  const UsageFormat format =
      GENERATE(UsageFormat::Claude, UsageFormat::Codex, UsageFormat::Qwen, UsageFormat::Gemini);
  INFO(to_text(format));
  const std::string shell = format == UsageFormat::Claude  ? "Bash"
                            : format == UsageFormat::Codex ? "exec_command"
                                                           : "run_shell_command";
  // What it does: git status, twice the same that fails, one without its command, one of no tool.
  CHECK(after_calls(format, 1).failed() == CallRow());
  CHECK(row_text(after_calls(format, 3).failed()) == "2 to 3: " + shell + ": cat nowhere");
  CHECK(row_text(after_calls(format, 3).same()) == "2 to 3: " + shell + ": cat nowhere");
  CHECK(after_calls(format, 3).malformed() == CallRow());
  CHECK(row_text(after_calls(format, 5).failed()) == "4 to 5: Nonesuch: {\"a\":1}");
  CHECK(row_text(after_calls(format, 5).malformed()) == "2 to 5: Nonesuch: {\"a\":1}");
  CHECK(after_calls(format, 5).same().length == 1);
}

TEST_CASE("a call that goes well ends a row of those that fail, and so does another call a loop") {
  const std::string text = called("a", "x", "no") + called("b", "x", "no");
  CHECK(read(UsageFormat::Claude, text).failed().length == 2);
  CHECK(read(UsageFormat::Claude, text).same().length == 2);
  CHECK(read(UsageFormat::Claude, text + called("c", "x", "")).failed() == CallRow());
  CHECK(read(UsageFormat::Claude, text + called("c", "x", "")).same().length == 3);
  CHECK(read(UsageFormat::Claude, text + called("c", "y", "no")).same().length == 1);
  CHECK(read(UsageFormat::Claude, text + called("c", "y", "no")).failed().length == 3);
}

TEST_CASE("two or three calls by turns are a loop, and all are counted") {
  const auto after = [](std::string_view commands) {
    std::string text;
    for (std::size_t i = 0; i < commands.size(); ++i)
      text += called(fmt::format("c{}", i), std::string(1, commands[i]), "");
    return row_text(read(UsageFormat::Claude, text).same());
  };
  CHECK(after("ab") == "1 to 2: Bash: b");
  CHECK(after("aba") == "1 to 3: Bash: a");
  CHECK(after("abab") == "4 to 4: Bash: a, then Bash: b");
  CHECK(after("xababa") == "5 to 6: Bash: b, then Bash: a");
  CHECK(after("abcabc") == "6 to 6: Bash: a, then Bash: b, then Bash: c");
  CHECK(after("xyabcabcab") == "8 to 10: Bash: c, then Bash: a, then Bash: b");
  CHECK(after("aabaab") == "6 to 6: Bash: a, then Bash: a, then Bash: b");
  // The shortest that it can be.
  CHECK(after("aaaaaa") == "6 to 6: Bash: a");
  CHECK(after("ababx") == "1 to 5: Bash: x");
  CHECK(after("abcdabcd") == "1 to 8: Bash: d");
  CHECK(after("ababbb") == "3 to 6: Bash: b");
}

TEST_CASE("what is said to the agent begins its rows anew, and what its program says does not") {
  const std::string text = called("a", "x", "no") + called("b", "x", "no");
  const CallTally after = read(UsageFormat::Claude, text + said("try this"));
  CHECK(after.failed() == CallRow());
  CHECK(after.same() == CallRow());
  CHECK(read(UsageFormat::Claude, text + said("try this") + called("c", "x", "no")).same().length ==
        1);
  const std::string meta = R"({"type":"user","isMeta":true,"message":{"content":"a note"}})";
  CHECK(read(UsageFormat::Claude, text + meta + "\n").same().length == 2);
  const std::string turns = called("c", "a", "") + called("d", "b", "") + called("e", "a", "");
  CHECK(read(UsageFormat::Claude, turns + said("no") + called("f", "b", "")).same().length == 1);
}

TEST_CASE("to look again and again at what runs in the background is no loop") {
  std::string text = called("a", "x", "");
  for (int i = 0; i < 20; ++i)
    text += called(fmt::format("p{}", i), "shell 1", "", "BashOutput");
  CHECK(read(UsageFormat::Claude, text).same().length == 1);
  CHECK(read(UsageFormat::Claude, text + called("b", "x", "")).same().length == 2);
}

TEST_CASE("agents of the agent are not counted, nor is a call that is written down again") {
  std::string other = called("b", "x", "no");
  other.insert(other.find("\"type\":\"assistant\""), "\"isSidechain\":true,");
  CHECK(read(UsageFormat::Claude, called("a", "x", "no") + other).same().length == 1);
  const std::string twice = called("a", "x", "no") + called("a", "x", "no");
  CHECK(read(UsageFormat::Claude, twice).same().length == 1);
  CHECK(read(UsageFormat::Claude, twice).failed().length == 1);
}

TEST_CASE("calls are the same again where their file is read once more, cut anywhere") {
  const UsageFormat format =
      GENERATE(UsageFormat::Claude, UsageFormat::Codex, UsageFormat::Qwen, UsageFormat::Gemini);
  const std::string text = recorded(format);
  const CallTally whole = read(format, text);
  for (std::size_t cut = 0; cut <= text.size(); cut += 97) {
    UsageLog log(format);
    log.read(std::string_view(text).substr(0, cut));
    log.read(std::string_view(text).substr(cut));
    CHECK(log.calls().calls() == whole.calls());
    CHECK(log.calls().failed() == whole.failed());
    CHECK(log.calls().same() == whole.same());
  }
}

TEST_CASE("files that tools have written are known, each once, and no others") {
  CHECK(read(UsageFormat::Claude, recorded(UsageFormat::Claude)).written() ==
        std::vector<std::string>{"/repo/T1/T1.txt", "/elsewhere/out.txt"});
  // It refused to write the other one.
  CHECK(read(UsageFormat::Gemini, recorded(UsageFormat::Gemini)).written() ==
        std::vector<std::string>{"T1.txt"});
  const std::string patch =
      R"({"type":"response_item","payload":{"type":"custom_tool_call","call_id":"a",)"
      R"("name":"apply_patch","input":"*** Begin Patch\n*** Add File: a.c\n+x\n)"
      R"(*** Update File: b/c.c\n*** End Patch"}})"
      "\n"
      R"({"type":"response_item","payload":{"type":"custom_tool_call_output","call_id":"a",)"
      R"("output":"Exit code: 0\nWall time: 0\nOutput:\nSuccess"}})"
      "\n";
  CHECK(read(UsageFormat::Codex, patch).written() == std::vector<std::string>{"a.c", "b/c.c"});
}

TEST_CASE("a call is shown in one line that a terminal can show") {
  const CallTally tally =
      read(UsageFormat::Claude, called("a", "x\\u001b[31m\\n" + std::string(5000, 'y'), "no"));
  CHECK(tally.same().last.size() < 200);
  CHECK(tally.same().last.find('\x1b') == std::string::npos);
  CHECK(tally.same().last.find('\n') == std::string::npos);
}

TEST_CASE("what is remembered of calls is bounded, however long their words are") {
  const std::string long_word(100'000, 'x');
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += called(long_word + std::to_string(i), long_word, "", "Write" + long_word);
  const CallTally tally = read(UsageFormat::Claude, text);
  CHECK(tally.calls() == 50);
  CHECK(tally.same().length == 50);
  const std::string path = R"({"type":"assistant","message":{"content":[{"type":"tool_use",)"
                           R"("id":"a","name":"Write","input":{"file_path":")" +
                           long_word + "\"}}]}}\n" + called("b", "x", "");
  CHECK(read(UsageFormat::Claude, path).written().empty());
}

TEST_CASE("calls that an extension of ours has written down are read like those of other files") {
  const std::string call = R"({"type":"call","id":"ID","tool":"edit","given":"h","shown":"a.c",)"
                           R"("files":["a.c",7,"b.c"]})"
                           "\n";
  const auto with = [&call](const std::string& id, const std::string& how) {
    std::string text = call;
    text.replace(text.find("ID"), 2, id);
    return text + R"({"type":"end","id":")" + id + R"(","how":")" + how + "\"}\n";
  };
  const std::string bad = with("a", "failed") + with("b", "malformed");
  CHECK(row_text(read(UsageFormat::Hook, bad).failed()) == "2 to 2: edit: a.c");
  CHECK(row_text(read(UsageFormat::Hook, bad).malformed()) == "1 to 2: edit: a.c");
  CHECK(row_text(read(UsageFormat::Hook, bad).same()) == "2 to 2: edit: a.c");
  CHECK(read(UsageFormat::Hook, bad).written().empty());
  const CallTally good = read(UsageFormat::Hook, bad + with("c", "good"));
  CHECK(good.failed() == CallRow());
  CHECK(good.same().length == 3);
  CHECK(good.written() == std::vector<std::string>{"a.c", "b.c"});
  CHECK(read(UsageFormat::Hook, bad + "{\"type\":\"said\"}\n").same() == CallRow());
}

TEST_CASE("whatever stands in the file, nothing comes of it but calls") {
  const std::vector<std::string> lines = {
      "\"tool_use\"",
      "[\"user\"]",
      R"({"type":"user","message":"tool_use"})",
      R"({"type":"assistant","message":{"content":[1,"tool_use",{"type":"tool_use"}]}})",
      R"({"type":"assistant","message":{"content":[[],null,{"type":7,"x":"tool_use"}]}})",
      R"({"type":"user","message":{"content":[{"type":"tool_result","is_error":"x"}]}})",
      R"({"type":"response_item","payload":{"type":"function_call","arguments":"{"}})",
      R"({"type":"gemini","toolCalls":{"id":"a"}})",
      R"({"type":"gemini","toolCalls":[7,[]]})",
      R"({"type":"call","id":[],"tool":{},"given":7,"files":{"a":"b"}})",
      R"({"type":"end","id":"unknown","how":[]})",
      R"({"type":"assistant","message":{"parts":["functionCall",{"functionCall":{"args":[1]}}]}})"};
  for (const UsageFormat format : kFormats)
    for (const std::string& line : lines)
      CHECK(read(format, line + "\n").calls() <= 2);
}
