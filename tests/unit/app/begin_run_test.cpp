#include "app/begin_run.hpp"

#include "../base/temporary_folder.hpp"
#include "app/run_on_disk.hpp"
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "orch/core/codec.hpp"

#include <algorithm>

using namespace orch;

namespace {

/// A repository's folder, and what `up tasks.md` asks for in it.
struct Desk {
  TemporaryFolder folder;
  app::Paths paths{folder.path()};

  app::UpRequest request(const std::string& file = "tasks.md") const {
    app::UpRequest request;
    request.task_file = (folder.path() / file).string();
    request.checkout = folder.path().string();
    request.tasks = {{.id = TaskId{"T1"}, .title = "first"}};
    request.base_tip = CommitId{std::string(40, '1')};
    return request;
  }

  std::vector<store::TraceRow> trace(const std::string& run) const {
    const auto store = store::Store::open(paths.database(), store::Access::ReadOnly);
    REQUIRE(store);
    const auto rows = store->trace(run, 0, 10);
    REQUIRE(rows);
    return *rows;
  }
};

std::ptrdiff_t lines_of(const app::fs::path& file) {
  const Result<std::string> text = read_file(file);
  REQUIRE(text);
  return std::ranges::count(*text, '\n');
}

}  // namespace

TEST_CASE("a run that begins is kept with its effects in the outbox, and nothing is done") {
  const Desk desk;
  const auto begun = app::begin_run(desk.paths, desk.request());
  REQUIRE(begun);
  CHECK_FALSE(begun->resumed);
  CHECK(begun->integration == "tmux-orch/" + begun->id);
  const auto run = app::load_newest(desk.paths);
  REQUIRE(run);
  CHECK(run->info.id == begun->id);
  CHECK(run->state.find(TaskId{"T1"}) != nullptr);
  CHECK_FALSE(run->state.pending.empty());
  CHECK(desk.trace(begun->id).size() == 1);
}

TEST_CASE("what `up` decides on is in the text as well, line for line") {
  const Desk desk;
  const auto begun = app::begin_run(desk.paths, desk.request());
  REQUIRE(begun);
  const app::fs::path events = app::RunPaths(desk.paths.run(begun->id)).events();
  CHECK(lines_of(events) == 1);
  REQUIRE(app::begin_run(desk.paths, desk.request()));
  CHECK(lines_of(events) == 2);
}

TEST_CASE("the same file again goes on with the run, and its clock never goes back") {
  const Desk desk;
  const auto begun = app::begin_run(desk.paths, desk.request());
  REQUIRE(begun);
  const auto again = app::begin_run(desk.paths, desk.request());
  REQUIRE(again);
  CHECK(again->resumed);
  CHECK(again->id == begun->id);
  const auto rows = desk.trace(begun->id);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at <= rows[1].at);
}

TEST_CASE("another file is refused while a run is not over") {
  const Desk desk;
  REQUIRE(app::begin_run(desk.paths, desk.request()));
  const auto other = app::begin_run(desk.paths, desk.request("other.md"));
  REQUIRE_FALSE(other);
  CHECK(other.error().fault == Fault::Refused);
  CHECK(other.error().hint.find("tmux-orch up") != std::string::npos);
}
