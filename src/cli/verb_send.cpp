// send: a text for agents or the user, from the user or an agent.
#include "app/supervisor_client.hpp"
#include "cli/ask_with_text.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/say.hpp"
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
  std::string reply;
  std::string acknowledged;
  bool now = false;
};

void add_options(OptionList& list, Options& options) {
  list.words("[TO] [TEXT]", options.words,
             "a task, a kind of agent, `all` or `user`, and the text; without one, "
             "it is read from the standard input",
             2);
  list.text("--file", options.file, "read the text from this file");
  list.text("--reply", options.reply, "it replies to this message (m41), whose sender gets it");
  list.text("--ack", options.acknowledged, "say only that you have this message (m41)");
  list.flag("--now", options.now,
            "do not wait until its agent is at its prompt, where its program takes texts while it "
            "works; for people only");
}

/// What is to be sent, whoever sends it.
struct Letter {
  std::string to;
  std::string text;
  MessageNumber number = 0;  ///< of the message that is replied to or acknowledged
  bool acknowledges = false;
};

Result<MessageNumber> named(const std::string& word) {
  if (word.empty()) return 0;
  if (const std::optional<MessageNumber> number = number_of(word)) return *number;
  return hinted(fail(Fault::BadInput, "'{}' is no message", one_line(word, 40)),
                "`tmux-orch messages` shows their numbers: m41");
}

Result<std::string> read_text(const Options& options) {
  if (!options.file.empty()) return read_file(options.file, kLongestMessage);
  std::string text(kLongestMessage + 1, '\0');
  std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::cin.gcount()));
  return text;
}

/// Of a reply the only word is the text: who gets it is known.
Result<Letter> letter_of(const Options& options) {
  Letter letter;
  letter.acknowledges = !options.acknowledged.empty();
  const Result<MessageNumber> number =
      named(letter.acknowledges ? options.acknowledged : options.reply);
  if (!number) return passed_on(number);
  letter.number = *number;
  if (letter.acknowledges) return letter;
  std::vector<std::string> words = options.words;
  const bool has_text =
      words.size() == 2 || (words.size() == 1 && letter.number != 0 && options.file.empty());
  if (has_text) {
    letter.text = words.back();
    words.pop_back();
  } else {
    Result<std::string> text = read_text(options);
    if (!text) return passed_on(text);
    letter.text = std::move(*text);
  }
  if (!words.empty()) letter.to = one_line(words.front(), 200);
  if (letter.to.empty() && letter.number == 0)
    return hinted(fail(Fault::BadInput, "nobody is named to send it to"),
                  "for example: tmux-orch send T3 'use the new parser'");
  if (trim(letter.text).empty())
    return hinted(fail(Fault::BadInput, "there is no text"), "say what its receiver shall do");
  if (letter.text.size() > kLongestMessage)
    return hinted(fail(Fault::BadInput, "the text is too long: 64 KB at most"),
                  "put it into a file and send its name");
  return letter;
}

Result<std::string> send_as_agent(const Letter& letter, const Options& options) {
  if (options.now)
    return hinted(fail(Fault::Refused, "only the user may have a text typed at once"),
                  "send it without --now: it is typed when its receiver is at its prompt");
  const Result<AgentContext> context = find_agent_context();
  if (!context) return passed_on(context);
  AgentReported report;
  report.kind = letter.acknowledges ? ReportKind::Acknowledge : ReportKind::Send;
  report.text = letter.text;
  report.to = letter.to;
  report.reply_to = letter.number;
  return say(*context, std::move(report));
}

Result<std::string> send_as_user(const Letter& letter, const Options& options) {
  const Result<RunHandle> handle = open_run();
  if (!handle) return passed_on(handle);
  UserAsked asked{options.now ? orch::Verb::SendNow : orch::Verb::Send, {}};
  asked.to = letter.to;
  asked.reply_to = letter.number;
  if (!letter.acknowledges) return ask_with_text(*handle, asked, letter.text);
  asked.verb = orch::Verb::Acknowledge;
  return app::ask_supervisor(handle->paths, handle->run.info.id, own_program(), asked);
}

int send(const Options& options) {
  const Result<Letter> letter = letter_of(options);
  if (!letter) return complain(letter.error());
  const Result<std::string> sent =
      is_in_agents_pane() ? send_as_agent(*letter, options) : send_as_user(*letter, options);
  if (!sent) return complain(sent.error());
  const std::string what = sent->empty() ? std::string("it is known") : *sent;
  print(fmt::format("{}; `tmux-orch messages` shows how far it is\n", one_line(what)));
  return status::kOk;
}

}  // namespace

const Verb kSendVerb{"send", kPeople, "tell agents something, or the user",
                     "tmux-orch send T3 'use the new parser'", begin<add_options, send>};

}  // namespace orch::cli
