// rescue: what was saved of tasks and is in no branch, in git and in the trash: list it, look at
// it, get it back. Nothing is ever written over.
#include "app/trash_place.hpp"
#include "cli/open_git.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/say.hpp"
#include "cli/verbs.hpp"
#include "git/parse.hpp"
#include "git/repository.hpp"
#include "loop/child.hpp"
#include "loop/detach.hpp"
#include "orch/base/shell.hpp"
#include "orch/base/size.hpp"
#include "orch/base/text.hpp"
#include "ui/rescues.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace orch::cli {
namespace {

struct Options : JsonOptions {
  std::vector<std::string> words;  ///< what to do, and with which
  std::string to;                  ///< restore: a branch or a folder; empty: after its name
};

void add_options(OptionList& list, Options& options) {
  list.words("ACTION", options.words, "list; show, restore or drop, and a name", 2);
  list.text("--to", options.to, "restore: the branch, or the folder, that is made for it");
  add_json(list, options);
}

constexpr std::string_view kRescues = "refs/orch/rescue/";
constexpr std::string_view kKept = "refs/orch/kept/";
constexpr std::size_t kFilesShown = 200;

/// All that the actions work with.
struct RescueContext {
  RunHandle handle;
  Config config;
  std::unique_ptr<OpenGit> opened;
  Blocking& blocking;
  git::Repository& git;
  git::Trash trash;

  RescueContext(RunHandle at, Config configured, std::unique_ptr<OpenGit> with)
      : handle(std::move(at)),
        config(std::move(configured)),
        opened(std::move(with)),
        blocking(opened->blocking),
        git(opened->repository),
        trash(app::trash_folder(handle.paths.repository(), config.worktree)) {}
};

std::string short_name(std::string_view ref) {
  for (const std::string_view prefix : {kRescues, kKept}) {
    if (ref.starts_with(prefix)) return std::string(ref.substr(prefix.size()));
  }
  return std::string(ref);
}

/// ".../T1.2" to "T1".
std::string task_of_ref(const std::string& name) {
  const std::string last = name.substr(name.rfind('/') + 1);
  return last.substr(0, last.find('.'));
}

Result<std::vector<git::OwnRef>> refs_of(RescueContext& context) {
  std::vector<std::string> patterns = {std::string(kRescues), std::string(kKept)};
  return context.blocking.wait(context.git.own_refs(std::move(patterns), CommitId{}));
}

/// The ref of that name, short or full; nothing if there is none.
Result<std::optional<git::OwnRef>> find_ref(RescueContext& context, const std::string& name) {
  Result<std::vector<git::OwnRef>> refs = refs_of(context);
  if (!refs) return passed_on(refs);
  const auto found = std::ranges::find_if(*refs, [&name](const git::OwnRef& ref) {
    return ref.name == name || short_name(ref.name) == name;
  });
  if (found == refs->end()) return std::optional<git::OwnRef>();
  return std::optional<git::OwnRef>(*found);
}

int list(RescueContext& context, const Options& options) {
  std::vector<ui::Saved> saved;
  const Result<std::vector<git::OwnRef>> refs = refs_of(context);
  if (!refs) return complain(refs.error());
  for (const git::OwnRef& ref : *refs) {
    saved.push_back({.name = short_name(ref.name),
                     .place = ref.name,
                     .task = task_of_ref(ref.name),
                     .when_s = ref.committed_s,
                     .why = ref.merged ? "in the base" : ""});
  }
  for (const git::TrashEntry& entry : context.trash.entries()) {
    ui::Saved one{.name = entry.name,
                  .place = entry.folder.string(),
                  .in_trash = true,
                  .task = entry.label.task,
                  .when_s = entry.moved_at,
                  .why = entry.label.why,
                  .bytes = entry.left.bytes};
    one.names = entry.left.repositories;
    one.names.insert(one.names.end(), entry.left.names.begin(), entry.left.names.end());
    saved.push_back(std::move(one));
  }
  options.json ? print_json(ui::rescues_json(saved)) : print(ui::rescues_text(saved));
  return status::kOk;
}

int show_ref(RescueContext& context, const git::OwnRef& ref) {
  const std::string range =
      fmt::format("{}...{}", context.handle.run.state.run.rules.base, ref.name);
  std::vector<std::string> args = {"--stat", "--patch", "--end-of-options", range};
  const Result<loop::Command> diff =
      context.blocking.wait(context.git.diff_for_terminal(std::move(args)));
  if (!diff) return complain(diff.error());
  print(fmt::format("{}: {}\n", ref.name, ref.commit.value));
  const Result<int> ended = loop::run_on_terminal(*diff);
  if (!ended) return complain(ended.error());
  return *ended == 0 ? status::kOk : status::kError;
}

int show_entry(const git::TrashEntry& entry) {
  print(fmt::format("{}\nof task {}, attempt {}, from {}: {}\n{}, {}\n", entry.folder.string(),
                    one_line(entry.label.task, 80), entry.label.attempt, entry.from.string(),
                    entry.label.why, git::describe(entry.left), size_text(entry.left.bytes)));
  std::size_t shown = 0;
  std::error_code ec;
  for (fs::recursive_directory_iterator at(entry.folder, ec), end; !ec && at != end;
       at.increment(ec)) {
    if (at->path().filename() == ".git") at.disable_recursion_pending();
    std::error_code unreadable;
    if (at->is_directory(unreadable) && !at->is_symlink(unreadable)) continue;
    if (++shown > kFilesShown) {
      print("...\n");
      break;
    }
    print(one_line(at->path().lexically_relative(entry.folder).native()) + "\n");
  }
  return status::kOk;
}

/// To a branch that is made for it.
int restore_ref(RescueContext& context, const git::OwnRef& ref, const Options& options) {
  std::string branch = options.to;
  if (branch.empty()) branch = "rescue/" + short_name(ref.name);
  const Result<std::optional<CommitId>> there =
      context.blocking.wait(context.git.branch_tip(branch));
  if (!there) return complain(there.error());
  if (*there && **there != ref.commit) {
    return complain(Error{
        Fault::Refused, fmt::format("there is a branch '{}' already", branch),
        fmt::format("tmux-orch rescue restore {} --to another-branch", short_name(ref.name))});
  }
  const Result<bool> made = context.blocking.wait(context.git.ensure_branch(branch, ref.commit));
  if (!made) return complain(made.error());
  print(fmt::format("branch {} has it: `git switch {}`\n", branch, shell_word(branch)));
  return status::kOk;
}

/// To a folder that is made for it; what is in the trash stays there.
int restore_entry(RescueContext& context, const git::TrashEntry& entry, const Options& options) {
  std::error_code ec;
  const fs::path target = fs::absolute(options.to.empty() ? entry.name : options.to, ec);
  if (::mkdir(target.c_str(), 0700) != 0) {
    Error error = errno_failure(errno, "cannot make " + one_line(target.native())).value();
    error.hint = fmt::format("tmux-orch rescue restore {} --to another-folder", entry.name);
    return complain(error);
  }
  loop::Command copy;
  copy.argv = {"cp", "-a", "--reflink=auto", "--", entry.folder.string() + "/.", target.string()};
  copy.timeout = std::chrono::hours(1);
  std::optional<Result<loop::Finished>> ended;
  context.blocking.children.run(std::move(copy), [&](Result<loop::Finished> finished) {
    ended = std::move(finished);
    context.blocking.loop.stop();
  });
  while (!ended)
    context.blocking.loop.run();
  if (!*ended) return complain(ended->error());
  if (!(*ended)->ok())
    return complain(
        Error{Fault::Io, (*ended)->text("cp"), "what was copied is in " + target.string()});
  print(fmt::format("{} is in {}; it also stays in the trash\n", entry.name, target.string()));
  return status::kOk;
}

/// What is saved of tasks only a person takes away.
Status refuse_agents(std::string_view action) {
  if (action != "drop" || !is_in_agents_pane()) return {};
  return fail(Fault::Refused, "only the user may drop what was saved");
}

int drop_entry(RescueContext& context, const git::TrashEntry& entry) {
  if (const Status dropped = context.trash.drop(entry); !dropped) return complain(dropped.error());
  const Result<bool> deleted =
      context.blocking.wait(context.git.delete_gone(context.trash.folder()));
  if (!deleted) return complain(deleted.error());
  print(fmt::format("{} is deleted\n", entry.name));
  return status::kOk;
}

int act_on(RescueContext& context, const std::string& action, const std::string& name,
           const Options& options) {
  const Result<std::optional<git::OwnRef>> ref = find_ref(context, name);
  if (!ref) return complain(ref.error());
  if (*ref) {
    if (action == "show") return show_ref(context, **ref);
    if (action == "restore") return restore_ref(context, **ref, options);
    std::vector<git::OwnRef> refs = {**ref};
    const Result<std::size_t> dropped =
        context.blocking.wait(context.git.drop_refs(std::move(refs)));
    if (!dropped) return complain(dropped.error());
    print(fmt::format("{} is deleted\n", (*ref)->name));
    return status::kOk;
  }
  Result<git::TrashEntry> entry = context.trash.find(name);
  if (!entry) {
    return complain(Error{Fault::NotFound,
                          fmt::format("there is no rescue '{}'", one_line(name, 80)),
                          "`tmux-orch rescue list` names them"});
  }
  if (action == "show") return show_entry(*entry);
  if (action == "restore") return restore_entry(context, *entry, options);
  return drop_entry(context, *entry);
}

int rescue(const Options& options) {
  const std::string action = options.words.empty() ? "list" : options.words[0];
  const bool known =
      action == "list" || action == "show" || action == "restore" || action == "drop";
  const bool named = options.words.size() == 2;
  if (!known || named == (action == "list")) {
    return complain(Error{Fault::BadInput,
                          "rescue is followed by list, or by show, restore or drop and a name",
                          "tmux-orch rescue list"});
  }
  if (const Status allowed = refuse_agents(action); !allowed) return complain(allowed.error());
  Result<RunHandle> handle = open_run();
  if (!handle) return complain(handle.error());
  Result<git::RepositoryFacts> facts = discover_here();
  if (!facts) return complain(facts.error());
  Result<Config> config = config_of(*handle);
  if (!config) return complain(config.error());
  OpenedGit git = open_git(*facts);
  if (!git) return complain(git.error());
  RescueContext context(std::move(*handle), std::move(*config), std::move(*git));
  if (action == "list") return list(context, options);
  return act_on(context, action, options.words[1], options);
}

}  // namespace

const Verb kRescueVerb{"rescue", kPeople, "what was saved of tasks: list, show, restore, drop",
                       "tmux-orch rescue list", begin<add_options, rescue>};

}  // namespace orch::cli
