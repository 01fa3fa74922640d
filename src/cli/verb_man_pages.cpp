// man-pages: writes the manual when the program is built.
#include "cli/man_page.hpp"
#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace orch::cli {
namespace {

struct FolderOption {
  std::string folder;
};

void add_folder(OptionList& list, FolderOption& options) {
  list.needed_word("FOLDER", options.folder, "where the pages go");
}

int write_pages(const FolderOption& options) {
  const std::filesystem::path folder = options.folder;
  Status done = make_folders(folder);
  if (done) done = write_file(folder / "tmux-orch.1", main_page());
  for (const Verb* verb : verbs()) {
    if (!done || verb->group == kHidden) continue;
    done = write_file(folder / fmt::format("tmux-orch-{}.1", verb->name), page_of(*verb));
  }
  return done ? status::kOk : complain(done.error());
}

}  // namespace

const Verb kManPagesVerb{"man-pages", kHidden, "write the pages of the manual into a folder",
                         "tmux-orch man-pages man1", begin<add_folder, write_pages>};

}  // namespace orch::cli
