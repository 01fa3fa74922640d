// Whole task files and folders, each with what is read in it: tests/data/tasks/CONVENTION-WHAT.
//
// A folder there holds `in/`, a folder of tasks, or one file, which may lie deeper where its path
// says what it is; and `out.json`. UPDATE=1 in the environment writes out.json anew.
#include "catch.hpp"
#include "orch/base/files.hpp"
#include "tasks/source/task_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace orch;
using namespace orch::tasks;

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path input_in(const fs::path& folder) {
  if (fs::is_directory(folder / "in")) return folder / "in";
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path() != folder / "out.json") return entry.path();
  }
  return folder;
}

Json item_json(const Item& item) {
  Json after = Json::array();
  for (const Order& order : item.after)
    after.push_back(order.id);
  Json task{{"id", item.id},
            {"title", item.title},
            {"done", item.done()},
            {"standing", name_of(item.standing)},
            {"depends", item.depends},
            {"after", after},
            {"priority",
             item.priority ? Json("P" + std::to_string(static_cast<int>(*item.priority))) : Json()},
            {"files", item.files},
            {"parent", item.parent},
            {"line", item.line}};
  if (item.human) task["human"] = true;
  if (!item.file.empty()) task["file"] = item.file;
  if (item.mark) task["ticked"] = item.mark->ticked;
  return task;
}

Json reading_json(const TaskFile& file) {
  Json tasks = Json::array();
  for (const Item& item : file.read.reading.items)
    tasks.push_back(item_json(item));
  Json problems = Json::array();
  for (const Problem& problem : file.read.reading.problems) {
    if (problem.severity != Severity::Note)
      problems.push_back(std::to_string(problem.line) + ": " + problem.message);
  }
  return {{"format", file.read.format}, {"tasks", tasks}, {"problems", problems}};
}

}  // namespace

TEST_CASE("whole task files are read as a person reads them") {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(TASK_DATA))
    folders.push_back(entry.path());
  std::ranges::sort(folders);
  REQUIRE_FALSE(folders.empty());
  for (const fs::path& folder : folders) {
    CAPTURE(folder.filename().string());
    const Result<Loaded> loaded = load_source(input_in(folder));
    REQUIRE(loaded);
    const Json read = reading_json(read_task_file(*loaded, "", UnitRule::Auto));
    if (std::getenv("UPDATE") != nullptr)
      std::ofstream(folder / "out.json") << read.dump(1) << '\n';
    const Result<std::string> wanted = read_file(folder / "out.json");
    REQUIRE(wanted);
    CHECK(read.dump(1) + "\n" == *wanted);
  }
}
