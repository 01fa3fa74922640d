// Draft, question, and a report where there is no answer.
#include "cli/say.hpp"

#include "app/our_processes.hpp"
#include "app/requests.hpp"
#include "app/spool.hpp"
#include "loop/socket.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace orch::cli {
namespace {

constexpr Span kAnswerTimeout = std::chrono::seconds(10);

void begin(const AgentContext& context, AgentReported& report) {
  report.id = app::fresh_id();
  report.task = context.task;
  report.attempt = context.attempt;
}

/// What the supervisor answers; its draft stays.
Result<std::string> ask(const AgentContext& context, const AgentReported& report) {
  if (Status made = app::draft_report(context.folder, report, context.token); !made)
    return passed_on(made);
  const std::string key = app::attempt_key(context.task, context.attempt);
  const Result<std::string> line =
      loop::ask(context.paths.socket(), app::saying_line({key, report.id}), kAnswerTimeout);
  return line ? app::parse_answer(*line) : passed_on(line);
}

}  // namespace

bool is_in_agents_pane() {
  return std::getenv("TMUX_ORCH_ATTEMPT") != nullptr || !app::shims_above(::getpid(), "/").empty();
}

Result<std::string> ask_now(const AgentContext& context, AgentReported& report) {
  begin(context, report);
  Result<std::string> answer = ask(context, report);
  app::forget_draft(context.folder, report.id);
  return answer;
}

Result<std::string> say(const AgentContext& context, AgentReported report) {
  begin(context, report);
  const std::string key = app::attempt_key(context.task, context.attempt);
  Result<std::string> answer = ask(context, report);
  if (answer || answer.error().fault == Fault::Refused) {
    app::forget_draft(context.folder, report.id);
    return answer;
  }
  // It counts once, also where it was taken and the answer was lost.
  if (Status spooled = app::spool_draft(context.folder, report.id); !spooled)
    return passed_on(spooled);
  loop::notify(context.paths.socket(), app::notification_line(key));
  return "recorded: it is sent as soon as a supervisor answers";
}

}  // namespace orch::cli
