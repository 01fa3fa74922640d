// Makes descriptions of the tables.
#include "tools/describe.hpp"

#include "tools/arguments.hpp"

#include <fmt/format.h>

namespace orch::tools {
namespace {

Json schema_of(Type type) {
  switch (type) {
    case Type::Text: return {{"type", "string"}};
    case Type::Texts: return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case Type::Flag: return {{"type", "boolean"}};
    case Type::Number: return {{"type", "number"}};
  }
  return Json::object();
}

/// "task, lines?": those that may be left out have a question mark.
std::string signature_of(const Action& action) {
  std::string text;
  for (const Argument& argument : action.arguments)
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", argument.name,
                        argument.required ? "" : "?");
  return text;
}

}  // namespace

bool may_call(const Action& action, const Caller& caller) {
  return caller.role != CallerRole::Implementer || action.for_implementers;
}

Json help_of(const Action& action) {
  Json arguments = Json::array();
  for (const Argument& argument : action.arguments)
    arguments.push_back({{"name", argument.name},
                         {"type", words_for(argument.type)},
                         {"required", argument.required},
                         {"what", argument.what}});
  return {{"action", action.name},
          {"what", action.what},
          {"arguments", arguments},
          {"example", Json::parse(action.example)}};
}

Json help_of(const Tool& tool, const Caller& caller) {
  Json actions = Json::array();
  for (const Action& action : tool.actions)
    if (may_call(action, caller)) actions.push_back(help_of(action));
  return {{"tool", tool.name}, {"what", tool.what}, {"actions", actions}};
}

std::string description_of(const Tool& tool, const Caller& caller) {
  std::string text = std::string(tool.what) + " Actions, with the names of their args:\n";
  for (const Action& action : tool.actions)
    if (may_call(action, caller))
      text += fmt::format("{}({}): {}\n", action.name, signature_of(action), action.what);
  return text;
}

Json schema_of(const Tool& tool, const Caller& caller) {
  Json names = Json::array();
  Json properties = Json::object();
  for (const Action& action : tool.actions) {
    if (!may_call(action, caller)) continue;
    names.push_back(action.name);
    for (const Argument& argument : action.arguments) {
      Json property = schema_of(argument.type);
      property["description"] = argument.what;
      properties[std::string(argument.name)] = property;
    }
  }
  return {{"type", "object"},
          {"properties",
           {{"action", {{"type", "string"}, {"enum", names}}},
            {"args", {{"type", "object"}, {"properties", properties}}}}},
          {"required", {"action"}}};
}

}  // namespace orch::tools
