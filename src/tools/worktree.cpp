// The table of the tool `worktree`.
#include "tools/worktree.hpp"

#include "tools/worktree_actions.hpp"

#include <array>

namespace orch::tools {
namespace {

constexpr Argument kTaskId{"task", Type::Text, true, "the id of a task"};
constexpr Argument kAnyTask{"task", Type::Text, false, "the id of a task; all, if left out"};

constexpr std::array kStatusArguments{kAnyTask};
constexpr std::array kTaskIdOnly{kTaskId};
constexpr std::array<Argument, 2> kPeekArguments{
    {kTaskId, {"lines", Type::Number, false, "how many of the last lines; 40, if left out"}}};
constexpr std::array<Argument, 2> kWaitArguments{
    {{"tasks", Type::Texts, false, "ids of tasks; all, if left out"},
     {"seconds", Type::Number, false, "at most so long; 60, if left out, and 600 at most"}}};
constexpr Argument kPrompt{"prompt", Type::Text, true,
                           "what its agent is told; {{task}} in it becomes the title"};
constexpr Argument kKind{"agent", Type::Text, false,
                         "the kind of agent, such as claude; as the run decides, if left out"};
constexpr Argument kNeeds{"needs", Type::Texts, false, "ids of tasks that have to land before"};
constexpr Argument kFiles{"files", Type::Texts, false, "the files that it is about"};
constexpr std::array<Argument, 6> kSpawnArguments{
    {{"tasks", Type::Texts, true, "the titles, one task each; ids are made of them"},
     kPrompt,
     {"prefix", Type::Text, false, "comes before each title in its id"},
     kKind,
     kNeeds,
     kFiles}};
constexpr std::array<Argument, 5> kCreateArguments{
    {{"title", Type::Text, true, "the title; the id is made of it"},
     kPrompt,
     kKind,
     kNeeds,
     kFiles}};
constexpr std::array<Argument, 5> kSwarmArguments{
    {kPrompt,
     {"agents", Type::Texts, false, "kinds of agents, one task each"},
     {"count", Type::Number, false, "so many tasks; 2, if neither is said"},
     {"title", Type::Text, false, "the ids are made of it"},
     kNeeds}};
constexpr std::array<Argument, 4> kForkArguments{
    {kTaskId,
     {"prompt", Type::Text, true, "what the agent of the new task is told"},
     {"title", Type::Text, false, "the id is made of it"},
     {"agent", Type::Text, false, "the kind of agent; that of the task, if left out"}}};
constexpr std::array<Argument, 2> kMessageArguments{
    {{"to", Type::Text, true, "a task, worker:N, a kind of agent, all, or user"},
     {"message", Type::Text, true, "the text"}}};
constexpr std::array<Argument, 2> kNotifyArguments{
    {{"message", Type::Text, true, "the text, for the user"},
     {"level", Type::Text, false, "info, warning or error"}}};
constexpr std::array<Argument, 3> kCleanUpArguments{
    {{"operation", Type::Text, false,
      "prune: worktrees that are kept for further tasks; remove: that of one task"},
     {"task", Type::Text, false, "for remove: the id of the task"},
     {"dryRun", Type::Flag, false, "only say what would go"}}};

constexpr std::array<Action, 18> kWorktreeActions{{
    {"list", "The tasks that have a worktree now, and where.", "{}", {}, false, list_worktrees},
    {"status", "Where a task is, or all of them and the run.", R"({"task":"T1"})", kStatusArguments,
     true, show_status},
    {"dashboard", "The run as a short text, a line a task.", "{}", {}, false, show_dashboard},
    {"current",
     "The task, branch and worktree of the agent that calls.",
     "{}",
     {},
     true,
     show_current},
    {"sessions",
     "Agents that live: window, process, conversation.",
     "{}",
     {},
     false,
     list_sessions},
    {"open", "Where a task's worktree and window are, and how a person gets there.",
     R"({"task":"T1"})", kTaskIdOnly, false, open_worktree},
    {"peek", "The last lines that a task's agent shows, as plain text.",
     R"({"task":"T1","lines":20})", kPeekArguments, false, peek_at_screen},
    {"wait", "Returns when these tasks are over or wait for the user.",
     R"({"tasks":["T1","T2"],"seconds":120})", kWaitArguments, false, wait_for_tasks},
    {"spawn", "Makes tasks in this run: each gets a worktree and an agent, is tested and lands.",
     R"({"tasks":["api","ui"],"prompt":"Write tests for the {{task}}.","prefix":"tests-"})",
     kSpawnArguments, false, spawn_tasks},
    {"create", "Makes a task that does not start before 'start'.",
     R"({"title":"Port the parser","prompt":"Port src/parse to the new lexer."})", kCreateArguments,
     false, create_task},
    {"swarm", "Gives one prompt to several agents, each in a worktree of its own.",
     R"({"prompt":"Find why the build is slow.","agents":["claude","codex"]})", kSwarmArguments,
     false, swarm},
    {"fork", "Makes a task whose agent is told what that of another one was told and came to.",
     R"({"task":"T1","prompt":"Try the same with the old parser."})", kForkArguments, false,
     fork_task},
    {"start", "Lets a task start that is held.", R"({"task":"T1"})", kTaskIdOnly, false,
     start_task},
    {"abort", "Stops a task; its work is saved.", R"({"task":"T1"})", kTaskIdOnly, false,
     abort_task},
    {"compact", "Has a task's agent shorten its conversation, by its program's own command.",
     R"({"task":"T1"})", kTaskIdOnly, false, compact_task},
    {"message", "Tells agents something, each when it is at its prompt.",
     R"({"to":"T1","message":"use the new parser"})", kMessageArguments, true, send_message},
    {"notify", "Tells the user something about the task of the agent that calls.",
     R"({"message":"the API has changed","level":"warning"})", kNotifyArguments, true, notify_user},
    {"cleanup", "Removes worktrees that nobody needs.", R"({"operation":"prune","dryRun":true})",
     kCleanUpArguments, false, clean_up},
}};

}  // namespace

constinit const Tool kWorktreeTool{
    "worktree", "Tasks of this run, each in a git worktree with an agent.", kWorktreeActions};

}  // namespace orch::tools
