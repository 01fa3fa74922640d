// Order, answer, and a look whether the turn has begun.
#include "app/deliveries.hpp"

#include "agents/marker_lines.hpp"
#include "agents/policy.hpp"
#include "agents/reminder.hpp"
#include "agents/screen/dialog.hpp"
#include "agents/screen/prompt_box.hpp"
#include "app/agent_files.hpp"
#include "app/executor.hpp"
#include "app/pane_watch.hpp"
#include "app/reminders.hpp"
#include "app/tmux_host.hpp"
#include "loop/loop.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "tmuxctl/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace orch::app {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// The shim answers when it has pressed Enter, 300 ms after the last byte was taken.
constexpr Span kAnswerTimeout = 10s;
constexpr Span kLook = 100ms;
constexpr Span kStartTimeout = 3s;
constexpr Span kShortTurn = 1500ms;
constexpr Span kMarkTimeout = 10s;
constexpr int kEnters = 3;
constexpr Span kScreenTimeout = 10s;
// A turn that is ended may have a tool to stop first.
constexpr Span kEndOfTurn = 10s;
// What a program puts back into its prompt is there a moment after the turn is over.
constexpr Span kPutBack = 1500ms;

TextPutOff put_off(shim::DeliveryAnswer answer) {
  return {answer == shim::DeliveryAnswer::Typing ? "a person is typing in its window"
                                                 : "another text is being typed"};
}

TextUncertain uncertain() {
  return {"its window ended, or did not say in time that all of it was typed"};
}

TextUncertain left_open() {
  return {
      "its agent may have come to ask something, so Enter was not pressed; it may stand at its "
      "prompt"};
}

bool takes_text(ScreenState state, bool busy_too) {
  return state == ScreenState::Idle || state == ScreenState::Error ||
         (busy_too && state == ScreenState::Busy);
}

/// The id of a further order of the same delivery or answer, the same one after a restart.
std::string part_of(std::string_view whole, int part) {
  const std::string name = fmt::format("{}/{}", whole, part);
  return hex(fnv1a(name)) + hex(fnv1a(name, fnv1a("part")));
}

/// The id of a key that is pressed for an answer.
std::string step_of(const AnswerQuestion& effect, int step) {
  const std::string of = attempt_key(effect.task, effect.attempt);
  return part_of(fmt::format("{}/{}", of, effect.number), step);
}

Failure no_server() {
  return fail(Fault::Busy, "there is no tmux server at the moment");
}

/// Made once before its first key is pressed, with what was on the screen.
Status record_answer(const fs::path& attempt, const AnswerQuestion& effect, const Screen& screen) {
  const fs::path folder = attempt / shim::kDeliveriesFolder;
  if (Status made = make_folders(folder, 0700); !made) return made;
  const fs::path record = folder / fmt::format("answer-{}", effect.number);
  std::error_code ec;
  if (fs::exists(record, ec)) {
    return fail(Fault::Conflict,
                "it may have been answered before the supervisor was started again");
  }
  const std::string by = effect.by.empty() ? "you" : effect.by;
  return write_file(
      record,
      fmt::format("{} {} by {}\n{}\n", effect.question, effect.option, by, join(screen.rows, "\n")),
      0600, true);
}

}  // namespace

Deliveries::Deliveries(loop::Loop& loop, TmuxHost& tmux, PaneWatch& panes,
                       const RunContext& context, std::function<std::string()> digest)
    : loop_(loop), tmux_(tmux), panes_(panes), context_(context), digest_(std::move(digest)) {}

loop::Job<bool> Deliveries::pause(Span time) {
  const auto wake = pauses_.emplace(pauses_.end(), loop_);
  const bool told = co_await wake->wait(time);
  pauses_.erase(wake);
  co_return told;
}

/// What a rule answers has to be a permission for what the rule was applied to: the id of a
/// question leaves out what moves on a screen by itself. A person has seen what they answer.
bool Deliveries::still_asks_for(const AnswerQuestion& effect, const PaneWatch::Seen& seen,
                                const Dialog& dialog) const {
  if (!effect.subject.is_sure()) return true;
  const auto profile = context_.config.agents.find(effect.agent);
  return profile != context_.config.agents.end() && seen.reading.state == ScreenState::Permission &&
         asks_for(dialog, profile->second, effect.subject);
}

std::string Deliveries::text_of(const TypeText& effect) const {
  if (effect.kind == MessageKind::Prompt) {
    const std::string prompt = prompt_of(context_.run.attempt(effect.task, effect.attempt));
    return prompt.empty() ? "Continue." : prompt;
  }
  if (effect.kind == MessageKind::Digest) return digest_ ? digest_() : std::string();
  if (effect.kind != MessageKind::Reminder) return effect.text;
  const auto profile = context_.config.agents.find(effect.agent);
  return reminder_text(profile == context_.config.agents.end() ? AgentProfile() : profile->second);
}

loop::Job<TypeText::Ends> Deliveries::type(const TypeText& effect) {
  std::optional<TypeText::Ends> in_the_way = co_await hand_over(effect);
  if (in_the_way) co_return std::move(*in_the_way);
  if (effect.now) {
    const bool sent = co_await send_off(effect);
    if (!sent) co_return left_open();
  }
  co_return TextTyped{co_await await_start(effect)};
}

loop::Job<std::optional<TypeText::Ends>> Deliveries::hand_over(const TypeText& effect) {
  const fs::path attempt = context_.run.attempt(effect.task, effect.attempt);
  std::error_code ec;
  if (fs::exists(shim::delivery_record(attempt, effect.message), ec)) {
    // It was being typed when the supervisor ended.
    const Result<shim::DeliveryAnswer> answer = co_await await_answer(attempt, effect.message);
    if (!answer || *answer != shim::DeliveryAnswer::Passed) co_return uncertain();
    co_return std::nullopt;
  }
  const std::string text = without_markers(text_of(effect));
  const std::string key = attempt_key(effect.task, effect.attempt);
  const std::optional<PaneWatch::Seen> seen = co_await panes_.see(key, effect.agent);
  if (!seen) co_return TextPutOff{"its screen cannot be read at the moment"};
  if (!takes_text(seen->reading.state, effect.now))
    co_return TextPutOff{fmt::format("its screen shows: {}", to_text(seen->reading.state))};
  if (has_draft(seen->screen))
    co_return TextPutOff{"a text that was not sent stands at its prompt"};
  const bool reminds = effect.kind == MessageKind::Reminder;
  if (reminds && !take_reminder(attempt, effect.message))
    co_return NotDone{.why = "its hook has told it so already"};
  const Result<shim::DeliveryAnswer> answer =
      co_await have_typed(attempt, effect.message, seen->pane, text, effect.now);
  if (!answer && answer.error().fault == Fault::TimedOut) co_return uncertain();
  if (!answer) co_return not_done(answer.error());
  if (*answer == shim::DeliveryAnswer::Missing)
    co_return NotDone{.why = "its terminal does not take this text"};
  if (*answer != shim::DeliveryAnswer::Passed) co_return put_off(*answer);
  co_return std::nullopt;
}

loop::Job<Result<shim::DeliveryAnswer>> Deliveries::have_typed(fs::path attempt, std::string id,
                                                               tmuxctl::PaneId pane,
                                                               std::string text, bool open) {
  const fs::path mark = shim::delivery_open(attempt, id);
  std::error_code ec;
  fs::remove(mark, ec);  // of an order that was refused while the agent worked
  if (open) {
    if (Status made = make_folders(mark.parent_path(), 0700); !made) co_return passed_on(made);
    if (Status marked = write_file(mark, "", 0600); !marked) co_return passed_on(marked);
  }
  const fs::path file = shim::delivery_text(attempt, id);
  co_return co_await order(attempt, id, pane, file, text);
}

loop::Job<Result<shim::DeliveryAnswer>> Deliveries::have_pressed(fs::path attempt, std::string id,
                                                                 tmuxctl::PaneId pane,
                                                                 std::string key) {
  const fs::path file = shim::delivery_key(attempt, id);
  co_return co_await order(attempt, id, pane, file, key);
}

/// The server may be another one, or none, after every wait.
loop::Job<Result<shim::DeliveryAnswer>> Deliveries::order(fs::path attempt, std::string id,
                                                          tmuxctl::PaneId pane, fs::path file,
                                                          std::string content) {
  if (Status made = make_folders(attempt / shim::kDeliveriesFolder, 0700); !made)
    co_return passed_on(made);
  // Not synced: after a restart of the machine there is no window that could take it.
  if (Status written = write_file(file, content, 0600); !written) co_return passed_on(written);
  std::error_code ec;
  fs::remove(shim::delivery_answer(attempt, id), ec);
  const fs::path order = attempt / shim::kDeliveriesFolder / (id + ".order");
  if (Status written = write_file(order, shim::delivery_order(id), 0600); !written)
    co_return passed_on(written);
  const std::string buffer = "orch-" + id;
  tmuxctl::Server* server = tmux_.connected();
  if (server == nullptr) co_return no_server();
  const std::string path = order.string();
  if (Status loaded = co_await server->load_buffer(buffer, path); !loaded)
    co_return passed_on(loaded);
  server = tmux_.connected();
  if (server == nullptr) co_return no_server();
  if (Status pasted = co_await server->paste(pane, buffer); !pasted) co_return passed_on(pasted);
  co_return co_await await_answer(attempt, id);
}

loop::Job<Result<shim::DeliveryAnswer>> Deliveries::await_answer(fs::path attempt, std::string id) {
  const std::int64_t deadline = loop::Loop::boottime_ms() + kAnswerTimeout.count();
  while (loop::Loop::boottime_ms() < deadline) {
    Result<shim::DeliveryAnswer> answer = shim::read_answer(attempt, id);
    if (answer || answer.error().fault != Fault::NotFound) co_return answer;
    (void)co_await pause(kLook);
  }
  co_return fail(Fault::TimedOut, "its window did not say that it took the text");
}

/// Presses Enter behind a text that was typed while the agent works; false: its screen does not
/// show that it is the text that takes it.
loop::Job<bool> Deliveries::send_off(const TypeText& effect) {
  const std::string key = attempt_key(effect.task, effect.attempt);
  const fs::path attempt = context_.run.attempt(effect.task, effect.attempt);
  const std::string id = part_of(effect.message, 0);
  const std::string enter = "Enter";
  const std::int64_t deadline = loop::Loop::boottime_ms() + kStartTimeout.count();
  while (loop::Loop::boottime_ms() < deadline) {
    const std::optional<PaneWatch::Seen> seen = co_await panes_.see(key, effect.agent);
    if (seen && takes_text(seen->reading.state, true)) {
      const Result<shim::DeliveryAnswer> pressed =
          co_await have_pressed(attempt, id, seen->pane, enter);
      const bool passed = pressed && *pressed == shim::DeliveryAnswer::Passed;
      co_return passed;
    }
    (void)co_await pause(kLook);
  }
  co_return false;
}

/// True: a turn has begun. Enter is pressed again only while the box still holds the text.
loop::Job<bool> Deliveries::await_start(const TypeText& effect) {
  const std::string text = without_markers(text_of(effect));
  const std::string key = attempt_key(effect.task, effect.attempt);
  const fs::path attempt = context_.run.attempt(effect.task, effect.attempt);
  for (int enters = 1; enters <= kEnters; ++enters) {
    const std::int64_t begin = loop::Loop::boottime_ms();
    std::optional<tmuxctl::PaneId> held;
    for (std::int64_t now = begin; now - begin < kStartTimeout.count();
         now = loop::Loop::boottime_ms()) {
      (void)co_await pause(kLook);
      const std::optional<PaneWatch::Seen> seen = co_await panes_.see(key, effect.agent);
      if (!seen) co_return false;
      // One that works already has not begun by that.
      if (!takes_text(seen->reading.state, effect.now)) co_return true;
      held = box_holds(seen->screen, text) ? std::optional(seen->pane) : std::nullopt;
      // A turn that is over before it can be seen.
      if (!held && now - begin >= kShortTurn.count()) co_return false;
    }
    if (!held || enters == kEnters) co_return false;
    // A text of nothing but Enter, so that it is refused as any other while a person is typing.
    const std::string id = part_of(effect.message, enters);
    const std::string enter = "\n";
    const Result<shim::DeliveryAnswer> pressed = co_await have_typed(attempt, id, *held, enter);
    if (!pressed || *pressed != shim::DeliveryAnswer::Passed) co_return false;
  }
  co_return false;
}

// What stands on the screen is looked at, not what stood there: two questions may be the same, so a
// key that may have been pressed before a kill is not pressed again.
loop::Job<AnswerQuestion::Ends> Deliveries::answer(const AnswerQuestion& effect) {
  const std::string key = attempt_key(effect.task, effect.attempt);
  const std::optional<PaneWatch::Seen> seen = co_await panes_.see(key, effect.agent);
  const std::optional<Dialog> dialog = seen ? dialog_of(seen->screen) : std::nullopt;
  if (!dialog || dialog->id != effect.question)
    co_return NotDone{.why = "its screen shows something else by now"};
  if (!still_asks_for(effect, *seen, *dialog))
    co_return NotDone{.why = "its screen does not ask for exactly that any more"};
  const DialogOption* option = dialog->answered_by(effect.option);
  if (option == nullptr) co_return NotDone{.why = dialog->no_option(effect.option)};
  const fs::path attempt = context_.run.attempt(effect.task, effect.attempt);
  if (const Status first = record_answer(attempt, effect, seen->screen); !first)
    co_return NotDone{.why = first.error().what};
  const std::string label = option->label;
  std::string pressed_key = option->key;
  if (pressed_key.empty()) {
    if (const Status marked = co_await mark(effect, label); !marked)
      co_return NotDone{.why = marked.error().what};
    pressed_key = "Enter";
  }
  const std::string id = step_of(effect, 0);
  const Status pressed = co_await press(attempt, id, seen->pane, pressed_key);
  if (!pressed) co_return NotDone{.why = pressed.error().what};
  const std::int64_t deadline = loop::Loop::boottime_ms() + kStartTimeout.count();
  while (loop::Loop::boottime_ms() < deadline) {
    (void)co_await pause(kLook);
    const std::optional<PaneWatch::Seen> now = co_await panes_.see(key, effect.agent);
    const std::optional<Dialog> shown = now ? dialog_of(now->screen) : std::nullopt;
    if (!shown || shown->id != effect.question) co_return QuestionAnswered{label, dialog->text};
  }
  co_return NotDone{
      .why = fmt::format("'{}' was pressed, and the question is still there", pressed_key)};
}

loop::Job<InterruptTurn::Ends> Deliveries::interrupt(const InterruptTurn& effect) {
  const std::string key = attempt_key(effect.task, effect.attempt);
  const fs::path attempt = context_.run.attempt(effect.task, effect.attempt);
  const std::string id = part_of(key + "/interrupt", effect.number);
  const auto profile = context_.config.agents.find(effect.agent);
  std::optional<PaneWatch::Seen> seen = co_await panes_.see(key, effect.agent);
  // One that was under way is tried as soon as the next supervisor lives.
  const std::int64_t patience = loop::Loop::boottime_ms() + kScreenTimeout.count();
  while (!seen && loop::Loop::boottime_ms() < patience) {
    (void)co_await pause(kLook);
    seen = co_await panes_.see(key, effect.agent);
  }
  if (!seen || profile == context_.config.agents.end())
    co_return NotDone{.why = "its screen cannot be read at the moment", .transient = true};
  std::error_code ec;
  const bool is_begun = fs::exists(shim::delivery_record(attempt, part_of(id, 0)), ec);
  if (!is_begun) {
    const ScreenState state = seen->reading.state;
    if (takes_text(state, false)) co_return TurnEnded{};
    if (state != ScreenState::Busy && state != ScreenState::Retrying)
      co_return NotDone{.why = fmt::format("its screen shows: {}", to_text(state))};
    // Afterwards nobody could tell it from what the program puts back.
    if (has_draft(seen->screen))
      co_return NotDone{.why = "a text that was not sent stands at its prompt"};
  }
  int step = 0;
  for (const std::string& one : profile->second.interrupt_keys) {
    const Status pressed = co_await press(attempt, part_of(id, step++), seen->pane, one);
    if (!pressed) co_return NotDone{.why = pressed.error().what};
  }
  const std::int64_t deadline = loop::Loop::boottime_ms() + kEndOfTurn.count();
  std::optional<std::int64_t> over;
  while (loop::Loop::boottime_ms() < deadline) {
    (void)co_await pause(kLook);
    const std::optional<PaneWatch::Seen> now = co_await panes_.see(key, effect.agent);
    if (!now || !takes_text(now->reading.state, false)) continue;
    const bool is_put_back = has_draft(now->screen);
    if (!is_put_back) {
      if (!over) over = loop::Loop::boottime_ms();
      if (loop::Loop::boottime_ms() - *over >= kPutBack.count()) co_return TurnEnded{};
      continue;
    }
    if (effect.resend) {
      const std::string enter = "Enter";
      const Status sent = co_await press(attempt, part_of(id, step), now->pane, enter);
      if (!sent) co_return NotDone{.why = sent.error().what};
    }
    co_return TurnEnded{.put_back = true};
  }
  co_return NotDone{.why = "it goes on after the keys that end a turn"};
}

/// Once, by its id.
loop::Job<Status> Deliveries::press(fs::path attempt, std::string id, tmuxctl::PaneId pane,
                                    std::string key) {
  const Result<shim::DeliveryAnswer> pressed = co_await have_pressed(attempt, id, pane, key);
  if (!pressed) co_return passed_on(pressed);
  if (*pressed == shim::DeliveryAnswer::Missing)
    co_return fail(Fault::Refused, "its terminal does not take this key");
  if (*pressed != shim::DeliveryAnswer::Passed)
    co_return fail(Fault::Busy, "{}", put_off(*pressed).why);
  co_return Status();
}

/// Moves the pointer to the option, one row at a time. Each time the screen has to show that it
/// went there, and in the end that it stands at the option: Enter would take any other one as well.
loop::Job<Status> Deliveries::mark(const AnswerQuestion& effect, std::string label) {
  const std::string key = attempt_key(effect.task, effect.attempt);
  const fs::path attempt = context_.run.attempt(effect.task, effect.attempt);
  std::optional<std::size_t> due;  // where it has to be by now
  const std::int64_t deadline = loop::Loop::boottime_ms() + kMarkTimeout.count();
  for (int step = 1; loop::Loop::boottime_ms() < deadline;) {
    const std::optional<PaneWatch::Seen> seen = co_await panes_.see(key, effect.agent);
    const std::optional<Dialog> dialog = seen ? dialog_of(seen->screen) : std::nullopt;
    const bool is_same = dialog && dialog->id == effect.question;
    if (!is_same || !still_asks_for(effect, *seen, *dialog))
      co_return fail(Fault::Conflict, "its screen shows something else by now");
    const std::optional<std::size_t> now = dialog->marked();
    const std::optional<std::size_t> wanted = dialog->place_of(label);
    if (!wanted) co_return fail(Fault::NotFound, "no option is '{}' any more", label);
    if (now && (!due || *now == *due)) {
      if (*now == *wanted) co_return Status();
      due = *now < *wanted ? *now + 1 : *now - 1;
      const std::string arrow = *now < *wanted ? "Down" : "Up";
      const std::string id = step_of(effect, step++);
      const Status pressed = co_await press(attempt, id, seen->pane, arrow);
      if (!pressed) co_return pressed;
    }
    (void)co_await pause(kLook);
  }
  co_return fail(Fault::TimedOut, "the pointer does not go to '{}'", label);
}

}  // namespace orch::app
