// What a key does, by what it is for at the moment.
#include "dashboard/keys.hpp"

#include "dashboard/page.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <utility>

namespace orch::dashboard {
namespace {

constexpr std::size_t kWheelRows = 3;
constexpr std::size_t kLongestInput = 4000;

/// A place so many rows further, within what there is.
std::size_t moved(std::size_t from, std::size_t rows, bool down, std::size_t last) {
  if (!down) return from - std::min(from, rows);
  return std::min(from + rows, last);
}

void say(View& view, std::string text) {
  view.message = std::move(text);
  view.message_is_bad = true;
}

std::optional<KeyKind> motion_of(const Key& key) {
  if (key.kind != KeyKind::Text) return key.kind;
  if (key.text == "k") return KeyKind::Up;
  if (key.text == "j") return KeyKind::Down;
  if (key.text == "g") return KeyKind::Home;
  if (key.text == "G") return KeyKind::End;
  return std::nullopt;
}

/// Where a key of motion leads from `at`; nothing: it is none.
std::optional<std::size_t> target_of(const Key& key, std::size_t at, std::size_t page,
                                     std::size_t last) {
  const std::optional<KeyKind> motion = motion_of(key);
  if (!motion) return std::nullopt;
  switch (*motion) {
    case KeyKind::Up: return moved(at, 1, false, last);
    case KeyKind::Down: return moved(at, 1, true, last);
    case KeyKind::PageUp: return moved(at, page, false, last);
    case KeyKind::PageDown: return moved(at, page, true, last);
    case KeyKind::WheelUp: return moved(at, kWheelRows, false, last);
    case KeyKind::WheelDown: return moved(at, kWheelRows, true, last);
    case KeyKind::Home: return 0;
    case KeyKind::End: return last;
    case KeyKind::Text:
    case KeyKind::Enter:
    case KeyKind::Escape:
    case KeyKind::Backspace:
    case KeyKind::Tab:
    case KeyKind::Interrupt:
    case KeyKind::Clear:
    case KeyKind::Click: return std::nullopt;
  }
  return std::nullopt;
}

void select_row(const Board& board, View& view, const std::vector<std::size_t>& list,
                std::size_t row) {
  if (row < list.size()) view.selected = board.task(list[row]).id();
}

/// The wheel moves the list, and the selection only where it would leave the screen.
void scroll(const Board& board, View& view, const Frame& shown, bool down) {
  const std::vector<std::size_t> list = listed(board, view);
  const std::size_t rows = std::max<std::size_t>(1, shown.list_rows);
  view.top = moved(view.top, kWheelRows, down, list.size() - std::min(list.size(), rows));
  const std::size_t row = selected_row(board, view, list).value_or(view.top);
  select_row(board, view, list, std::clamp(row, view.top, view.top + rows - 1));
}

bool moves_in_list(const Board& board, View& view, const Frame& shown, const Key& key) {
  const bool wheel = key.kind == KeyKind::WheelUp || key.kind == KeyKind::WheelDown;
  if (wheel) {
    scroll(board, view, shown, key.kind == KeyKind::WheelDown);
    return true;
  }
  if (key.kind == KeyKind::Click) {
    if (key.row < shown.tasks.size() && !shown.tasks[key.row].value.empty())
      view.selected = shown.tasks[key.row];
    return true;
  }
  const std::vector<std::size_t> list = listed(board, view);
  if (list.empty()) return false;
  const std::size_t row = selected_row(board, view, list).value_or(0);
  const std::size_t page = std::max<std::size_t>(1, shown.list_rows);
  const std::optional<std::size_t> target = target_of(key, row, page, list.size() - 1);
  if (target) select_row(board, view, list, *target);
  return target.has_value();
}

/// The next in the order of the list, from the selected one on and around.
void select_next_need(const Board& board, View& view) {
  const std::vector<std::size_t> list = listed(board, view);
  const std::size_t from = selected_row(board, view, list).value_or(0);
  for (std::size_t step = 1; step <= list.size(); ++step) {
    const std::size_t row = (from + step) % list.size();
    if (std::ranges::find(board.needs, list[row]) != board.needs.end())
      return select_row(board, view, list, row);
  }
  say(view, "no task that is listed needs you");
}

/// The task that a request is about: of an answer, the one whose question is marked.
const TaskRecord* task_for(const Board& board, const View& view, Ask ask) {
  if (ask != Ask::Yes && ask != Ask::No) {
    // Nothing is done to what the list does not show.
    const bool is_listed = selected_row(board, view, listed(board, view)).has_value();
    return is_listed ? board.state->find(view.selected) : nullptr;
  }
  const std::optional<std::size_t> place = answered_place(board, view);
  return place ? &board.task(*place) : nullptr;
}

/// Does it end what an agent is at?
bool is_asked_about(const TaskRecord& task, Ask ask) {
  return ask == Ask::Abort || (ask == Ask::Retry && is_active(task.state));
}

Pressed ask_for(const Board& board, View view, Ask ask) {
  const TaskRecord* task = task_for(board, view, ask);
  const bool answers = ask == Ask::Yes || ask == Ask::No;
  if (task == nullptr) {
    say(view, answers ? "no agent asks anything that can be answered here" : "no task is selected");
    return {std::move(view), {}};
  }
  // Of a text it is said where it would be typed: what is typed then is no other keys.
  std::string why = ask == Ask::Send ? std::string() : why_not(*board.state, *task, ask);
  if (!why.empty()) {
    say(view, std::move(why));
    return {std::move(view), {}};
  }
  Request request{ask, task->id()};
  if (answers) request.text = board.state->agent_of(*task).turn.question;
  if (ask != Ask::Send && !is_asked_about(*task, ask)) return {std::move(view), std::move(request)};
  view.mode = ask == Ask::Send ? Mode::Message : Mode::Confirm;
  view.input.clear();
  view.asked = std::move(request);
  return {std::move(view), {}};
}

std::optional<Ask> ask_of(const Key& key) {
  if (key.kind == KeyKind::Enter) return Ask::Go;
  if (key.kind != KeyKind::Text) return std::nullopt;
  const auto* const found = std::ranges::find(kAskKeys, key.text, &AskKey::key);
  return found == std::end(kAskKeys) ? std::nullopt : std::optional(found->ask);
}

void open_page(View& view, Page page) {
  view.mode = Mode::Page;
  view.page = std::move(page);
}

Pressed leave(View view) {
  if (!view.is_home) return {std::move(view), {}, true};
  view.message = "this window shows the run as long as it is there; the menu leaves (q in it)";
  view.message_is_bad = false;
  return {std::move(view), {}};
}

/// Keys that are about the list itself and no task; false: it is another one.
bool arranges(const Board& board, View& view, const Key& key) {
  if (key.kind == KeyKind::Tab) {
    view.pane = view.pane == Pane::Events ? Pane::Details : Pane::Events;
  } else if (key.kind == KeyKind::Escape) {
    view.filter.clear();
  } else if (key.text == "/") {
    view.mode = Mode::Filter;
    view.input = view.filter;
  } else if (key.text == "o") {
    constexpr int kOrders = 4;
    view.order = static_cast<Order>((static_cast<int>(view.order) + 1) % kOrders);
    constexpr std::string_view kNames[] = {"as in the task file", "by state", "by time", "by id"};
    view.message = std::string("order: ").append(kNames[static_cast<int>(view.order)]);
    view.message_is_bad = false;
  } else if (key.text == "u") {
    select_next_need(board, view);
  } else if (key.text == "e") {
    open_page(view, {.title = "events", .is_live = true});
  } else if (key.text == "?") {
    open_page(view, {.title = "keys", .lines = help_lines(view.is_home)});
  } else {
    return false;
  }
  return true;
}

Pressed press_in_list(const Board& board, View view, const Frame& shown, const Key& key) {
  view.message.clear();
  if (key.kind == KeyKind::Interrupt || key.text == "q") return leave(std::move(view));
  if (moves_in_list(board, view, shown, key) || arranges(board, view, key))
    return {std::move(view), {}};
  const std::optional<Ask> ask = ask_of(key);
  if (!ask) return {std::move(view), {}};
  return ask_for(board, std::move(view), *ask);
}

Pressed press_in_page(View view, const Key& key, Size size) {
  if (key.kind == KeyKind::Escape || key.kind == KeyKind::Interrupt || key.text == "q") {
    view.mode = Mode::List;
    view.page = {};
    return {std::move(view), {}};
  }
  const std::size_t last = last_top(view.page, size);
  const std::size_t rows = size.rows > 2 ? size.rows - 2 : 1;
  if (const auto target = target_of(key, view.page.top, rows, last)) {
    // What is read does not move on.
    view.page.is_live = view.page.is_live && *target == last;
    view.page.top = *target;
  }
  return {std::move(view), {}};
}

/// Takes what is typed; false: it is another key.
bool types(View& view, const Key& key) {
  if (key.kind == KeyKind::Text) {
    if (view.input.size() < kLongestInput) view.input += key.text;
  } else if (key.kind == KeyKind::Backspace) {
    while (!view.input.empty() && (static_cast<unsigned char>(view.input.back()) & 0xC0u) == 0x80u)
      view.input.pop_back();
    if (!view.input.empty()) view.input.pop_back();
  } else if (key.kind == KeyKind::Clear) {
    view.input.clear();
  } else {
    return false;
  }
  return true;
}

/// The list follows what is typed.
Pressed press_in_filter(View view, const Key& key) {
  if (types(view, key)) {
    view.filter = view.input;
    return {std::move(view), {}};
  }
  const bool gives_up = key.kind == KeyKind::Escape || key.kind == KeyKind::Interrupt;
  if (gives_up) view.filter.clear();
  if (gives_up || key.kind == KeyKind::Enter) view.mode = Mode::List;
  return {std::move(view), {}};
}

Pressed press_in_message(const Board& board, View view, const Key& key) {
  const TaskRecord* task = board.state->find(view.asked.task);
  const bool can = task != nullptr && why_not(*board.state, *task, Ask::Send).empty();
  if (can && types(view, key)) return {std::move(view), {}};
  const bool sends = can && key.kind == KeyKind::Enter && !trim(view.input).empty();
  if (key.kind == KeyKind::Escape || key.kind == KeyKind::Interrupt || key.kind == KeyKind::Enter)
    view.mode = Mode::List;
  if (!sends) return {std::move(view), {}};
  Request request = view.asked;
  request.text = view.input;
  return {std::move(view), std::move(request)};
}

Pressed press_in_question(View view, const Key& key) {
  view.mode = Mode::List;
  Request request = view.asked;
  if (key.text == "y" || key.text == "Y") return {std::move(view), std::move(request)};
  view.message = "nothing was done";
  view.message_is_bad = false;
  return {std::move(view), {}};
}

}  // namespace

Pressed press(const Board& board, View view, const Frame& shown, const Key& key) {
  switch (view.mode) {
    case Mode::List: return press_in_list(board, std::move(view), shown, key);
    case Mode::Page: return press_in_page(std::move(view), key, shown.size);
    case Mode::Filter: return press_in_filter(std::move(view), key);
    case Mode::Message: return press_in_message(board, std::move(view), key);
    case Mode::Confirm: return press_in_question(std::move(view), key);
  }
  return {std::move(view), {}};
}

}  // namespace orch::dashboard
