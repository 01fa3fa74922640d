// The table of the tool `coordinate`, and its answers.
#include "tools/coordinate.hpp"

#include "tools/coordinate_actions.hpp"

#include <array>

namespace orch::tools {
namespace {

constexpr Argument kTaskIds{"tasks", Type::Texts, false, "ids of tasks; all, if left out"};

constexpr std::array<Argument, 5> kAgentsArguments{
    {{"operation", Type::Text, false, "status, spawn, stop or restart"},
     kTaskIds,
     {"agent_types", Type::Texts, false, "for spawn: kinds of agents, one task each"},
     {"prompt", Type::Text, false, "for spawn: what they are told"},
     {"title", Type::Text, false, "for spawn: the ids are made of it"}}};
constexpr std::array<Argument, 4> kWorkArguments{
    {{"operation", Type::Text, false, "list, assign or reassign"},
     {"tasks", Type::Texts, false, "ids of tasks; for assign all that are held, if left out"},
     {"agent", Type::Text, false, "the kind of agent that they go to"},
     {"max_parallel", Type::Number, false, "for assign: start so many of them at most"}}};
constexpr std::array<Argument, 5> kMessagesArguments{
    {{"operation", Type::Text, false, "route or history"},
     {"to", Type::Texts, false, "for route: ids of tasks"},
     {"message", Type::Text, false, "for route: the text; without one, what waits is listed"},
     {"pending_only", Type::Flag, false, "only those that are not typed yet"},
     {"task", Type::Text, false, "for history: only those of this task"}}};
constexpr std::array<Argument, 5> kWorktreesArguments{
    {{"operation", Type::Text, false, "list, create, cleanup or merge"},
     kTaskIds,
     {"title", Type::Text, false, "for create: the title of a task that does not start yet"},
     {"prompt", Type::Text, false, "for create: what its agent is told"},
     {"dry_run", Type::Flag, false, "for cleanup: only say what would go"}}};

constexpr std::array<Action, 4> kCoordinateActions{{
    {"agents", "Who is at work; start further agents; stop or restart those of tasks.",
     R"({"operation":"stop","tasks":["T1","T2"]})", kAgentsArguments, false, coordinate_agents},
    {"work", "What is to do, by state; start tasks that are held, give tasks to other agents.",
     R"({"operation":"assign","max_parallel":2})", kWorkArguments, false, coordinate_work},
    {"messages", "Tell several agents something; what was told, and how far it is.",
     R"({"operation":"route","to":["T1","T2"],"message":"the API has changed"})",
     kMessagesArguments, false, coordinate_messages},
    {"worktrees", "Worktrees of the run; clean up, or land what tasks have committed.",
     R"({"operation":"merge","tasks":["T1"]})", kWorktreesArguments, false, coordinate_worktrees},
}};

}  // namespace

constinit const Tool kCoordinateTool{
    "coordinate", "Agents, work, messages and worktrees of this run, several at once.",
    kCoordinateActions};

}  // namespace orch::tools
