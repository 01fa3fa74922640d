// What a status file says, and what it cannot say.
#include "agents/status_file.hpp"

#include "catch.hpp"

#include <string>

using namespace orch;

namespace {

const ReportsFor kWho{.task = {"T1"}, .attempt = 2, .agent_id = "T1.2"};

std::string file(const std::string& fields) {
  return R"({"agentId": "T1.2", "taskId": "T1", )" + fields + "}";
}

AgentReported report_in(const std::string& text) {
  const auto report = read_status_file(text, kWho);
  REQUIRE(report);
  REQUIRE(*report);
  return **report;
}

std::string wrong_with(const std::string& text) {
  const auto report = read_status_file(text, kWho);
  REQUIRE_FALSE(report);
  return report.error().what;
}

}  // namespace

TEST_CASE("each status word is a report of its kind") {
  CHECK(report_in(file(R"("status": "done")")).kind == ReportKind::Done);
  CHECK(report_in(file(R"("status": "Completed")")).kind == ReportKind::Done);
  CHECK(report_in(file(R"("status": "blocked", "message": "no key")")).text == "no key");
  const AgentReported failed = report_in(file(R"("status": "failed")"));
  CHECK(failed.kind == ReportKind::Blocked);
  CHECK(failed.text == "its status file says failed");
  const AgentReported half = report_in(file(R"("status": "in_progress", "progress": 0.5)"));
  CHECK(half.kind == ReportKind::Progress);
  CHECK(half.progress == 0.5);
  CHECK(half.task == kWho.task);
  CHECK(half.attempt == 2);
}

TEST_CASE("to be at work without saying how far is no report, and nothing is wrong with it") {
  const auto report = read_status_file(file(R"("status": "working")"), kWho);
  REQUIRE(report);
  CHECK_FALSE(*report);
}

TEST_CASE("what it claims besides is told and decides nothing") {
  const AgentReported report = report_in(
      file(R"("status": "done", "message": "the parser\u001b[2J", "filesChanged": ["a", "b"],
        "securityGate": "pass", "complianceGate": false, "reviewAgents": ["r1", 2, "r2"],
        "commit": "0123456789012345678901234567890123456789", "unknown": {"x": [1]})"));
  CHECK(report.text ==
        "the parser^[[2J; 2 files changed; security gate: pass; compliance gate: failed; "
        "reviewed by r1, r2; commit 0123456789012345678901234567890123456789");
  CHECK(report.head.empty());
  CHECK_FALSE(report.no_changes);
}

TEST_CASE("the same words are the same report until the agent is sent a text") {
  const std::string text = file(R"("status": "done")");
  const AgentReported report = report_in(text);
  CHECK(report_in(text).id == report.id);
  CHECK(report_in(text + "\n").id != report.id);
  ReportsFor later = kWho;
  later.last_text = "12.5";
  CHECK((*read_status_file(text, later))->id != report.id);
}

TEST_CASE("what is no report says why") {
  CHECK(wrong_with("") == "it is no JSON object");
  CHECK(wrong_with("[1]") == "it is no JSON object");
  CHECK(wrong_with(R"({"status": "done")") == "it is no JSON object");
  CHECK(wrong_with(file("\"status\": \"done\", \"message\": \"\xff\xfe\"")) ==
        "it is no JSON object");
  CHECK(wrong_with(R"({"status": "done"})") == "it has no taskId, which is \"T1\"");
  CHECK(wrong_with(R"({"taskId": 1, "agentId": "T1.2"})") == "its taskId is no text");
  CHECK(wrong_with(R"({"taskId": "T2", "agentId": "T1.2", "status": "done"})") ==
        "its taskId is \"T2\", not \"T1\"");
  CHECK(wrong_with(R"({"taskId": "T1", "agentId": "T1.1", "status": "done"})") ==
        "its agentId is \"T1.1\", not \"T1.2\"");
  CHECK(wrong_with(file(R"("status": "\u001b[31mgreat")")) ==
        "its status is \"^[[31mgreat\", not working, done, blocked or failed");
  CHECK(wrong_with(file(R"("status": ["done"])")) ==
        "its status is no text, not working, done, blocked or failed");
  for (const char* progress : {"2", "-0.1", "\"half\"", "[]", "1e999", "true"})
    CHECK(wrong_with(file(R"("status": "working", "progress": )" + std::string(progress))) ==
          (std::string(progress) == "1e999" ? "it is no JSON object"
                                            : "its progress is no number from 0 to 1"));
}

TEST_CASE("size and depth of a status file are bounded") {
  CHECK(wrong_with(std::string(kLongestStatusFile + 1, ' ')) == "it is larger than 65536 bytes");
  const std::size_t depth = kLongestStatusFile / 2 - 100;
  const std::string deep = std::string(depth, '[') + std::string(depth, ']');
  CHECK(report_in(file(R"("status": "done", "deep": )" + deep)).kind == ReportKind::Done);
  const std::string open(kLongestStatusFile - 10, '[');
  CHECK(wrong_with(open) == "it is no JSON object");
  CHECK(report_in(file(R"("status": "done", "message": ")" + std::string(9000, 'x') + '"'))
            .text.size() < 400);
}
