// By the names that tools and what they are given have.
#include "agents/call_reading.hpp"

#include "agents/json_fields.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace orch {
namespace {

using json_fields::text_in;
using nlohmann::json;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Of what a tool was given, what tells a person most; else all of it.
std::string shown_of(const json& input) {
  for (const char* name : {"command", "cmd", "file_path", "path", "pattern", "url", "prompt"})
    if (std::string text = text_in(input, name); !text.empty()) return text;
  return input.empty() ? std::string() : dump(input);
}

/// Tools that look how something in the background goes on.
bool polls(std::string_view tool) {
  constexpr std::string_view kPolling[] = {"BashOutput", "TaskOutput", "Monitor", "write_stdin",
                                           "wait"};
  return std::ranges::find(kPolling, tool) != std::end(kPolling);
}

/// The files that a patch of codex's changes: "*** Update File: src/a.c".
std::vector<std::string> files_in_patch(std::string_view patch) {
  std::vector<std::string> files;
  for (std::string_view line : split_lines(patch)) {
    for (const std::string_view head : {"*** Add File: ", "*** Update File: ", "*** Delete File: "})
      if (line.starts_with(head)) files.emplace_back(trim(line.substr(head.size())));
  }
  return files;
}

/// What a tool writes that is there to write files. What a command writes is not known.
std::vector<std::string> writes_of(std::string_view tool, const json& input) {
  if (tool == "apply_patch")
    return files_in_patch(input.is_string() ? input.get<std::string>() : text_in(input, "input"));
  constexpr std::string_view kWriting[] = {"Write",      "Edit", "MultiEdit", "NotebookEdit",
                                           "write_file", "edit", "replace"};
  if (std::ranges::find(kWriting, tool) == std::end(kWriting)) return {};
  for (const char* name : {"file_path", "notebook_path", "path"})
    if (std::string path = text_in(input, name); !path.empty()) return {path};
  return {};
}

}  // namespace

void begin_call(CallTally& tally, const std::string& id, const std::string& tool,
                const json& input) {
  tally.begin({.id = id,
               .tool = tool,
               .input = dump(input),
               .shown = shown_of(input),
               .writes = writes_of(tool, input),
               .polls = polls(tool)});
}

}  // namespace orch
