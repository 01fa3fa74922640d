// Folders with one task a file: ids, names between files, and files that hold no task.
#include "tasks/source/folder.hpp"

#include "catch.hpp"

#include <algorithm>
#include <string>

using namespace orch;
using namespace orch::tasks;

namespace {

std::string ccpm(const std::string& more) {
  return "---\nname: a\nstatus: open\n" + more + "---\ntext\n";
}

bool says(const Reading& reading, Severity severity, std::string_view words) {
  return std::ranges::any_of(reading.problems, [&](const Problem& problem) {
    return problem.severity == severity && problem.message.find(words) != std::string::npos;
  });
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the files of an epic are one list of tasks") {
  const std::vector<NamedText> files{
      {"001.md", ccpm("")},
      {"2.md", ccpm("depends_on: [1]\nconflicts_with: [\"#10\"]\n")},
      {"10.md", ccpm("depends_on: [001, 002, 99]\n")},
      {"10-analysis.md", "# no\n"},
      {"epic.md", ccpm("")},
      {"all.md", ccpm("progress: 10%\n")},
      {"README.md", "# no\n"},
      {"notes.md", "# Notes\n"},
  };
  const FolderReading folder = read_folder(files);
  CHECK(folder.format == "ccpm");
  const std::vector<Item>& items = folder.reading.items;
  REQUIRE(items.size() == 3);
  CHECK(items[0].id == "001");
  CHECK(items[0].file == "001.md");
  CHECK(items[1].depends == Texts{"001"});
  CHECK(items[1].conflicts == Texts{"10"});
  CHECK(items[2].depends == Texts{"001", "2", "99"});
  CHECK(says(folder.reading, Severity::Note, "epic.md: by its name"));
  CHECK(says(folder.reading, Severity::Note, "10-analysis.md"));
  CHECK(says(folder.reading, Severity::Warning, "notes.md"));
  CHECK(says(folder.reading, Severity::Warning, "all.md"));
}

TEST_CASE("ids of Backlog.md are found in any case and by their number") {
  const auto task = [](const std::string& id, const std::string& more) {
    return "---\nid: " + id + "\ntitle: t\nstatus: To Do\nassignee: []\n" + more + "---\n";
  };
  const std::vector<NamedText> files{
      {"back-3 - One.md", task("BACK-3", "")},
      {"back-3.1 - Two.md", task("BACK-3.1", "parent_task_id: back-3\ndependencies: [back-3]\n")},
      {"back-4 - Three.md", task("BACK-4", "dependencies:\n  - back-3.1\n  - '3'\n")},
  };
  const FolderReading folder = read_folder(files);
  CHECK(folder.format == "backlog");
  REQUIRE(folder.reading.items.size() == 3);
  CHECK(folder.reading.items[1].depends == Texts{"BACK-3"});
  CHECK(folder.reading.items[1].parent == "BACK-3");
  CHECK(folder.reading.items[2].depends == Texts{"BACK-3.1", "BACK-3"});
  CHECK(folder.reading.problems.empty());
}

TEST_CASE("a plain folder has a task in each file") {
  const std::vector<NamedText> files{
      {"01-setup.md", "# Set up\n\n- **Status**: Done\n\nText.\n\n- [ ] step\n"},
      {"02-build.md", "intro\n\n# Build it\n\nDepends on: 01-setup\n"},
      {"03-ship.md", "only text\n"},
  };
  const FolderReading folder = read_folder(files);
  CHECK(folder.format == "folder");
  const std::vector<Item>& items = folder.reading.items;
  REQUIRE(items.size() == 3);
  CHECK(items[0].title == "Set up");
  CHECK(items[0].done());
  REQUIRE(items[0].mark);
  CHECK(files[0].text.substr(items[0].mark->offset, items[0].mark->length) == "Done");
  CHECK(items[0].id == "01-setup");
  CHECK(items[1].title == "Build it");
  CHECK(items[1].line == 3);
  CHECK(items[1].depends == Texts{"01-setup"});
  CHECK(items[2].title == "03-ship");
}

TEST_CASE("two files of one id, unreadable files and empty folders are errors") {
  const std::vector<NamedText> twice{{"a.md", "---\nid: X\ntitle: t\nstatus: open\n---\n"},
                                     {"b.md", "---\nid: X\ntitle: t\nstatus: open\n---\n"}};
  const Reading same = read_folder(twice).reading;
  CHECK(says(same, Severity::Error, "b.md: its id X is that of a.md"));
  CHECK(same.items[1].id == "X-2");
  const std::vector<NamedText> binary{{"a.md", std::string("a\0b", 3)}, {"b.md", "\xFF"}};
  const Reading broken = read_folder(binary).reading;
  CHECK(says(broken, Severity::Error, "a.md: there is a NUL byte"));
  CHECK(says(broken, Severity::Error, "b.md: this line is not valid UTF-8"));
  CHECK(says(read_folder({}).reading, Severity::Error, "no tasks in this folder"));
}

TEST_CASE("a number that several files have is nobody's") {
  const std::vector<NamedText> files{
      {"1-a.md", ccpm("")}, {"1-b.md", ccpm("")}, {"2.md", ccpm("depends_on: [1]\n")}};
  const Reading reading = read_folder(files).reading;
  CHECK(reading.items.at(2).depends == Texts{"1"});
}

TEST_CASE("a task that is not parallel is at work alone, in the order of the files") {
  const std::vector<NamedText> files{{"1.md", ccpm("parallel: true\n")},
                                     {"2.md", ccpm("")},
                                     {"3.md", ccpm("parallel: false\n")},
                                     {"4.md", ccpm("parallel: true\n")}};
  const std::vector<Item> items = read_folder(files).reading.items;
  REQUIRE(items.size() == 4);
  CHECK(items[1].after.empty());
  const std::vector<Order> both{{"1", "parallel: false"}, {"2", "parallel: false"}};
  CHECK(items[2].after == both);
  CHECK(items[3].after == std::vector<Order>{{"3", "parallel: false"}});
}
