// Whole task files and folders, each with what is read in it: tests/data/tasks/CONVENTION-WHAT.
//
// A folder there holds `out.json` and one input: `in/`, a folder of tasks, or a file of any name,
// `in.md` where the name says nothing. It may lie deeper where its path says what it is, as
// `.cursor/plans/cache.plan.md`. After a change of a reader, or for a new input,
//
//   UPDATE=1 build/tests/unit/tasks/test_tasks "whole task files*"
//
// writes every out.json anew; `git diff tests/data/tasks` shows what is read otherwise now.
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
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path() != folder / "out.json")
      files.push_back(entry.path());
  }
  INFO("the input of " << folder);
  REQUIRE(files.size() == 1);
  return files.front();
}

std::vector<fs::path> cases() {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(TASK_DATA))
    folders.push_back(entry.path());
  std::ranges::sort(folders);
  return folders;
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
  if (!item.doubt.empty()) task["doubt"] = item.doubt;
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

/// The text of the file that the item stands in.
std::string& text_of(Loaded& loaded, const Item& item) {
  if (item.file.empty()) return loaded.text;
  return std::ranges::find(loaded.files, item.file, &NamedText::name)->text;
}

}  // namespace

TEST_CASE("a tick in a whole file or folder is one task's") {
  for (const fs::path& folder : cases()) {
    const Result<Loaded> loaded = load_source(input_in(folder));
    REQUIRE(loaded);
    const auto items = read_task_file(*loaded, "", UnitRule::Auto).read.reading.items;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!items[i].mark) continue;
      CAPTURE(folder.filename().string(), items[i].id);
      const Mark& mark = *items[i].mark;
      Loaded changed = *loaded;
      text_of(changed, items[i])
          .replace(mark.offset, mark.length, mark.done ? mark.unticked : mark.ticked);
      const auto again = read_task_file(changed, "", UnitRule::Auto).read.reading.items;
      REQUIRE(again.size() == items.size());
      for (std::size_t j = 0; j < items.size(); ++j) {
        CHECK(again[j].id == items[j].id);
        CHECK(again[j].done() == (j == i ? !items[j].done() : items[j].done()));
      }
    }
  }
}

TEST_CASE("whole task files are read as a person reads them") {
  REQUIRE_FALSE(cases().empty());
  for (const fs::path& folder : cases()) {
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
