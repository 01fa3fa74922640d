// Finds moved and copied repositories by the path and inode of `.tmux-orch`.
#include "app/moved.hpp"

#include "app/our_processes.hpp"
#include "app/supervisor_client.hpp"
#include "git/parse.hpp"
#include "git/registration.hpp"
#include "orch/attempt/attempt.hpp"
#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/text.hpp"
#include "store/store.hpp"

#include <sys/stat.h>

namespace orch::app {
namespace {

fs::path note_file(const Paths& paths) {
  return paths.home() / "place";
}

/// Of `.tmux-orch` below a root: it stays when the folder is moved, and a copy has another.
std::string inode_at(const fs::path& root) {
  struct stat status {};

  if (::stat(Paths(root).home().c_str(), &status) != 0) return {};
  return fmt::format("{}:{}", status.st_dev, status.st_ino);
}

Failure still_there(const Paths& paths, const fs::path& before, const std::string& who) {
  return hinted(
      fail(Fault::Refused, "the repository was moved here from {}, and {} is still at work there",
           one_line(before.native()), who),
      fmt::format("put it back, stop it, and move it then: `mv {0} {1} && tmux-orch -C {1} down`",
                  shell_word(paths.repository().native()), shell_word(before.native())));
}

/// The claims of attempts that were copied name the processes of the other repository.
void drop_claims(const Paths& paths) {
  std::error_code ec;
  for (fs::recursive_directory_iterator entry(paths.home() / "runs", ec), end; !ec && entry != end;
       entry.increment(ec)) {
    const std::string name = entry->path().filename();
    const bool claim = name == shim::attempt_file::kClaim || name == shim::attempt_file::kPids;
    std::error_code ignored;  // what stays is not believed without its process
    if (claim) fs::remove(entry->path(), ignored);
  }
}

Status forget_children(store::Store& store) {
  const Result<std::vector<ProcessId>> children = store.children();
  if (!children) return passed_on(children);
  for (const ProcessId& child : *children) {
    if (const Status forgotten = store.forget_child(child); !forgotten) return forgotten;
  }
  return {};
}

Status write_note(const Paths& paths) {
  Record record;
  record.add("root", paths.repository().native());
  record.add("inode", inode_at(paths.repository()));
  return write_file(note_file(paths), record.encode(), 0600);
}

}  // namespace

LastPlace last_place(const Paths& paths) {
  const Result<std::string> text = read_file(note_file(paths), 64u << 10);
  if (!text) return {};
  const Result<Record> record = Record::decode(*text);
  if (!record) return {};
  const fs::path root = record->get("root");
  const std::string inode = record->get("inode");
  if (root.empty() || root == paths.repository()) return {Whereabouts::Same, root};
  const bool original_stands = inode_at(paths.repository()) != inode && inode_at(root) == inode;
  return {original_stands ? Whereabouts::Copied : Whereabouts::Moved, root};
}

Status settle(const Paths& paths, const fs::path& git_dir, store::Store& store) {
  const LastPlace last = last_place(paths);
  if (last.now == Whereabouts::Same) return last.root.empty() ? write_note(paths) : Status();
  const bool copied = last.now == Whereabouts::Copied;
  if (copied) {
    drop_claims(paths);
    if (const Status forgotten = forget_children(store); !forgotten) return forgotten;
  }
  const std::vector<LivingShim> left = shims_below(Paths(last.root).home());
  if (!copied && !left.empty())
    return still_there(
        paths, last.root,
        fmt::format("an agent ({}, pid {})", one_line(left.front().attempt.filename().native(), 40),
                    left.front().process.pid));
  const Status linked = git::move_worktrees(git_dir, last.root, paths.repository(), copied);
  if (!linked) return linked;
  return write_note(paths);
}

Status check_not_moved(const Paths& paths) {
  const LastPlace last = last_place(paths);
  if (last.now != Whereabouts::Moved || !supervisor_alive(paths)) return {};
  return still_there(paths, last.root,
                     fmt::format("its supervisor (pid {})", supervisor_pid(paths)));
}

}  // namespace orch::app
