#include "app/spool.hpp"

#include "../base/temporary_folder.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <filesystem>

using namespace orch;
namespace fs = std::filesystem;

namespace {

AgentReported report(const std::string& id, ReportKind kind, const std::string& text) {
  AgentReported made;
  made.id = id;
  made.kind = kind;
  made.text = text;
  made.progress = 0.25;
  made.head = CommitId{"abc"};
  return made;
}

}  // namespace

TEST_CASE("a report is read back as it was written, for the task that asks") {
  const TemporaryFolder folder;
  const std::string text = "line one\nkind 4\ndone\n\x1b[31m";
  REQUIRE(app::spool_report(folder.path(), report("0001", ReportKind::Progress, text)));
  const auto found = app::read_spool(folder.path(), TaskId{"T1"}, 3);
  REQUIRE(found.size() == 1);
  CHECK(found[0].report.id == "0001");
  CHECK(found[0].report.task == TaskId{"T1"});
  CHECK(found[0].report.attempt == 3);
  CHECK(found[0].report.kind == ReportKind::Progress);
  CHECK(found[0].report.text == text);
  CHECK(found[0].report.progress == Approx(0.25));
  CHECK(found[0].report.head == CommitId{"abc"});
}

TEST_CASE("reports come in the order in which they were written") {
  const TemporaryFolder folder;
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    ids.push_back(app::fresh_id());
    REQUIRE(app::spool_report(folder.path(), report(ids.back(), ReportKind::Notify, "x")));
  }
  const auto found = app::read_spool(folder.path(), TaskId{"T1"}, 1);
  REQUIRE(found.size() == ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    CHECK(found[i].report.id == ids[i]);
}

TEST_CASE("what is no report is put aside, and the others are read") {
  const TemporaryFolder folder;
  REQUIRE(app::spool_report(folder.path(), report("2", ReportKind::Done, "")));
  const fs::path spool = folder.path() / "spool";
  REQUIRE(write_file(spool / "1", "forged nonsense"));
  REQUIRE(write_file(spool / "3", "kind 5\nmerge\n"));
  const auto found = app::read_spool(folder.path(), TaskId{"T1"}, 1);
  REQUIRE(found.size() == 1);
  CHECK(found[0].report.id == "2");
  CHECK(fs::exists(spool / "bad-1"));
  CHECK(fs::exists(spool / "bad-3"));
  CHECK(app::read_spool(folder.path(), TaskId{"T1"}, 1).size() == 1);
}

TEST_CASE("an attempt without a spool has no reports") {
  const TemporaryFolder folder;
  CHECK(app::read_spool(folder.path(), TaskId{"T1"}, 1).empty());
}
