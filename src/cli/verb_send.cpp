// send: a text for the agent of a task, typed when it is at its prompt.
#include "cli/ask_with_text.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/core/message.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>

namespace orch::cli {
namespace {

struct Options {
  std::vector<std::string> words;
  std::string file;
  bool now = false;
};

void add_options(OptionList& list, Options& options) {
  list.words("TASK [TEXT]", options.words,
             "the task, and the text; without one, it is read from "
             "the standard input",
             2);
  list.text("--file", options.file, "read the text from this file");
  list.flag("--now", options.now,
            "do not wait until its agent is at its prompt, where its program takes texts while it "
            "works");
}

Result<std::string> text_of(const Options& options) {
  if (options.words.size() > 1) return options.words[1];
  if (!options.file.empty()) return read_file(options.file, kLongestMessage + 1);
  std::string text((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  return text;
}

int send(const RunHandle& handle, const Options& options) {
  if (options.words.empty()) {
    return complain(Error{Fault::BadInput, "nobody is named to send it to",
                          "for example: tmux-orch send T3 'use the new parser'"});
  }
  const Result<std::string> text = text_of(options);
  if (!text) return complain(text.error());
  if (trim(*text).empty())
    return complain(Error{Fault::BadInput, "there is no text", "say what its agent shall do"});
  const orch::Verb verb = options.now ? orch::Verb::SendNow : orch::Verb::Send;
  const Status asked = ask_with_text(handle, UserAsked{verb, TaskId{options.words[0]}}, *text);
  if (!asked) return complain(asked.error());
  const std::string_view when =
      options.now ? "as soon as its program takes it" : "when it is at its prompt";
  print(fmt::format("the agent of {} is told {}; `tmux-orch messages` shows how far it is\n",
                    one_line(options.words[0], 80), when));
  return status::kOk;
}

}  // namespace

const Verb kSendVerb{"send", kPeople, "tell the agent of a task something",
                     "tmux-orch send T3 'use the new parser'", begin<add_options, send>};

}  // namespace orch::cli
