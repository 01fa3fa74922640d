// Resources have addresses such as orch://tasks/T1.
#include "tools/mcp_resources.hpp"

#include "orch/base/text.hpp"
#include "tools/views.hpp"

#include <fmt/format.h>

namespace orch::tools {
namespace {

constexpr std::string_view kTasksAddress = "orch://tasks";
constexpr std::string_view kTaskAddress = "orch://tasks/";
constexpr std::string_view kLog = "orch://logs/";
constexpr std::string_view kPlan = "orch://plan";
constexpr std::string_view kReport = "orch://report";
constexpr std::size_t kLogLines = 400;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kText = "text/plain";

Json resource(std::string uri, std::string name, std::string_view mime) {
  return {{"uri", std::move(uri)}, {"name", std::move(name)}, {"mimeType", mime}};
}

Json contents(const std::string& uri, std::string_view mime, std::string text) {
  return {{"contents", {{{"uri", uri}, {"mimeType", mime}, {"text", std::move(text)}}}}};
}

Json plan_of(const State& state) {
  const auto ids = [](const auto& tasks) {
    Json out = Json::array();
    for (const TaskId& id : tasks)
      out.push_back(id.value);
    return out;
  };
  Json tasks = Json::array();
  for (const TaskRecord& task : state.tasks)
    tasks.push_back({{"id", task.id().value},
                     {"title", task.plan.spec.title},
                     {"needs", ids(task.needs)},
                     {"overlaps", ids(task.overlaps)},
                     {"files", task.plan.spec.files},
                     {"state", to_text(task.state)}});
  return {{"tasks", tasks}};
}

Result<Json> read_task(Run& run, const std::string& uri) {
  const Result<Json> status = status_of(run);
  if (!status) return passed_on(status);
  if (uri == kTasksAddress) return contents(uri, kJson, dump((*status)["tasks"]));
  const Result<Json> task = task_in(*status, uri.substr(kTaskAddress.size()));
  if (!task) return passed_on(task);
  return contents(uri, kJson, dump(*task));
}

Result<Json> read_log(Run& run, const std::string& uri) {
  const TaskId task{uri.substr(kLog.size())};
  const Result<Look> look = run.look();
  if (!look) return passed_on(look);
  if (look->state.find(task) == nullptr)
    return fail(Fault::NotFound, "there is no task '{}'", one_line(task.value, 80));
  Result<std::string> text = run.screen(task, kLogLines);
  if (!text) return passed_on(text);
  return contents(uri, kText, std::move(*text));
}

}  // namespace

Result<Json> list_resources(Run& run) {
  const Result<Look> look = run.look();
  // A client asks for this when it starts, whether or not there is a run.
  if (!look && look.error().fault == Fault::NotFound) return Json{{"resources", Json::array()}};
  if (!look) return passed_on(look);
  Json resources{resource(std::string(kTasksAddress), "all tasks", kJson),
                 resource(std::string(kPlan), "the plan", kJson),
                 resource(std::string(kReport), "the report", kJson)};
  for (const TaskRecord& task : look->state.tasks) {
    const std::string& id = task.id().value;
    resources.push_back(resource(std::string(kTaskAddress) + id, "task " + id, kJson));
    if (task.attempts > 0)
      resources.push_back(resource(std::string(kLog) + id, "what its agent printed: " + id, kText));
  }
  return Json{{"resources", resources}};
}

Json resource_templates() {
  return {{"resourceTemplates",
           {{{"uriTemplate", "orch://tasks/{id}"}, {"name", "a task"}, {"mimeType", kJson}},
            {{"uriTemplate", "orch://logs/{id}"}, {"name", "its output"}, {"mimeType", kText}}}}};
}

Result<Json> read_resource(Run& run, const Json& uri) {
  if (!uri.is_string()) return fail(Fault::BadInput, "\"uri\" is a text");
  const auto address = uri.get<std::string>();
  if (address == kTasksAddress || address.starts_with(kTaskAddress)) return read_task(run, address);
  if (address.starts_with(kLog)) return read_log(run, address);
  const Result<Look> look = run.look();
  if (!look) return passed_on(look);
  if (address == kPlan) return contents(address, kJson, dump(plan_of(look->state)));
  if (address == kReport) return contents(address, kJson, ui::report_json(look->state, look->view));
  return fail(Fault::NotFound, "there is no resource '{}'", one_line(address, 80));
}

}  // namespace orch::tools
