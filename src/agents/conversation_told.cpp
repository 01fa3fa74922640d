// The lines of our extensions: a call as it begins, its end, and that somebody said something.
//
//   {"type":"call","id":"a","tool":"bash","given":"HASH","shown":"make check","files":["a.c"]}
//   {"type":"end","id":"a","how":"good"}
//   {"type":"said"}
#include "agents/conversation_formats.hpp"
#include "agents/json_fields.hpp"

#include <string>
#include <utility>
#include <vector>

namespace orch {
namespace {

using json_fields::in;
using json_fields::text_in;
using nlohmann::json;

CallEnd end_of(const std::string& how) {
  if (how == "malformed") return CallEnd::Malformed;
  return how == "failed" ? CallEnd::Failed : CallEnd::Good;
}

std::vector<std::string> texts_in(const json& list) {
  std::vector<std::string> texts;
  if (!list.is_array()) return texts;
  for (const json& one : list)
    if (one.is_string()) texts.push_back(one.get<std::string>());
  return texts;
}

}  // namespace

void read_told(const json& line, UsageTally& /*usage*/, CallTally& calls) {
  const std::string type = text_in(line, "type");
  if (type == "said") return calls.speak();
  if (type == "end") return calls.end(text_in(line, "id"), end_of(text_in(line, "how")));
  if (type != "call") return;
  calls.begin({.id = text_in(line, "id"),
               .tool = text_in(line, "tool"),
               .input = text_in(line, "given"),
               .shown = text_in(line, "shown"),
               .writes = texts_in(in(line, "files"))});
}

}  // namespace orch
