// What CLIs hand to their hooks, as they were seen to.
#include "agents/hook_call.hpp"

#include "catch.hpp"

#include <string>

using namespace orch;

TEST_CASE("an event says what its agent is at") {
  const std::string stop =
      R"({"session_id":"d78a-4519","hook_event_name":"Stop","stop_hook_active":false,)"
      R"("last_assistant_message":"hi","background_tasks":[],"crons":[]})";
  const HookInput input = read_hook_input("", stop);
  CHECK(input.is_whole);
  CHECK(input.is_turn_end);
  CHECK_FALSE(input.has_background);
  CHECK(input.call == HookCall{"Stop", "d78a-4519", Activity::Idle});
  CHECK(read_hook_input("UserPromptSubmit", "{}").call.activity == Activity::Busy);
  CHECK(read_hook_input("stopfailure", R"({"error":"server_error"})").call ==
        HookCall{"StopFailure", "", Activity::Failed, "", "server_error"});
  const HookInput idle = read_hook_input("Idle", R"({"session_id":"ses_1"})");
  CHECK(idle.call == HookCall{"Idle", "ses_1", Activity::Idle});
  CHECK_FALSE(idle.is_turn_end);  // nobody would take what the hook has to say
  CHECK(read_hook_input("SessionStart", R"({"session_id":"x"})").call ==
        HookCall{"SessionStart", "x"});
}

TEST_CASE("a session that takes the place of another one says so") {
  const auto call = [](const std::string& source) {
    return read_hook_input("SessionStart",
                           R"({"session_id":"x","cwd":"/w","source":")" + source + R"("})");
  };
  CHECK(call("startup").folder == "/w");
  CHECK_FALSE(call("startup").call.replaces);
  for (const char* source : {"clear", "resume", "compact"})
    CHECK(call(source).call.replaces);
}

TEST_CASE("who asks for a permission says for which") {
  const std::string request =
      R"({"hook_event_name":"PermissionRequest","tool_name":"Bash","tool_input":)"
      R"({"command":"git push\u001b[31m\nx"}})";
  const HookCall call = read_hook_input("", request).call;
  CHECK(call.activity == Activity::Asking);
  CHECK(call.kind == "permission");
  CHECK(call.text.starts_with("Bash: git push"));
  CHECK(call.text.find_first_of("\x1b\n") == std::string::npos);
  // Rules go by what it really is.
  CHECK(call.asks_for == Subject{"Bash", "git push\x1b[31m\nx"});
  const auto asks_for = [](const std::string& command) {
    return read_hook_input("PermissionRequest",
                           R"({"tool_name":"Bash","tool_input":{"command":")" + command + R"("}})")
        .call.asks_for;
  };
  CHECK(asks_for(std::string(kLongestSubject, 'x')).text.size() == kLongestSubject);
  CHECK(asks_for(std::string(kLongestSubject + 1, 'x')) == Subject{"Bash", ""});
  CHECK(read_hook_input("Stop", request).call.asks_for == Subject{});
  CHECK(read_hook_input("PermissionRequest", R"({"tool_name":"AskUserQuestion"})").call.kind ==
        "question");
}

TEST_CASE("of a turn that failed its program tells what it writes to its user") {
  const auto text = [](const std::string& fields) {
    return read_hook_input("StopFailure", "{" + fields + "}").call.text;
  };
  CHECK(text(R"("error":"rate_limit","last_assistant_message":"API Error: Request rejected (429) )"
             R"(· You exceeded your current quota")") ==
        "rate_limit: API Error: Request rejected (429) · You exceeded your current quota");
  CHECK(text(R"("error":"invalid_request","error_details":"400 prompt is too long")") ==
        "invalid_request: 400 prompt is too long");
  CHECK(text(R"("error":"rate_limit")") == "rate_limit");
  CHECK(text(R"("last_assistant_message":"one\ntwo")") == "one two");
  CHECK(text(R"("error":"x","last_assistant_message":")" + std::string(1000, 'y') + '"').size() <
        200);
}

TEST_CASE("a turn whose commands go on behind it is not over") {
  const HookInput input = read_hook_input("Stop", R"({"background_tasks":[{"id":"b1"}]})");
  CHECK(input.has_background);
  CHECK(input.call.activity == Activity::Unknown);
}

TEST_CASE("of what is no JSON, or other JSON, only the name of the event counts") {
  const std::string deep(100'000, '[');
  for (const std::string& text : {std::string(), std::string("{\"session_id\":"), deep,
                                  std::string("[1]"), std::string("\xff\xfe\0", 3)}) {
    const HookInput input = read_hook_input("Stop", text);
    CHECK_FALSE(input.is_whole);
    CHECK(input.call == HookCall{"Stop", "", Activity::Idle});
  }
  const HookInput odd = read_hook_input(
      "", R"({"hook_event_name":7,"session_id":{},"tool_name":[],"tool_input":"x"})");
  CHECK(odd.call == HookCall{});
  CHECK(read_hook_input(std::string(1000, 'x'), "{}").call.event.size() <= 100);
}
