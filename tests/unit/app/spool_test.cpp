#include "app/spool.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "orch/base/random.hpp"

#include <filesystem>

using namespace orch;
namespace fs = std::filesystem;

namespace {

const std::string kToken = "0123456789abcdef";

AgentReported report(const std::string& id, ReportKind kind, const std::string& text) {
  AgentReported made;
  made.id = id;
  made.kind = kind;
  made.text = text;
  made.progress = 0.25;
  made.head = CommitId{"abc"};
  return made;
}

app::Spool spool_of(const TemporaryFolder& folder, int number = 1) {
  return app::Spool(folder.path(), TaskId{"T1"}, number, kToken);
}

}  // namespace

TEST_CASE("a report is read back as it was written, for the task that asks") {
  const TemporaryFolder folder;
  const std::string text = "line one\nkind 4\ndone\n\x1b[31m";
  REQUIRE(app::spool_report(folder.path(), report("0001", ReportKind::Progress, text), kToken));
  const auto found = spool_of(folder, 3).read();
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "0001");
  CHECK(found[0].task == TaskId{"T1"});
  CHECK(found[0].attempt == 3);
  CHECK(found[0].kind == ReportKind::Progress);
  CHECK(found[0].text == text);
  CHECK(found[0].progress == Approx(0.25));
  CHECK(found[0].head == CommitId{"abc"});
  spool_of(folder).forget(found[0]);
  CHECK(spool_of(folder).read().empty());
}

TEST_CASE("what somebody asks to take is no report before it is spooled") {
  const TemporaryFolder folder;
  AgentReported letter = report("0001", ReportKind::Send, "hello");
  letter.to = "all";
  letter.reply_to = 41;
  REQUIRE(app::draft_report(folder.path(), letter, kToken));
  CHECK(spool_of(folder).read().empty());
  const Result<AgentReported> draft = spool_of(folder).read_draft("0001");
  REQUIRE(draft);
  CHECK(draft->to == "all");
  CHECK(draft->reply_to == 41);
  CHECK(draft->task == TaskId{"T1"});
  CHECK_FALSE(spool_of(folder).read_draft("0002"));
  CHECK_FALSE(app::Spool(folder.path(), TaskId{"T1"}, 1, "another").read_draft("0001"));
  REQUIRE(app::spool_draft(folder.path(), "0001"));
  CHECK(spool_of(folder).read().size() == 1);
  CHECK_FALSE(app::spool_draft(folder.path(), "0001"));
}

TEST_CASE("reports come in the order in which they were written") {
  const TemporaryFolder folder;
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(app::fresh_id());
    REQUIRE(app::spool_report(folder.path(), report(ids.back(), ReportKind::Notify, "x"), kToken));
  }
  const auto found = spool_of(folder).read();
  REQUIRE(found.size() == ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    CHECK(found[i].id == ids[i]);
}

TEST_CASE("what is no report is put aside, and the others are read") {
  const TemporaryFolder folder;
  REQUIRE(app::spool_report(folder.path(), report("2", ReportKind::Done, ""), kToken));
  REQUIRE(app::spool_report(folder.path(), report("4", ReportKind::Done, ""), "another"));
  const fs::path spool = folder.path() / "spool";
  const fs::path bad = folder.path() / "bad";
  REQUIRE(write_file(spool / "1", "forged nonsense"));
  REQUIRE(write_file(spool / "3", "kind 5\nmerge\n"));
  REQUIRE(write_file(folder.path() / "private", "kind 4\ndone\n"));
  fs::create_symlink(folder.path() / "private", spool / "5");
  fs::create_directories(spool / "6" / "x");
  const auto found = spool_of(folder).read();
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == "2");
  for (const char* name : {"1", "3", "4", "6"})
    CHECK(fs::exists(bad / name));
  CHECK(fs::is_symlink(bad / "5"));
  CHECK(fs::exists(folder.path() / "private"));
  CHECK(spool_of(folder).read().size() == 1);
}

TEST_CASE("a spool that is a link is not entered, and where nothing can be put aside it goes") {
  const TemporaryFolder folder;
  const TemporaryFolder other;
  REQUIRE(write_file(other.path() / "diary", "dear diary"));
  fs::create_directory_symlink(other.path(), folder.path() / "spool");
  CHECK(spool_of(folder).read().empty());
  CHECK(fs::exists(other.path() / "diary"));
  fs::remove(folder.path() / "spool");
  fs::create_directory_symlink(other.path(), folder.path() / "bad");
  fs::create_directory(folder.path() / "spool");
  REQUIRE(write_file(folder.path() / "spool" / "1", "nonsense"));
  CHECK(spool_of(folder).read().empty());
  CHECK_FALSE(fs::exists(other.path() / "1"));
  CHECK(fs::is_empty(folder.path() / "spool"));
}

TEST_CASE("an attempt without a spool has no reports") {
  const TemporaryFolder folder;
  CHECK(spool_of(folder).read().empty());
}

TEST_CASE("tokens differ") {
  const std::string one = random_hex();
  CHECK(one.size() == 32);
  CHECK(one != random_hex());
}

TEST_CASE("what a hook told is read back, made harmless") {
  const TemporaryFolder folder;
  AgentReported told = report("0001", ReportKind::Hook, "");
  told.hook = {"Stop", "3f1c-77",           Activity::Idle, "permission", "one\ntwo\x1b[31m",
               true,   {"Bash", "one\ntwo"}};
  REQUIRE(app::spool_report(folder.path(), told, kToken));
  told.id = "0002";
  told.hook = {"x",
               "--resume",
               Activity::Busy,
               "",
               std::string(5000, 'x'),
               false,
               {"", std::string(kLongestSubject + 1, 'x')}};
  REQUIRE(app::spool_report(folder.path(), told, kToken));
  const auto found = spool_of(folder).read();
  REQUIRE(found.size() == 2);
  CHECK(found[0].hook.event == "Stop");
  CHECK(found[0].hook.session == "3f1c-77");
  CHECK(found[0].hook.activity == Activity::Idle);
  CHECK(found[0].hook.reminded);
  CHECK(found[0].hook.text.find_first_of("\n\x1b") == std::string::npos);
  // A command is kept as it is, or not at all.
  CHECK(found[0].hook.asks_for == Subject{"Bash", "one\ntwo"});
  CHECK(found[1].hook.asks_for == Subject{});
  CHECK(found[1].hook.session.empty());
  CHECK(found[1].hook.text.size() < 300);
}
