// Takes a task file that the user edited and did not commit along in a fast-forward: three ways.
//
// Git refuses to touch a file that is changed. But where the index has the new version already it
// keeps index and file as they are (cases 18 and 19 in git-read-tree(1)). So the file gets what the
// new version changed, the index the new version, and after the fast-forward what differs is the
// user's edit and nothing else.
#include "git/follow_edited.hpp"

#include "git/objects.hpp"
#include "git/parse.hpp"
#include "git/queries.hpp"
#include "git/stored.hpp"
#include "loop/off_loop.hpp"
#include "orch/base/failpoint.hpp"
#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"

#include <functional>
#include <system_error>
#include <tuple>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStaged = "orch-staged";  // next to the index: what it had before

bool is_plain(const std::string& mode) {
  return mode.starts_with("100");
}

/// "MODE ID STAGE\tPATH" of `ls-files --stage`; empty: it is in the middle of a merge.
std::string id_in(std::string_view entry) {
  const auto words = split(entry.substr(0, entry.find('\t')), ' ');
  const bool is_whole = words.size() == 3 && words[2] == "0";
  return is_whole ? std::string(words[1]) : std::string();
}

/// What an earlier fast-forward that was killed took out of the index.
std::vector<JoinedFile> saved_staging(const Place& place) {
  std::vector<JoinedFile> files;
  const Result<std::string> text = read_file(place.git_dir / kStaged);
  if (!text) return files;
  const Result<Record> record = Record::decode(*text);
  if (!record) return files;
  const auto paths = record->all("path");
  const auto modes = record->all("mode");
  const auto staged = record->all("staged");
  const auto joined = record->all("joined");
  const auto ids = record->all("id");
  for (std::size_t i = 0; i < paths.size() && i < joined.size() && i < ids.size(); ++i) {
    JoinedFile file;
    file.path = paths[i];
    file.mode = modes[i];
    file.id = ids[i];
    file.staged = staged[i];
    file.staged_joined = joined[i];
    files.push_back(std::move(file));
  }
  return files;
}

Status save_staging(const Place& place, const std::vector<JoinedFile>& files) {
  Record record;
  for (const JoinedFile& file : files) {
    if (file.staged_joined.empty()) continue;
    record.add("path", file.path);
    record.add("mode", file.mode);
    record.add("id", file.id);
    record.add("staged", file.staged);
    record.add("joined", file.staged_joined);
  }
  return write_file(place.git_dir / kStaged, record.encode(), 0600);
}

/// What the index has at this moment; empty: nothing, or the file is in the middle of a merge.
Job<std::string> indexed_id(GitContext& git, Place place, std::string path) {
  Call list = git.call({"ls-files", "--stage", "-z", "--", path}, "read the index");
  list.env.emplace_back("GIT_LITERAL_PATHSPECS", "1");
  list.place = std::move(place);
  const auto text = co_await git.runner.output(std::move(list));
  if (!text) co_return passed_on(text);
  co_return id_in(std::string_view(*text).substr(0, text->find('\0')));
}

Job<std::string> staged_id(GitContext& git, Place place, std::string path) {
  for (const JoinedFile& file : saved_staging(place))
    if (file.path == path) co_return file.staged;
  co_return co_await indexed_id(git, std::move(place), std::move(path));
}

Job<std::string> blob(GitContext& git, std::string id) {
  Call read = git.call({"cat-file", "blob", id}, "read a task file");
  co_return co_await git.runner.output(std::move(read));
}

/// Where an agent changed more than marks: a merge of the three texts with their marks agreed upon.
/// Nothing: they conflict.
Job<std::optional<std::string>> merge_texts(GitContext& git, EditedFiles files, ChangedEntry entry,
                                            std::string joined, std::string before,
                                            std::string after) {
  using Pair = std::pair<std::string, std::string>;
  std::function<Pair()> work = [marks = files.with_marks_of, path = entry.path, joined, before,
                                after] {
    return Pair(marks(path, before, joined), marks(path, after, joined));
  };
  const auto [agreed_before, agreed_after] =
      co_await loop::off_loop<Pair>(git.loop, std::move(work));
  Call ask = git.call({"rev-parse", "--verify", "HEAD^{commit}"}, "read HEAD");
  const auto head = co_await git.line(std::move(ask));
  if (!head) co_return passed_on(head);
  const CommitId some{*head};
  std::vector<CommitId> none;
  const auto base = co_await with_file(git, some, entry.path, agreed_before, std::move(none));
  if (!base) co_return passed_on(base);
  const std::vector<CommitId> parents = {*base};
  const auto ours = co_await with_file(git, some, entry.path, joined, parents);
  if (!ours) co_return passed_on(ours);
  const auto theirs = co_await with_file(git, some, entry.path, agreed_after, parents);
  if (!theirs) co_return passed_on(theirs);
  Call merge =
      git.call({"merge-tree", "--write-tree", "-z", "--name-only", ours->value, theirs->value},
               "merge " + one_line(entry.path));
  const auto finished = co_await git.runner.run(std::move(merge));
  if (!finished) co_return passed_on(finished);
  const auto parsed = parse_merge(finished->out);
  if (!finished->ok() || !parsed) co_return std::nullopt;
  const CommitId tree{parsed->tree};
  auto text = co_await show_file(git, tree, entry.path);
  if (!text) co_return passed_on(text);
  co_return *std::move(text);
}

/// What one task file becomes; nothing where git can do it alone, or nobody can.
Job<std::optional<JoinedFile>> join_file(GitContext& git, EditedFiles files, Place place,
                                         ChangedEntry entry) {
  const bool is_change = entry.kind == 'M' && is_plain(entry.old_mode) && is_plain(entry.new_mode);
  if (!is_change || !files.takes(entry.path)) co_return std::nullopt;
  JoinedFile file;
  file.path = entry.path;
  file.mode = entry.new_mode;
  file.id = entry.new_id;
  const Result<std::string> disk = read_file(place.work_tree / entry.path);
  if (!disk) co_return std::nullopt;
  std::vector<std::string> paths = {entry.path};
  Checkout checkout{place.work_tree, place.git_dir, git.git_dir};
  auto hash = ids_on_disk(git, std::move(checkout), std::move(paths));
  const auto ids = co_await hash;
  if (!ids) co_return passed_on(ids);
  const auto staged = co_await staged_id(git, place, entry.path);
  if (!staged) co_return passed_on(staged);
  if (staged->empty()) co_return std::nullopt;
  const bool is_staged = *staged != entry.old_id && *staged != entry.new_id;
  if (!is_staged && ids->front() == *staged) co_return std::nullopt;

  const auto before = co_await blob(git, entry.old_id);
  if (!before) co_return passed_on(before);
  const auto after = co_await blob(git, entry.new_id);
  if (!after) co_return passed_on(after);
  file.disk = *disk;
  file.staged = *staged;
  std::function<std::pair<std::string, bool>()> join = [files, path = entry.path, disk = *disk,
                                                        before = *before, after = *after] {
    return std::pair(files.with_mark_changes(path, disk, before, after),
                     files.with_marks_of(path, after, before) == before);
  };
  bool only_marks = false;
  std::tie(file.joined, only_marks) =
      co_await loop::off_loop<std::pair<std::string, bool>>(git.loop, std::move(join));
  if (!only_marks) {
    const auto merged = co_await merge_texts(git, files, entry, file.joined, *before, *after);
    if (!merged) co_return passed_on(merged);
    if (!*merged || is_staged) co_return std::nullopt;  // the fast-forward says what is in the way
    file.joined = **merged;
  }
  if (!is_staged) co_return file;
  const auto text = co_await blob(git, *staged);
  if (!text) co_return passed_on(text);
  std::function<std::string()> restage = [files, path = entry.path, staged_text = *text,
                                          before = *before, after = *after] {
    return files.with_mark_changes(path, staged_text, before, after);
  };
  const std::string restaged = co_await loop::off_loop<std::string>(git.loop, std::move(restage));
  const auto id = co_await write_blob(git, restaged);
  if (!id) co_return passed_on(id);
  file.staged_joined = *id;
  co_return file;
}

/// What the index is to have of one file after the fast-forward. Where nothing was staged and it
/// was refused, that is what HEAD has by now: it may be the user's commit that was in its way.
Job<std::string> settled_id(GitContext& git, JoinedFile file, Place place, bool moved) {
  if (moved) co_return file.staged_joined;
  if (!file.staged_joined.empty()) co_return file.staged;
  Call ask = git.call({"rev-parse", "--verify", "--quiet", "HEAD:" + file.path}, "read HEAD");
  ask.place = std::move(place);
  const auto id = co_await git.line(std::move(ask));
  co_return id ? *id : file.staged;
}

Job<bool> update_index(GitContext& git, Place place, std::string entries) {
  Call update = git.call({"update-index", "-z", "--index-info"}, "bring the task file forward");
  update.place = std::move(place);
  update.input = std::move(entries);
  const auto updated = co_await git.runner.output(std::move(update));
  if (!updated) co_return passed_on(updated);
  co_return true;
}

}  // namespace

Job<std::vector<JoinedFile>> join_edited(GitContext& git, FollowRequest request, Place place,
                                         CommitId tip) {
  std::vector<JoinedFile> joined;
  if (!request.edited.takes) co_return joined;
  const auto changes = co_await changed_entries(git, tip, request.target);
  if (!changes) co_return passed_on(changes);
  for (const ChangedEntry& entry : *changes) {
    auto file = co_await join_file(git, request.edited, place, entry);
    if (!file) co_return passed_on(file);
    if (*file) joined.push_back(**std::move(file));
  }
  if (joined.empty()) co_return joined;
  std::string entries;
  for (const JoinedFile& file : joined)
    entries += index_line(file.mode, file.id, file.path);
  const Status saved = save_staging(place, joined);
  if (!saved) co_return passed_on(saved);
  for (const JoinedFile& file : joined) {
    const Status written = replace_file(place.work_tree / file.path, file.disk, file.joined);
    if (!written) co_return passed_on(written);
  }
  failpoint("git.joined");
  const auto indexed = co_await update_index(git, place, std::move(entries));
  if (!indexed) co_return passed_on(indexed);
  co_return joined;
}

Job<bool> settle_interrupted(GitContext& git, Place place) {
  std::vector<JoinedFile> joined = saved_staging(place);
  if (joined.empty()) co_return true;
  co_return co_await settle_edited(git, std::move(joined), std::move(place), true);
}

Job<bool> settle_edited(GitContext& git, std::vector<JoinedFile> joined, Place place, bool moved) {
  std::string entries;
  for (const JoinedFile& file : joined) {
    const auto now = co_await indexed_id(git, place, file.path);
    if (!now) co_return passed_on(now);
    const auto id = co_await settled_id(git, file, place, moved);
    if (!id) co_return passed_on(id);
    if (!id->empty() && *now == file.id) entries += index_line(file.mode, *id, file.path);
    // Edited once more meanwhile: then what the new version brought stays in it.
    if (!moved) (void)replace_file(place.work_tree / file.path, file.joined, file.disk);
  }
  if (!entries.empty()) {
    const auto indexed = co_await update_index(git, place, std::move(entries));
    if (!indexed) co_return passed_on(indexed);
  }
  std::error_code ignored;
  fs::remove(place.git_dir / kStaged, ignored);
  co_return true;
}

}  // namespace orch::git
