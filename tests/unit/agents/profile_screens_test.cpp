// The rules of the built-in profiles, on small screens made up in the manner of each program.
#include "agents/screen/classify.hpp"
#include "catch.hpp"
#include "config/layers.hpp"
#include "orch/base/text.hpp"

#include <map>

using namespace orch;

namespace {

using Rows = std::vector<std::string>;

ScreenReading reading(const std::string& agent, const std::string& title, Rows rows) {
  static const Config config = parse_config({}, {}, {}).config;
  static std::map<std::string, ScreenRules> rules;
  if (!rules.contains(agent)) {
    Result<ScreenRules> compiled = ScreenRules::compile(config.agents.at(agent).screen);
    REQUIRE(compiled);
    rules.emplace(agent, std::move(*compiled));
  }
  return rules.at(agent).classify({.rows = std::move(rows), .title = title});
}

std::string read(const std::string& agent, const std::string& title, Rows rows) {
  return std::string(to_text(reading(agent, title, std::move(rows)).state));
}

/// Rows of a transcript, and the prompt of the program below them.
Rows above(Rows transcript, const Rows& prompt) {
  transcript.insert(transcript.end(), prompt.begin(), prompt.end());
  return transcript;
}

const Rows kClaude{"────────", "❯\u00A0", "────────",
                   "  ⏵⏵ accept edits on (shift+tab to cycle)"};
const Rows kCodex{"› Ask for anything", "", "  a-model · /home/me/tree"};
const Rows kGemini{"▄▄▄▄▄▄▄▄", " >   Type here", "▀▀▀▀▀▀▀▀", " workspace", " /home/me/tree"};
const Rows kOpencode{"  ┃", "  ┃  Build · A model", "  ╹▀▀▀▀▀▀▀▀▀▀",
                     "    /home/me  1K (1%)  ctrl+p commands"};
const Rows kPi{"────────", "", "────────", "/home/me/tree", "↑1k ↓2 $0.01 0.4%/200k (auto)"};
const Rows kQwen{"────────", ">   Type here", "────────", "  ➜ tree",
                 "  Auto (shift + tab to cycle)"};

}  // namespace

TEST_CASE("each program at its prompt is idle") {
  CHECK(read("claude", "✳ Claude Code", above({"● Fine."}, kClaude)) == "idle");
  CHECK(read("codex", "tree", above({"• Fine."}, kCodex)) == "idle");
  CHECK(read("gemini", "◇  Ready (tree)", above({"✦ Fine."}, kGemini)) == "idle");
  CHECK(read("opencode", "OC | x", above({"     ▣  Build · A model · 3.1s"}, kOpencode)) == "idle");
  CHECK(read("pi", "π - tree", above({" Fine."}, kPi)) == "idle");
  CHECK(read("qwen", "Qwen - tree", above({"  ◆ Fine."}, kQwen)) == "idle");
}

TEST_CASE("each program at work is busy") {
  CHECK(read("claude", "◐ Claude Code", above({"✻ Weaving…"}, kClaude)) == "busy");
  CHECK(read("claude", "",
             {"✻ Weaving…", "────", "❯\u00A0", "────",
              "  ⏸ manual mode on · esc to interrupt"}) == "busy");
  CHECK(read("codex", "⠙ tree", above({"• An answer that is"}, kCodex)) == "busy");
  CHECK(read("codex", "", above({"• Weaving (1m 02s • esc to…"}, kCodex)) == "busy");
  CHECK(read("codex", "", above({"■ broken", "◦ Weaving (1m 02s • esc to…"}, kCodex)) == "busy");
  CHECK(read("gemini", "✦  Working… (tree)", kGemini) == "busy");
  CHECK(read("gemini", "", above({" ⠼ Weaving (esc to cancel, 3s)"}, kGemini)) == "busy");
  CHECK(read("opencode", "OC | x", {"  ┃", "  ╹▀▀▀▀", "    ■■⬝⬝⬝⬝⬝⬝  esc interrupt"}) == "busy");
  CHECK(read("pi", "π - tree", above({" ⠸ Working...", ""}, kPi)) == "busy");
  CHECK(read("qwen", "", above({"  ⠋ Weaving... (4s · esc to cancel)"}, kQwen)) == "busy");
}

TEST_CASE("dialogs at the start are told from one another") {
  CHECK(read("claude", "",
             {" Accessing workspace:", " ❯ No, exit", "   Yes, I trust this folder",
              " Enter to confirm · Esc to cancel"}) == "trust");
  CHECK(read("claude", "",
             {" Running in Bypass Permissions mode", " ❯ No, exit", "   Yes",
              " Enter to confirm · Esc to cancel"}) == "dialog");
  CHECK(read("claude", "", {" Something that is new", " ❯ This", " Enter to confirm"}) == "dialog");
  CHECK(read("codex", "host",
             {"  Trust this folder? It may be", "› 1. Trust and continue",
              "  enter continue · esc back"}) == "trust");
  CHECK(read("codex", "host",
             {"> 1. Sign in with ChatGPT", "  2. Other ways", "  Press enter to continue"}) ==
        "dialog");
  CHECK(read("gemini", "◇  Ready (tree)",
             {"│ Do you trust this folder?", "│ ● 1. Trust folder (tree)", "│   2. Don't trust",
              "╰───"}) == "trust");
  CHECK(read("gemini", "◇  Ready (tree)",
             {"│ How would you like to authenticate?", "│ ● 1. A key", "│ (Use Enter to select)",
              "╰───"}) == "dialog");
}

TEST_CASE("a permission is asked for") {
  const Rows claude{
      " Do you want to run it?", " ❯ 1. Yes", "   2. Yes, and do not ask again for such",
      "      commands",          "   3. No",  " Esc to cancel · Tab to amend"};
  CHECK(read("claude", "✳ Claude Code", claude) == "permission");
  CHECK(read("claude", "✳ x", {" Would you like to proceed?", " ❯ 1. Yes", "   2. No"}) ==
        "permission");
  const Rows codex{"  Would you like to run it?", "› 1. Yes (y)", "  2. No (esc)",
                   "  Press enter to confirm or esc to cancel"};
  CHECK(read("codex", "[ ! ] Action Required", codex) == "permission");
  CHECK(read("codex", "", codex) == "permission");
  const Rows gemini{"│ Apply this change?", "│ ● 1. Allow once", "│   2. No", "╰───"};
  CHECK(read("gemini", "✋  Action Required (tree)", gemini) == "permission");
  CHECK(read("gemini", "", gemini) == "permission");
  CHECK(read("opencode", "OC | x",
             {"  ┃  △ Permission required", "  ┃  # Edit a",
              "  ┃   Allow once   Allow always   Reject"}) == "permission");
  const Rows qwen{"  Allow execution of: 'a'?", "  › 1. Yes", "    2. No",
                  "  ⠏ Waiting for user confirmation..."};
  CHECK(read("qwen", "✳ Qwen - tree", qwen) == "permission");
  CHECK(read("qwen", "", qwen) == "permission");
}

TEST_CASE("a request that is tried again for a quota that is used up says so where it says that") {
  const auto said = [](const ScreenReading& reading) {
    CHECK(to_text(reading.state) == "retrying");
    return reading.rows.empty() ? "" : std::string(trim(reading.rows.front().text)).substr(0, 22);
  };
  CHECK(said(reading("claude", "◐ Claude Code",
                     above({"✻ 429 You exceeded your current quota, please check your plan and "
                            "billing details. · retrying in 10s · attempt 6/10"},
                           kClaude)))
            .starts_with("✻ 429 You exceeded"));
  CHECK(said(reading("opencode", "OC | x",
                     {"  ┃", "  ╹▀▀▀▀",
                      "   ⬝⬝⬝⬝⬝⬝⬝⬝ You exceeded your current quota, please check your plan (f… "
                      "[retrying in 18s attempt #4]     esc interrupt"}))
            .starts_with("⬝⬝⬝"));
  // The error stands above.
  CHECK(said(reading("qwen", "◐ Qwen - tree",
                     above({"  ✕ [API Error: 429 You exceeded your current quota, please check "
                            "your plan.] (Retrying in 36s… (attempt 1/10))",
                            "  ↻ Retrying in 36 seconds… (attempt 1/10)",
                            "  ⠋ Weaving... (2m 5s · esc to cancel)"},
                           kQwen))) == "↻ Retrying in 36 sec");
}

TEST_CASE("a question of the agent is told from a permission") {
  CHECK(read("claude", "✳ Claude Code",
             {"Which?", "❯ 1. this", "  2. that", "Enter to select · Esc to cancel"}) ==
        "question");
  CHECK(read("opencode", "OC | x",
             {"  ┃  Which?", "  ┃  1. this", "  ┃  ↑↓ select  enter submit  esc dismiss"}) ==
        "question");
}

TEST_CASE("a request that is tried again is not plain work") {
  CHECK(read("claude", "◐ x", above({"✻ Overloaded · retrying in 3s · attempt 2/10"}, kClaude)) ==
        "retrying");
  CHECK(read("codex", "⠙ x", above({"• Reconnecting... 2/5 (3s • esc to"}, kCodex)) == "retrying");
  CHECK(read("codex", "⠙ x", above({"◦ Reconnecting... 2/5 (3s • esc to"}, kCodex)) == "retrying");
  CHECK(read("opencode", "OC | x", {"  ╹▀▀", "  ⬝⬝⬝⬝ Limit reached [retrying in 2s attempt #3]"}) ==
        "retrying");
  CHECK(read("pi", "π - tree", above({" ⠼ Retrying (2/3) in 4s...", ""}, kPi)) == "retrying");
}

TEST_CASE("a failed turn is an error until something newer stands below it") {
  CHECK(read("claude", "✳ x", above({"● API Error: 500 broken"}, kClaude)) == "error");
  CHECK(read("claude", "✳ x", above({"● API Error: 500 broken", "● Fine."}, kClaude)) == "idle");
  CHECK(read("codex", "tree",
             above({"■ the stream has ended, and this is a", "long text"}, kCodex)) == "error");
  CHECK(read("codex", "tree", above({"■ broken", "• Fine."}, kCodex)) == "idle");
  CHECK(read("codex", "tree", above({"■ Conversation interrupted"}, kCodex)) == "idle");
  CHECK(read("gemini", "◇  Ready", above({"✕ [API Error: broken]", "ℹ See the log"}, kGemini)) ==
        "error");
  CHECK(read("gemini", "◇  Ready", above({"✕ [API Error: broken]", "✦ Fine."}, kGemini)) == "idle");
  CHECK(read("opencode", "OC | x", above({"     ▣  Build · A model"}, kOpencode)) == "error");
  CHECK(read("pi", "π - tree", above({" Error: 401 broken", ""}, kPi)) == "error");
  CHECK(read("pi", "π - tree", above({" Error: 401 broken", "", " Fine."}, kPi)) == "idle");
  CHECK(read("qwen", "Qwen - tree", above({"  ✕ [API Error: broken]"}, kQwen)) == "error");
}

TEST_CASE("a limit and a sign-in that is over are failed turns") {
  for (const std::string text :
       {"You've hit your weekly limit · resets 3am (UTC)", "You've reached your usage limit",
        "You're out of usage credits", "Credit balance too low · Add funds: a page",
        "Context limit reached · /compact or /clear to continue",
        "Login expired · Please run /login", "OAuth token revoked · Please run /login"}) {
    INFO(text);
    CHECK(read("claude", "✳ x", above({"❯ go on", "  ⎿  " + text}, kClaude)) == "error");
    CHECK(read("claude", "✳ x", above({"  ⎿  " + text, "● Fine."}, kClaude)) == "idle");
    CHECK(read("codex", "tree", above({"■ " + text}, kCodex)) == "error");
  }
  CHECK(read("claude", "✳ x",
             above({"▔▔▔▔▔▔▔▔▔▔▔▔", "  What do you want to do?"},
                   {"  ❯ 1. Stop and wait for limit to reset", "    2. Upgrade your plan",
                    "  Enter to confirm · Esc to cancel"})) == "dialog");
}

TEST_CASE("what an agent prints does not change its state") {
  const Rows footers{"  Do you want to go on?", "  ❯ 1. Yes", "  Esc to cancel · Tab to amend"};
  CHECK(read("claude", "✳ Claude Code", above(footers, kClaude)) == "idle");
  CHECK(read("claude", "✳ x", above({"  ⏸ manual mode on · esc to interrupt"}, kClaude)) ==
        "idle");
  CHECK(read("claude", "✳ x", above({"  ✻ Weaving… (3s"}, kClaude)) == "idle");
  CHECK(read("claude", "✳ x", above({"✻ Weaving… (3s", "● Fine."}, kClaude)) == "idle");
  CHECK(read("codex", "tree", above({"• Working (3s • esc to interrupt)"}, kCodex)) == "idle");
  CHECK(read("codex", "tree", above({"  Press enter to confirm or esc to cancel"}, kCodex)) ==
        "idle");
  CHECK(read("gemini", "◇  Ready", above({" ⠼ Weaving (esc to cancel, 3s)"}, kGemini)) == "idle");
  CHECK(read("gemini", "◇  Ready",
             above({"  Do you trust this folder?", "  ● 1. Trust folder"}, kGemini)) == "idle");
  CHECK(read("opencode", "OC | x",
             above({"    ■■⬝⬝⬝⬝⬝⬝  esc interrupt", "     ▣  Build · A model · 1s"}, kOpencode)) ==
        "idle");
  CHECK(read("opencode", "OC | x",
             above({"     △ Permission required", "     Allow once   Reject",
                    "     ▣  Build · A model · 1s"},
                   kOpencode)) == "idle");
  CHECK(read("pi", "π - tree", above({" ⠸ Working...", " Fine."}, kPi)) == "idle");
  CHECK(read("pi", "π - tree", above({" ── ⠸ Working ────"}, kPi)) == "idle");
  CHECK(read("pi", "π - tree", above({" Trust project folder?", "   Trust"}, kPi)) == "idle");
  CHECK(read("qwen", "Qwen - x", above({"    ⠋ Weaving... (4s · esc to cancel)"}, kQwen)) ==
        "idle");
}

TEST_CASE("claude is at work also where neither its title nor its footer says so") {
  const Rows draft{"────────", "❯ a draft", "────────",
                   "  ⏵⏵ accept edits on (shift+tab to cycle)"};
  CHECK(read("claude", "✳ Claude Code",
             above({"✢ Weaving… (4s · ↓ 30 tokens · thinking)"}, draft)) == "busy");
  CHECK(read("claude", "✳ Claude Code", above({"* Making the parser right… (4s)"}, draft)) ==
        "busy");
  CHECK(read("claude", "✳ Claude Code", above({"✶ Weaving…          │"}, draft)) == "busy");
  CHECK(read("claude", "✳ Claude Code", {"✻", "Weaving…", "  ◐ medium · /eff…", "────────"}) ==
        "busy");
  for (const std::string cut : {"es…", "esc t…", "esc to i…", "esc to inte…"}) {
    INFO(cut);
    CHECK(read("claude", "✳ Claude Code",
               {"● Running", "────────", "❯\u00A0", "────────",
                "  ⏵⏵ bypass permissions on · " + cut}) == "busy");
  }
  CHECK(read("claude", "✳ Claude Code",
             above({"✻ Wove for 3s · done 8:36 AM · 1 shell still run…"}, draft)) == "idle");
  CHECK(read("claude", "✳ Claude Code",
             above({"✻ 529 Overloaded · retrying in 3s · attempt 2/10"}, kClaude)) == "retrying");
}

TEST_CASE("a panel of claude that its user has opened is a dialog") {
  const Rows top{"● Fine.", "▔▔▔▔▔▔▔▔▔▔▔▔", "  Settings  Status   Config"};
  CHECK(read("claude", "✳ x", above(top, {"  Version:   1.2", "  Model:     a model   ↓"})) ==
        "dialog");
  CHECK(read("claude", "✳ x", above(top, {"  ❯ This one", "  Enter to select · Esc to close"})) ==
        "dialog");
  CHECK(read("claude", "✳ x", above({"  ▔▔▔▔▔▔▔▔▔▔▔▔"}, kClaude)) == "idle");
  CHECK(read("claude", "✳ x",
             {"▔▔▔▔▔▔▔▔▔▔▔▔", "   Exit plan mode?", "   Claude wants to exit plan mode",
              "   ❯ 1. Yes, and go on", "     2. No"}) == "permission");
}

TEST_CASE("other views of claude than its conversation are not taken for its prompt") {
  const Rows asked{"❯ do it", "────────────"};
  CHECK(read("claude", "✳ x",
             above(asked, {"  working · Showing detailed transcript · ctrl+o to toggle"})) ==
        "busy");
  CHECK(read("claude", "✳ x", above(asked, {"  Showing detailed transcript · ctrl+o to toggle"})) ==
        "dialog");
}

TEST_CASE("claude with its list of keys or a shell command at its prompt is idle") {
  CHECK(read("claude", "✳ x",
             {"● Fine.", "────────", "❯\u00A0", "────────",
              "  ! for shell mode     esc esc to clear", "  / for commands       shift+tab",
              "  @ for file paths     ctrl+o", "  /btw", "  a", "  b"}) == "idle");
  CHECK(read("claude", "✳ x",
             {"● Fine.", "────────", "!  sleep 6", "────────", "  ! for shell mode"}) == "idle");
}

TEST_CASE("dialogs that a user can open, or the program by itself, are dialogs by their footers") {
  for (const std::string foot :
       {"  enter details · esc close", "  space toggle · enter save · esc cancel",
        " enter resume   ^a archive   esc exit", " q close"}) {
    INFO(foot);
    CHECK(read("codex", "x | tree", {"  A list", "", "  one", "  two", "  three", foot}) ==
          "dialog");
    CHECK(read("codex", "x | tree", above({"• Fine.", foot}, kCodex)) == "idle");
  }
  CHECK(
      read("opencode", "OpenCode",
           {"  ┃", "              Select model                              esc", "   ┃    Search",
            "   ┃          A model", "   ╹▀▀▀▀▀        ▀▀▀▀▀", "    ctrl+p commands"}) == "dialog");
  CHECK(read("opencode", "OC | x", above({"     Press Escape or esc"}, kOpencode)) == "idle");
  const Rows loop{"╭──────", "│ ?  It may be in a loop", "│ ● 1. Go on looking", "│   2. Do not",
                  "╰──────"};
  CHECK(read("gemini", "◇  Ready (tree)", above({"✦ text"}, loop)) == "dialog");
  CHECK(read("gemini", "◇  Ready (tree)", above(loop, kGemini)) == "idle");
}

TEST_CASE("a question of qwen is one, and its prompt has a sign for each mode") {
  CHECK(read("qwen", "✳ Qwen - tree",
             {"   Which?", "   ❯ 1. this", "     2. that",
              "   ↑/↓: Navigate | Enter: Select | Esc: Cancel",
              "  ⠏ Waiting for user confirmation..."}) == "question");
  const Rows yolo{"────────", "*   Type your message", "────────", "  ➜ tree",
                  "  YOLO mode (shift + tab to cycle)"};
  CHECK(read("qwen", "", above({"  ◆ Fine."}, yolo)) == "idle");
  CHECK(read("qwen", "", above({"    Do you trust this folder?", "    › 1. Trust folder"}, yolo)) ==
        "idle");
}

TEST_CASE("what pi is at stands in the border of its prompt") {
  const auto at = [](const std::string& border) {
    return read("pi", "π - tree",
                {" Let me think", "", border, "", "────────", "/home/me/tree", "0.7%/200k (auto)"});
  };
  CHECK(at("── ⠹ Working ──────") == "busy");
  CHECK(at("── ⠹ Auto-compacting... (escape to cancel) ──") == "busy");
  CHECK(at("── ⠹ ──────") == "busy");
  CHECK(at("── ⠸ Retrying (2/3) in 3s... (escape to cancel) ──") == "retrying");
  CHECK(at("───────────") == "idle");
  CHECK(read("pi", "π - tree", {" a text", "── ⠹ Working ──", "────────", "/home/me..."}) ==
        "busy");
  CHECK(read("pi", "π - tree", {" a text", "────────", "────────", "/home/me..."}) == "idle");
}

TEST_CASE("the hint that an error may be a bug of pi is no answer") {
  const std::string hint = " If this looks like a pi bug, /bug sends a report to the developers.";
  const Rows failed{" Error: 401: {\"message\":\"Wrong key", " (x).\"}", "", hint};
  CHECK(read("pi", "π - tree", above(failed, kPi)) == "error");
  CHECK(read("pi", "π - tree", above(above(failed, {" If you ask me, it is fine."}), kPi)) ==
        "idle");
  for (const std::string answer :
       {" Fine.", " I am done.", " 好的。", " Привет", " - one", " 1. x"}) {
    INFO(answer);
    CHECK(read("pi", "π - tree", above(above(failed, {answer}), kPi)) == "idle");
  }
}

TEST_CASE("pi asks whether to trust a folder that brings something for it") {
  CHECK(read("pi", "host",
             {"────────", " Trust project folder?", " /home/me/tree", " → Trust", "   Do not trust",
              " ↑↓ navigate  enter select  escape/ctrl+c cancel", "────────"}) == "trust");
  CHECK(read("pi", "π - tree",
             above({"────────", " Select a way:", " → With an account", "   With a key",
                    " ↑↓ navigate  enter select  escape/ctrl+c cancel"},
                   {"────────", "/home/me/tree", "0.7%/200k (auto)"})) == "dialog");
}

TEST_CASE("a screen of no known kind is unknown, and so is each of an agent without rules") {
  for (const std::string agent : {"claude", "codex", "gemini", "opencode", "pi", "qwen", "sh"}) {
    CHECK(read(agent, "host", {"$ make", "make: done", "$ "}) == "unknown");
    CHECK(read(agent, "", {}) == "unknown");
  }
  CHECK(read("sh", "✳ Claude Code", kClaude) == "unknown");
}

TEST_CASE("rules of one profile have names of their own") {
  for (const auto& [agent, profile] : parse_config({}, {}, {}).config.agents) {
    std::map<std::string, int> names;
    for (const ScreenRule& rule : profile.screen)
      ++names[rule.name];
    for (const auto& [name, count] : names) {
      INFO(agent << " " << name);
      CHECK(count == 1);
    }
  }
}
