// Copies and links.
#include "app/bring.hpp"

#include "git/below.hpp"
#include "loop/child.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace orch::app {
namespace {

bool is_there(const fs::path& path) {
  std::error_code ec;
  return fs::exists(fs::symlink_status(path, ec));
}

Failure not_brought(const std::string& name, const fs::path& worktree, std::string_view why) {
  const bool full = why.find("No space left") != std::string_view::npos;
  return fail(full ? Fault::Full : Fault::Io, "cannot bring {} into {}: {}", one_line(name),
              one_line(worktree.native()), one_line(trim(why), 300));
}

loop::Job<Result<std::string>> run(loop::Children& children, const RunContext& context,
                                   std::vector<std::string> argv, std::string cwd = {}) {
  loop::Command command;
  command.cwd = std::move(cwd);
  command.argv = std::move(argv);
  command.env = {{"LC_ALL", "C"}};
  command.timeout = context.config.worktree_setup.timeout;
  const Result<loop::Finished> finished = co_await children.run(command);
  if (!finished) co_return passed_on(finished);
  if (finished->ok()) co_return finished->out;
  co_return fail(Fault::Io, "{}", finished->text(command.argv.front()));
}

/// FIFOs, sockets and devices of a folder: nothing a copy of could be of use.
std::vector<std::string> find_special(const fs::path& folder, std::vector<std::string> action) {
  std::vector<std::string> argv = {
      "find", folder.native(), "(", "-type", "p",     "-o", "-type", "s",
      "-o",   "-type",         "b", "-o",    "-type", "c",  ")"};
  argv.insert(argv.end(), action.begin(), action.end());
  return argv;
}

/// Copied under another name first, so that a killed copy is not taken for a whole one.
loop::Job<Result<std::string>> copy(loop::Children& children, const RunContext& context,
                                    std::string name, fs::path worktree) {
  const fs::path from = fs::path(context.info.repository) / name;
  const fs::path to = worktree / name;
  const fs::path part = to.parent_path() / (".orch-copy-" + to.filename().string());
  std::error_code ec;
  if (const auto status = fs::status(from, ec); fs::exists(status) && fs::is_other(status)) {
    co_return fmt::format("{} is neither a file nor a folder, so it is not copied", name);
  }
  fs::create_directories(to.parent_path(), ec);
  std::vector<std::string> look = find_special(from, {"-print0"});
  const Result<std::string> special = co_await run(children, context, std::move(look));
  if (!special) co_return not_brought(name, worktree, special.error().what);
  std::vector<std::string> clear = {"rm", "-rf", "--", part.string()};
  const Result<std::string> cleared = co_await run(children, context, std::move(clear));
  if (!cleared) co_return not_brought(name, worktree, cleared.error().what);
  std::vector<std::string> argv = {
      "cp",          "-RP",        "--preserve=mode,timestamps,links", "--reflink=auto", "--",
      from.string(), part.string()};
  const Result<std::string> copied = co_await run(children, context, std::move(argv));
  if (!copied) co_return not_brought(name, worktree, copied.error().what);
  std::string note;
  if (!special->empty()) {
    std::vector<std::string> drop = find_special(part, {"-delete"});
    const Result<std::string> dropped = co_await run(children, context, std::move(drop));
    if (!dropped) co_return not_brought(name, worktree, dropped.error().what);
    const fs::path first = special->substr(0, special->find('\0'));
    note =
        fmt::format("{} is neither a file nor a folder, so it is not copied",
                    one_line(first.lexically_relative(fs::path(context.info.repository)).native()));
  }
  fs::rename(part, to, ec);
  if (ec) co_return not_brought(name, worktree, ec.message());
  co_return note;
}

/// As many words as a command line takes for sure.
std::vector<std::string> next_words(const std::vector<std::string>& names, std::size_t& from) {
  constexpr std::size_t kMostBytes = 64 << 10;
  std::vector<std::string> words;
  for (std::size_t bytes = 0; from < names.size() && bytes < kMostBytes; ++from) {
    bytes += names[from].size() + 1;
    words.push_back("./" + names[from]);
  }
  return words;
}

/// What is there already, of git or of an attempt that goes on, stays. A link that a commit has put
/// in the place of a folder is not followed: the answer says what is not there then.
Result<std::string> move_in(const fs::path& part, const fs::path& worktree,
                            const std::vector<std::string>& names) {
  auto from = git::Below::open(part);
  if (!from) return passed_on(from);
  auto to = git::Below::open(worktree);
  if (!to) return passed_on(to);
  std::string note;
  for (const std::string& name : names) {
    const Status moved = from->move(name, *to);
    if (moved || moved.error().fault == Fault::NotFound || moved.error().fault == Fault::Conflict)
      continue;
    if (note.empty())
      note = fmt::format("{} is not copied: its folder is none in the worktree", one_line(name));
  }
  return note;
}

/// Copied to another place first, as above; many at a time, and none is read through a link.
loop::Job<Result<std::string>> copy_included(loop::Children& children, const RunContext& context,
                                             std::vector<std::string> names, fs::path worktree) {
  std::erase_if(names, [&](const std::string& name) { return is_there(worktree / name); });
  if (names.empty()) co_return std::string();
  const fs::path part = worktree / ".orch-copy-included";
  std::vector<std::string> clear = {"rm", "-rf", "--", part.string()};
  const Result<std::string> cleared = co_await run(children, context, clear);
  if (!cleared) co_return not_brought(part.filename(), worktree, cleared.error().what);
  if (const Status made = make_folders(part, 0700); !made) co_return passed_on(made);
  for (std::size_t next = 0; next < names.size();) {
    std::vector<std::string> argv = {
        "cp", "-P",          "--parents", "--preserve=mode,timestamps", "--reflink=auto",
        "-t", part.string(), "--"};
    const std::vector<std::string> words = next_words(names, next);
    argv.insert(argv.end(), words.begin(), words.end());
    const Result<std::string> copied =
        co_await run(children, context, std::move(argv), context.info.repository);
    if (!copied) co_return not_brought(".worktreeinclude", worktree, copied.error().what);
  }
  Result<std::string> note = move_in(part, worktree, names);
  if (!note) co_return passed_on(note);
  const Result<std::string> gone = co_await run(children, context, std::move(clear));
  if (!gone) co_return not_brought(part.filename(), worktree, gone.error().what);
  co_return note;
}

Status link(const RunContext& context, const std::string& name, const fs::path& worktree) {
  std::error_code ec;
  const fs::path to = worktree / name;
  fs::create_directories(to.parent_path(), ec);
  fs::create_symlink(fs::path(context.info.repository) / name, to, ec);
  if (ec) return not_brought(name, worktree, ec.message());
  return {};
}

}  // namespace

loop::Job<Result<std::vector<std::string>>> bring_files(loop::Children& children,
                                                        const RunContext& context,
                                                        fs::path worktree,
                                                        std::vector<std::string> included) {
  std::vector<std::string> notes;
  const WorktreeSetup& set_up = context.config.worktree_setup;
  std::vector<std::pair<std::string, bool>> wanted;
  for (const std::string& name : set_up.copy)
    wanted.emplace_back(name, false);
  for (const std::string& name : set_up.link)
    wanted.emplace_back(name, true);
  for (const auto& [name, linked] : wanted) {
    const fs::path to = worktree / name;
    std::error_code ec;
    if (!is_there(fs::path(context.info.repository) / name)) {
      notes.push_back(fmt::format("there is no {} to {}", name, linked ? "link" : "copy"));
      continue;
    }
    if (is_there(to)) {
      // Of an attempt that goes on; what git has there is no link.
      const bool missed = linked && !fs::is_symlink(to, ec);
      if (missed) notes.push_back(fmt::format("{} is not linked, as git has files there", name));
      continue;
    }
    if (linked) {
      const Status made = link(context, name, worktree);
      if (!made) co_return passed_on(made);
      continue;
    }
    Result<std::string> note = co_await copy(children, context, name, worktree);
    if (!note) co_return passed_on(note);
    if (!note->empty()) notes.push_back(std::move(*note));
  }
  Result<std::string> missed =
      co_await copy_included(children, context, std::move(included), worktree);
  if (!missed) co_return passed_on(missed);
  if (!missed->empty()) notes.push_back(std::move(*missed));
  co_return notes;
}

}  // namespace orch::app
