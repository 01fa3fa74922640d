// Unknown, missing, of another type: each is an error of its own.
#include "tools/arguments.hpp"

#include "orch/base/text.hpp"

#include <algorithm>

namespace orch::tools {
namespace {

bool is_list_of_texts(const Json& value) {
  return value.is_array() &&
         std::ranges::all_of(value, [](const Json& each) { return each.is_string(); });
}

bool fits(const Json& value, Type type) {
  switch (type) {
    case Type::Text: return value.is_string();
    case Type::Texts: return is_list_of_texts(value);
    case Type::Flag: return value.is_boolean();
    case Type::Number: return value.is_number();
  }
  return false;
}

std::string names_of(std::span<const Argument> arguments) {
  std::string names;
  for (const Argument& argument : arguments)
    names += (names.empty() ? "" : ", ") + std::string(argument.name);
  return names.empty() ? "it takes none" : "it takes " + names;
}

std::string example_of(const Tool& tool, const Action& action) {
  return fmt::format("for example: tmux-orch call {} '{{\"action\":\"{}\",\"args\":{}}}'",
                     tool.name, action.name, action.example);
}

}  // namespace

std::string_view words_for(Type type) {
  switch (type) {
    case Type::Text: return "a text";
    case Type::Texts: return "a list of texts";
    case Type::Flag: return "true or false";
    case Type::Number: return "a number";
  }
  return "";
}

Status check_arguments(const Tool& tool, const Action& action, const Json& args) {
  for (const auto& [name, value] : args.items()) {
    const auto known = std::ranges::find(action.arguments, name, &Argument::name);
    if (known == action.arguments.end())
      return hinted(fail(Fault::BadInput, "'{}' takes no argument '{}'; {}", action.name,
                         one_line(name, 40), names_of(action.arguments)),
                    example_of(tool, action));
    if (!fits(value, known->type))
      return hinted(
          fail(Fault::BadInput, "'{}' of '{}' is {}", name, action.name, words_for(known->type)),
          example_of(tool, action));
  }
  for (const Argument& argument : action.arguments)
    if (argument.required && !args.contains(argument.name))
      return hinted(
          fail(Fault::BadInput, "'{}' needs '{}': {}", action.name, argument.name, argument.what),
          example_of(tool, action));
  return {};
}

std::string Call::text(std::string_view name) const {
  const auto found = args.find(name);
  return found == args.end() ? std::string() : found->get<std::string>();
}

std::vector<std::string> Call::texts(std::string_view name) const {
  const auto found = args.find(name);
  return found == args.end() ? std::vector<std::string>() : found->get<std::vector<std::string>>();
}

bool Call::flag(std::string_view name) const {
  const auto found = args.find(name);
  return found != args.end() && found->get<bool>();
}

double Call::number(std::string_view name, double otherwise) const {
  const auto found = args.find(name);
  return found == args.end() ? otherwise : found->get<double>();
}

}  // namespace orch::tools
