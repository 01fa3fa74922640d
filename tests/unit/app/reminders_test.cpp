// How often an agent is reminded, whoever does it.
#include "app/reminders.hpp"

#include "../base/temporary_folder.hpp"
#include "app/spool.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

using namespace orch;
namespace fs = std::filesystem;

namespace {

/// An attempt whose agent is to be reminded of a report.
struct Attempt {
  TemporaryFolder folder;
  fs::path path = folder.path();

  Attempt() { REQUIRE(write_file(path / app::kReminderText, "report!")); }

  std::string at_turn_end(bool supervised = true) {
    return app::reminder_at_turn_end(path, supervised);
  }
};

}  // namespace

TEST_CASE("two reminders in an attempt, by whom it may be") {
  Attempt attempt;
  CHECK(app::take_reminder(attempt.path, "typed"));
  CHECK(app::take_reminder(attempt.path, "typed"));
  CHECK(attempt.at_turn_end() == "report!");
  CHECK(attempt.at_turn_end().empty());
  CHECK_FALSE(app::take_reminder(attempt.path, "another"));
  CHECK(app::take_reminder(attempt.path, "typed"));
}

TEST_CASE("of many who come at once, two get one") {
  const Attempt attempt;
  std::vector<int> got(16);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < got.size(); ++i) {
    threads.emplace_back([&got, i, path = attempt.path] {
      got[i] = static_cast<int>(app::take_reminder(path, std::to_string(i)));
    });
  }
  int all = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    threads[i].join();
    all += got[i];
  }
  CHECK(all == 2);
}

TEST_CASE("nobody is reminded who need not be") {
  Attempt attempt;
  SECTION("no supervisor waits for a report") {
    CHECK(attempt.at_turn_end(false).empty());
  }
  SECTION("it has reported") {
    AgentReported report;
    report.id = app::fresh_id();
    SECTION("done") {
      report.kind = ReportKind::Done;
    }
    SECTION("blocked") {
      report.kind = ReportKind::Blocked;
    }
    REQUIRE(app::spool_report(attempt.path, report, "token"));
    CHECK(attempt.at_turn_end().empty());
  }
  SECTION("it is held, or a text waits for it") {
    app::mark(attempt.path, app::kQuiet, true);
    CHECK(attempt.at_turn_end().empty());
    app::mark(attempt.path, app::kQuiet, false);
    CHECK(attempt.at_turn_end() == "report!");
  }
  SECTION("a person types in its window") {
    REQUIRE(write_file(attempt.path / "typed", ""));
    CHECK(attempt.at_turn_end().empty());
    fs::last_write_time(attempt.path / "typed",
                        fs::file_time_type::clock::now() - std::chrono::seconds(11));
    CHECK(attempt.at_turn_end() == "report!");
  }
  SECTION("its agent reports by its end") {
    fs::remove(attempt.path / app::kReminderText);
    CHECK(attempt.at_turn_end().empty());
  }
  SECTION("the text is a link to something else") {
    fs::remove(attempt.path / app::kReminderText);
    fs::create_symlink("/etc/hostname", attempt.path / app::kReminderText);
    CHECK(attempt.at_turn_end().empty());
  }
}
