// Feeds any bytes to the task-file readers: no crash, and every tick is exactly one edit.
//
// Build with clang and the sources of src/base, src/core and src/tasks:
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude -Isrc
//     tests/fuzz/task_file_fuzz.cpp src/tasks/*.cpp src/core/{plan,files_meet,shared_files,
//     task_graph}.cpp src/base/{text,one_line,result}.cpp -lcmark -lfmt -o task_file_fuzz
// Run with -max_len=4096 and a folder of task files as corpus.
#include "orch/core/plan.hpp"
#include "tasks/reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_ticks(std::string_view text, const orch::TaskList& list) {
  using namespace orch::tasks;
  for (const orch::TaskSpec& task : list.tasks) {
    const orch::Result<std::string> ticked = set_mark(text, task.id, true);
    if (!ticked) {
      require(ticked.error().fault == orch::Fault::BadInput);  // two tasks of one name
      continue;
    }
    const std::size_t grown = ticked->size() - text.size();
    require(grown == 0 || grown == std::string_view("[x] ").size());
    require(task.done == (*ticked == text));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const orch::TaskList list = orch::tasks::read_tasks(text);
  orch::make_plan(list.tasks);
  for (const orch::tasks::Reader& reader : orch::tasks::readers()) {
    if (!orch::tasks::check_text(text).empty()) break;
    for (const orch::tasks::Item& item : reader.read({text, {}}).items) {
      require(!item.id.empty());
      if (item.mark) require(item.mark->offset + item.mark->length <= text.size());
    }
  }
  check_ticks(text, list);
  return 0;
}
