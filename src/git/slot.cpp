// Reads and writes what is kept about slots, and moves their folders.
#include "git/slot.hpp"

#include "git/saved.hpp"
#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestNote = 64u << 10;
constexpr std::size_t kMostSlots = 100'000;
/// What a worktree needs of git, and what made_by_set_up.hpp keeps; the rest comes and goes.
constexpr std::array<std::string_view, 8> kNeeded = {
    "HEAD", "commondir", "gitdir", "index", "locked", "orch-ready", "orch-made", "orch-made-list"};

fs::path note_file(const fs::path& admin) {
  return admin / "orch-slot";
}

Status point_to(const fs::path& admin, const fs::path& folder) {
  return write_file(admin / "gitdir", (folder / ".git").native() + "\n");
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

}  // namespace

std::vector<Slot> slots(const fs::path& git_dir) {
  std::vector<Slot> found;
  std::error_code error;
  for (fs::directory_iterator entry(git_dir / "worktrees", error), end; !error && entry != end;
       entry.increment(error)) {
    std::optional<SlotNote> note = read_slot_note(entry->path());
    if (!note) continue;
    found.push_back(Slot{read_registration(entry->path()), std::move(*note)});
  }
  std::ranges::sort(found, {}, [](const Slot& slot) { return slot.registration.admin; });
  return found;
}

std::vector<Slot> slots_in(const fs::path& git_dir, const fs::path& folder) {
  std::vector<Slot> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path admin = git_dir / "worktrees" / entry->path().filename();
    std::optional<SlotNote> note = read_slot_note(admin);
    Slot slot{read_registration(admin), note.value_or(SlotNote{})};
    if (slot.registration.path != entry->path() || (!note && !slot.is_of_pool())) continue;
    found.push_back(std::move(slot));
  }
  std::ranges::sort(found, {}, [](const Slot& slot) { return slot.registration.admin; });
  return found;
}

std::size_t parked_in(const fs::path& git_dir, const fs::path& folder) {
  return static_cast<std::size_t>(
      std::ranges::count_if(slots_in(git_dir, folder), &Slot::is_parked));
}

std::optional<SlotNote> read_slot_note(const fs::path& admin) {
  const Result<std::string> text = read_file(note_file(admin), kLongestNote);
  if (!text) return std::nullopt;
  const Result<Record> record = Record::decode(*text);
  if (!record) return std::nullopt;
  SlotNote note;
  note.home = record->get("home");
  note.to = record->get("to");
  note.commit.value = record->get("commit");
  note.start.value = record->get("start");
  note.settings = record->get("settings");
  note.keep = record->all("keep");
  note.print = record->get("print");
  note.index = record->get("index");
  return note;
}

Status write_slot_note(const fs::path& admin, const SlotNote& note) {
  Record record;
  record.add("home", note.home.native());
  record.add("to", note.to.native());
  record.add("commit", note.commit.value);
  record.add("start", note.start.value);
  record.add("settings", note.settings);
  for (const std::string& path : note.keep)
    record.add("keep", path);
  record.add("print", note.print);
  record.add("index", note.index);
  return write_file(note_file(admin), record.encode(), 0600);
}

Status drop_slot_note(const fs::path& admin) {
  std::error_code error;
  fs::remove(note_file(admin), error);
  if (error) return errno_failure(error.value(), "cannot remove a note in " + admin.native());
  return {};
}

std::string free_slot_name(const fs::path& git_dir, const fs::path& pool) {
  for (std::size_t number = 1; number < kMostSlots; ++number) {
    std::string name = fmt::format("orch-{}", number);
    if (!is_there(pool / name) && !is_there(git_dir / "worktrees" / name)) return name;
  }
  return {};
}

Status move_worktree_folder(Registration& registration, const fs::path& to) {
  const fs::path from = registration.path;
  if (from != to && is_real_folder(from)) {
    std::error_code error;
    fs::remove(to, error);  // an empty folder may be in the place
    if (is_there(to)) return fail(Fault::Conflict, "{} is there", one_line(to.native()));
    if (Status made = make_folders(to.parent_path()); !made) return made;
    if (::rename(from.c_str(), to.c_str()) != 0)
      return errno_failure(errno, "cannot move " + one_line(from.native()));
  }
  if (!is_real_folder(to)) return fail(Fault::NotFound, "{} is gone", one_line(from.native()));
  if (Status pointed = point_to(registration.admin, to); !pointed) return pointed;
  registration.path = to;
  return {};
}

Status rename_registration(Registration& registration, const std::string& name) {
  const fs::path renamed = registration.admin.parent_path() / name;
  if (renamed == registration.admin) return {};
  if (::rename(registration.admin.c_str(), renamed.c_str()) != 0)
    return errno_failure(errno, "cannot rename " + one_line(registration.admin.native()));
  registration.admin = renamed;
  return replace_pointer(registration.path, renamed);
}

Status strip_registration(const Registration& registration) {
  std::error_code error;
  std::vector<fs::path> going;
  for (fs::directory_iterator entry(registration.admin, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    const bool needed = std::ranges::find(kNeeded, name) != kNeeded.end();
    if (!needed && name != note_file("").native()) going.push_back(entry->path());
  }
  for (const fs::path& path : going) {
    if (!error) fs::remove_all(path, error);
  }
  if (error) return errno_failure(error.value(), "cannot clear " + registration.admin.native());
  return {};
}

std::string unfit_for_pool(const Registration& registration) {
  const std::array<std::string_view, 3> unfit = {"config.worktree", "info", "modules"};
  for (const std::string_view name : unfit) {
    if (is_there(registration.admin / name)) return fmt::format("it has {} of its own", name);
  }
  std::error_code error;
  for (fs::directory_iterator entry(registration.admin, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().native().starts_with("sharedindex")) return "its index is split";
  }
  if (is_there(registration.path / ".gitmodules")) return "it has submodules";
  return {};
}

std::string stamp_of_file(const fs::path& file) {
  struct stat info {};

  if (::lstat(file.c_str(), &info) != 0) return {};
  return fmt::format("{} {} {}.{:09} {}.{:09}", info.st_ino, info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
}

}  // namespace orch::git
