// A status file in a worktree: what counts of it, and that it is no work.
#include "app/status_file.hpp"

#include "../base/temporary_folder.hpp"
#include "app/agent_inbox.hpp"
#include "app/spool.hpp"
#include "catch.hpp"
#include "loop/loop.hpp"
#include "orch/attempt/delivery.hpp"
#include "orch/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <vector>

using namespace orch;

namespace fs = std::filesystem;

namespace {

const std::string kDone = R"({"agentId": "T1.1", "taskId": "T1", "status": "done"})";

struct Place {
  TemporaryFolder folder;
  app::RunPaths run{folder.path()};
  fs::path attempt = run.attempt({"T1"}, 1);
  fs::path worktree = folder.path() / "worktree";
  fs::path file = worktree / "agent-status.json";

  explicit Place(bool is_tracked = false, const std::string& before = {}) {
    REQUIRE(make_folders(attempt, 0700));
    REQUIRE(make_folders(worktree));
    if (!before.empty()) write(before);
    REQUIRE(app::note_status_file(attempt, worktree, is_tracked));
  }

  void write(const std::string& text) const { REQUIRE(write_file(file, text)); }

  /// Seconds from now.
  void stamp(const fs::path& path, int seconds) const {
    timespec time{};
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += seconds;
    const timespec both[] = {time, time};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), both, 0) == 0);
  }

  void send_text(const std::string& id, int seconds) const {
    const fs::path record = shim::delivery_record(attempt, id);
    REQUIRE(make_folders(record.parent_path(), 0700));
    REQUIRE(write_file(record, ""));
    stamp(record, seconds);
  }

  app::StatusFile status() const {
    return {attempt, worktree, {.task = {"T1"}, .attempt = 1, .agent_id = "T1.1"}};
  }

  std::string wrong() const { return status().look().wrong; }
};

const std::string kId(32, 'a');

}  // namespace

TEST_CASE("a status file that is written while an attempt goes on is a report") {
  const Place place;
  app::StatusFile status = place.status();
  CHECK(status.is_expected());
  CHECK_FALSE(status.look().is_there);
  place.write(kDone);
  REQUIRE(status.look().report);
  CHECK(status.look().report->kind == ReportKind::Done);
  CHECK(status.look().is_fresh);
  place.stamp(place.file, 0);
  CHECK(place.status().look().report->id == status.look().report->id);
}

TEST_CASE("what was there when the attempt began is no report, and nothing is said of it") {
  const Place place(false, kDone);
  CHECK_FALSE(place.status().look().is_there);
  place.write(kDone);
  CHECK_FALSE(place.status().look().is_there);
  place.write(kDone + "\n");
  CHECK(place.status().look().report);
}

TEST_CASE("a file that came with the checkout is none of ours, whatever is made of it") {
  const Place place(true, "{}");
  place.write(kDone);
  CHECK_FALSE(place.status().is_expected());
  CHECK_FALSE(place.status().look().is_there);
  app::put_away_status_file(place.attempt, place.worktree);
  CHECK(*read_file(place.file) == kDone);
}

TEST_CASE("without a note of the attempt's start nothing is a report, or removed") {
  const Place place;
  place.write(kDone);
  fs::remove(place.attempt / "status-before");
  CHECK_FALSE(place.status().look().is_there);
  app::put_away_status_file(place.attempt, place.worktree);
  CHECK(fs::exists(place.file));
}

TEST_CASE("an attempt that is looked at before it begins has its file read from then on") {
  const Place place;
  fs::remove(place.attempt / "status-before");
  app::StatusFile status = place.status();
  CHECK_FALSE(status.look().is_there);
  REQUIRE(app::note_status_file(place.attempt, place.worktree, false));
  place.write(kDone);
  CHECK(status.look().report);
}

TEST_CASE("a FIFO or a link in the place of git's file is not written to, nor waited for") {
  const TemporaryFolder git;
  REQUIRE(make_folders(git.path() / "info"));
  const fs::path file = git.path() / "info/exclude";
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
  }
  SECTION("a link") {
    fs::create_symlink(git.path() / "other", file);
  }
  CHECK_FALSE(app::leave_out_status_file(git.path()));
  CHECK_FALSE(fs::exists(git.path() / "other"));
}

TEST_CASE("a file that is older than the attempt is no report") {
  const Place place;
  place.write(kDone);
  place.stamp(place.file, -100);
  CHECK(place.wrong() == "it is older than this attempt");
}

TEST_CASE("what was said before a text was sent counts for nothing, and may be said again") {
  const Place place;
  place.write(kDone);
  const std::string first = place.status().look().report->id;
  place.send_text(kId, 50);
  CHECK_FALSE(place.status().look().report);
  CHECK(place.wrong().empty());
  place.stamp(place.file, 60);
  REQUIRE(place.status().look().report);
  CHECK(place.status().look().report->id != first);
}

TEST_CASE("what is no plain file is never waited for") {
  const Place place;
  SECTION("a FIFO") {
    REQUIRE(::mkfifo(place.file.c_str(), 0600) == 0);
  }
  SECTION("a link to a good one") {
    REQUIRE(write_file(place.folder.path() / "good", kDone));
    fs::create_symlink(place.folder.path() / "good", place.file);
  }
  SECTION("a folder") {
    fs::create_directory(place.file);
  }
  SECTION("a device") {
    fs::create_symlink("/dev/zero", place.file);
  }
  CHECK(place.wrong() == "it is no plain file");
  CHECK_FALSE(place.status().look().report);
}

TEST_CASE("a huge file is not read") {
  const Place place;
  place.write("");
  fs::resize_file(place.file, 100u << 20);
  CHECK(place.wrong() == "it is larger than 65536 bytes");
}

TEST_CASE("the file goes to the folder of its attempt when that is over") {
  const Place place;
  place.write(kDone);
  app::put_away_status_file(place.attempt, place.worktree);
  CHECK_FALSE(fs::exists(place.file));
  CHECK(*read_file(place.attempt / "agent-status.json") == kDone);
  app::put_away_status_file(place.attempt, place.worktree);
}

TEST_CASE("git is told once to leave it out, behind what the user has there") {
  const TemporaryFolder git;
  REQUIRE(app::leave_out_status_file(git.path()));
  const fs::path file = git.path() / "info/exclude";
  CHECK(*read_file(file) == "/agent-status.json\n");
  REQUIRE(write_file(file, "*.log"));
  REQUIRE(app::leave_out_status_file(git.path()));
  REQUIRE(app::leave_out_status_file(git.path()));
  CHECK(*read_file(file) == "*.log\n/agent-status.json\n");
}

namespace {

/// An inbox that reads the status file of T1.1.
struct Desk {
  Place place;
  loop::Loop loop;
  std::vector<AnomalySeen> wrong;
  int seen = 0;
  AgentRun agent{.task = {"T1"}, .attempt = 1, .worktree = "worktree", .token = "0123456789abcdef"};

  app::InboxCalls calls() {
    return {.wrote = {},
            .worktree_of = [this](const AgentRun&) { return place.worktree; },
            .has_status_file = [this] { ++seen; },
            .wrote_badly = [this](AnomalySeen event) { wrong.push_back(std::move(event)); }};
  }
};

}  // namespace

TEST_CASE("a status file counts once, also for a supervisor that comes after a kill") {
  Desk desk;
  app::AgentInbox inbox(desk.loop, desk.place.run, desk.calls());
  CHECK(inbox.read(desk.agent).empty());
  desk.place.write(kDone);
  const std::vector<AgentReported> found = inbox.read(desk.agent);
  REQUIRE(found.size() == 1);
  CHECK(inbox.read(desk.agent) == found);
  {
    // Killed before it was stored: the same report, by which the core knows it.
    app::AgentInbox next(desk.loop, desk.place.run, desk.calls());
    CHECK(next.read(desk.agent) == found);
  }
  inbox.forget(found[0]);
  CHECK(inbox.read(desk.agent).empty());
  app::AgentInbox next(desk.loop, desk.place.run, desk.calls());
  CHECK(next.read(desk.agent).empty());
  CHECK(desk.seen > 0);
  CHECK(desk.wrong.empty());
}

TEST_CASE("a spool and a status file are read together, and each is forgotten by itself") {
  Desk desk;
  app::AgentInbox inbox(desk.loop, desk.place.run, desk.calls());
  desk.place.write(kDone);
  const AgentReported spooled{.id = "1", .kind = ReportKind::Done};
  REQUIRE(app::spool_report(desk.place.attempt, spooled, desk.agent.token));
  const auto found = inbox.read(desk.agent);
  REQUIRE(found.size() == 2);
  inbox.forget(found[0]);
  CHECK(inbox.read(desk.agent) == std::vector<AgentReported>{found[1]});
  inbox.forget(found[1]);
  CHECK(inbox.read(desk.agent).empty());
}

TEST_CASE("what is wrong with a file is told once it stays so, and that it is over") {
  Desk desk;
  app::AgentInbox inbox(desk.loop, desk.place.run, desk.calls());
  desk.place.write("{");
  // It may not have been written to its end.
  CHECK(inbox.read(desk.agent).empty());
  CHECK(desk.wrong.empty());
  desk.place.stamp(desk.place.file, -2);
  CHECK(inbox.read(desk.agent).empty());
  CHECK(inbox.read(desk.agent).empty());
  REQUIRE(desk.wrong.size() == 1);
  CHECK(desk.wrong[0].anomaly == Anomaly::BadReport);
  CHECK(desk.wrong[0].amount == 1);
  CHECK(desk.wrong[0].evidence == "it is older than this attempt");
  desk.place.write(kDone);
  CHECK(inbox.read(desk.agent).size() == 1);
  REQUIRE(desk.wrong.size() == 2);
  CHECK(desk.wrong[1].amount == 0);
}
