// call: one of the tools of agents that coordinate, from the command line.
#include "cli/output.hpp"
#include "cli/tool_run.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "tools/tools.hpp"

#include <fmt/format.h>

#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace orch::cli {
namespace {

using tools::Json;

constexpr std::size_t kLongestInput = std::size_t{1} << 20;

struct Options {
  std::vector<std::string> words;
};

void add_options(OptionList& list, Options& options) {
  list.words("TOOL [JSON]", options.words,
             "worktree or coordinate, and what it is to do; without that, it is read from the "
             "standard input",
             2);
}

/// As JSON on the standard output: programs read it.
int failed(const Error& error) {
  print_json(Json{{"error", error.what}, {"hint", error.hint}}.dump(
                 2, ' ', false, Json::error_handler_t::replace) +
             "\n");
  return error.fault == Fault::BadInput ? status::kUsage : status::kError;
}

std::string from_standard_input() {
  std::string text(kLongestInput + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  return text;
}

Result<Json> input_of(const Options& options) {
  const std::string text = options.words.size() > 1 ? options.words[1] : from_standard_input();
  if (text.size() > kLongestInput)
    return fail(Fault::BadInput, "what a tool is to do may have 1 MiB");
  if (std::optional<Json> input = tools::parse_json(text)) return std::move(*input);
  return hinted(fail(Fault::BadInput, "this is no JSON: {}", one_line(text, 60)),
                R"(tmux-orch call worktree '{"action":"help"}')");
}

int call(const Options& options) {
  if (options.words.empty())
    return complain(
        {Fault::BadInput, "no tool is named", R"(tmux-orch call worktree '{"action":"help"}')"});
  const Result<Json> input = input_of(options);
  if (!input) return failed(input.error());
  const Result<ToolCaller> caller = find_tool_caller();
  if (!caller) return failed(caller.error());
  ToolRun run(caller->paths);
  const Result<Json> answer = tools::call_tool(options.words[0], *input, run, caller->caller);
  if (!answer) return failed(answer.error());
  if (answer->is_string()) {
    print(answer->get<std::string>());
    return status::kOk;
  }
  print_json(answer->dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  // Of several that were asked for, none was done.
  return answer->value("status", Json()) == "failed" ? status::kError : status::kOk;
}

}  // namespace

const Verb kCallVerb{"call", kPrograms, "a tool of agents that coordinate: worktree, coordinate",
                     R"(tmux-orch call worktree '{"action":"help"}')", begin<add_options, call>};

}  // namespace orch::cli
