// messages: who was told what, and how far it is.
#include "app/supervisor_client.hpp"
#include "cli/message_view.hpp"
#include "cli/output.hpp"
#include "cli/run_handle.hpp"
#include "cli/verbs.hpp"
#include "orch/base/text.hpp"
#include "ui/messages.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orch::cli {
namespace {

constexpr int kUsual = 50;

struct Options : JsonOptions {
  std::string with;
  int last = kUsual;
};

void add_options(OptionList& list, Options& options) {
  list.text("--with", options.with, "only those from and to this task, `user` or `tmux-orch`");
  list.number("--last", options.last, "only the last N (50)");
  add_json(list, options);
}

/// The user has read what they are shown. An agent that looks is told no.
void mark_read(const RunHandle& handle, const std::vector<PastMessage>& shown) {
  const Messages::Numbers& unread = handle.run.state.messages.open_to(Party{});
  const auto is_shown = [&shown](MessageNumber number) {
    return std::ranges::find(shown, number, &PastMessage::number) != shown.end();
  };
  if (unread.empty() || !std::ranges::all_of(unread, is_shown)) return;
  UserAsked read{orch::Verb::Read, {}};
  read.reply_to = *unread.rbegin();
  (void)app::ask_living(handle.paths, read);
}

int show_messages(const RunHandle& handle, const Options& options) {
  if (options.last < 1)
    return complain(
        Error{Fault::BadInput, "--last takes a number from 1 on", "tmux-orch messages --last 20"});
  const bool is_word = options.with == kUserWord || options.with == kSupervisorWord;
  if (!options.with.empty() && !is_word && handle.run.state.find(TaskId{options.with}) == nullptr)
    return complain(Error{Fault::NotFound,
                          fmt::format("there is no task '{}'", one_line(options.with, 80)),
                          "--with takes a task, `user` or `tmux-orch`"});
  const Result<ui::MessageView> view =
      message_view(handle.paths, handle.run.info.id, options.with, options.last);
  if (!view) return complain(view.error());
  options.json ? print_json(ui::messages_json(*view)) : print(ui::messages_text(*view));
  if (!options.json) mark_read(handle, view->messages);
  return status::kOk;
}

}  // namespace

const Verb kMessagesVerb{"messages", kPeople, "who was told what, and how far it is",
                         "tmux-orch messages --with T3", begin<add_options, show_messages>};

}  // namespace orch::cli
