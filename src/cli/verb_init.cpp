// init: a task file to begin with, or any readable one in the native form.
#include "cli/output.hpp"
#include "cli/prepare.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tasks/write/native_form.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace orch::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSample = R"(# Tasks

- [ ] T1: Say what is to be done, in a few words
  Everything below the line, indented, is what the agent is told.

- [ ] T2: A task that waits for another
  Depends: T1
  Files: src/example.c
  Priority: P1
)";

struct Options : ReadingOptions {
  std::string from;                 ///< the file that is read
  std::string output = "tasks.md";  ///< the file that is written
};

void add_options(OptionList& list, Options& options) {
  list.text("--from", options.from, "the task file, or folder, that is read");
  list.text("-o,--output", options.output, "the file that is written; - prints it");
  add_reading(list, options);
}

Status write_new(const std::string& name, std::string_view text) {
  if (name == "-") {
    print_file(text);
    return {};
  }
  std::error_code ec;
  if (fs::exists(fs::symlink_status(name, ec))) {
    return hinted(fail(Fault::Refused, "{} exists already", one_line(name)),
                  "`tmux-orch init -o OTHER.md` writes another file, `-o -` prints it");
  }
  if (const Status written = write_file(name, text); !written) return written;
  print(fmt::format("wrote {}; `tmux-orch plan {}` shows what it means\n", one_line(name),
                    one_line(name)));
  return {};
}

int init(const Options& options) {
  std::string text(kSample);
  if (!options.from.empty()) {
    PlanOptions named{options};
    named.words = {options.from};
    const auto prepared = prepare(named, false);
    if (!prepared) return prepared.error();
    if (prepared->has_errors) return status::kError;
    text = tasks::native_form(prepared->file.read.reading, prepared->file.units,
                              "Tasks of " + fs::path(prepared->task_file).filename().string());
  }
  const Status written = write_new(options.output, text);
  return written ? status::kOk : complain(written.error());
}

}  // namespace

const Verb kInitVerb{"init", kPeople, "write a task file, or another one in the native form",
                     "tmux-orch init --from TODO.md", begin<add_options, init>};

}  // namespace orch::cli
