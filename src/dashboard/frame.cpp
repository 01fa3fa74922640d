// Puts the parts of the screen together.
#include "dashboard/frame.hpp"

#include "dashboard/layout.hpp"
#include "dashboard/list_lines.hpp"
#include "dashboard/page.hpp"
#include "orch/base/text.hpp"
#include "orch/base/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::dashboard {
namespace {

/// The lines of a frame as they are added, from above.
class Canvas {
 public:
  explicit Canvas(Size size) { frame_.size = size; }

  void add_line(Line line, TaskId task = {}) {
    if (frame_.lines.size() == frame_.size.rows) return;
    frame_.lines.push_back(std::move(line));
    frame_.tasks.push_back(std::move(task));
  }

  /// Empty lines up to that row.
  void fill_to(std::size_t row) {
    while (frame_.lines.size() < std::min(row, frame_.size.rows))
      add_line({});
  }

  std::size_t columns() const { return frame_.size.columns; }

  std::size_t rows() const { return frame_.size.rows; }

  std::size_t row() const { return frame_.lines.size(); }

  Frame& frame() { return frame_; }

 private:
  Frame frame_;
};

std::vector<std::string> notice_lines(const Board& board, std::size_t columns) {
  std::vector<std::string> lines;
  for (const std::string& notice : board.notices)
    for (std::string& line : wrapped(notice, columns, 2))
      lines.push_back(std::move(line));
  return lines;
}

/// What the pane shows.
struct PaneText {
  std::string title;
  std::vector<std::string> lines;
  /// From there on it is shown where not all of it fits; past the lines: its end is.
  std::size_t first = 0;
};

PaneText pane_text(const Board& board, const View& view, const Moment& moment) {
  const TaskRecord* task = board.state->find(view.selected);
  if (view.pane == Pane::Details && task != nullptr)
    return {"details", details_of(board, moment, board.state->tasks.place_of(*task))};
  return {"events", all_events(board), board.sight.events.size()};
}

Layout layout_for(const Board& board, const PaneText& pane, Size size, std::size_t tasks) {
  constexpr std::size_t kUsualPane = 10;
  Wanted wanted;
  wanted.notices = notice_lines(board, size.columns).size();
  wanted.needs = board.needs.size();
  wanted.list = tasks;
  wanted.pane = pane.lines.size() + 1;
  const std::size_t usual = std::min(kUsualPane, size.rows / 4);
  // The details, and the end of a run, are to be read from their beginning.
  const std::size_t whole = pane.lines.size() - pane.first + 1;
  wanted.pane_least = std::min(wanted.pane, std::max(usual, whole));
  return layout_of(size.rows, wanted);
}

void add_header(Canvas& canvas, const Board& board, const Moment& moment, std::size_t rows) {
  const double part =
      board.total == 0 ? 0 : static_cast<double>(board.merged) / static_cast<double>(board.total);
  const bool over = !board.sight.summary.empty();
  const RunRecord& run = board.state->run;
  if (rows > 1) {
    std::string time = elapsed_text((over ? run.ended : moment.now) - run.started);
    if (const std::optional<Span> left = time_left(board, moment.now))
      time += fmt::format(", about {} left", elapsed_text(*left));
    const std::size_t width = canvas.columns() - std::min(canvas.columns(), time.size() + 1);
    Line line;
    add_cell(line, fmt::format("{} on {}", board.sight.run, run.rules.base), width, kBold);
    add(line, " ");
    add(line, time, kDim);
    canvas.add_line(std::move(line));
  }
  constexpr std::size_t kBar = 12;
  Line line;
  add(line, bar_text(part, kBar), {.ink = Ink::Green});
  add(line, " ");
  add_cell(line, board.headline, canvas.columns() - kBar - 1);
  canvas.add_line(std::move(line));
}

void add_needs(Canvas& canvas, const Board& board, const View& view, std::size_t rows) {
  const std::optional<std::size_t> answered = answered_place(board, view);
  for (std::size_t at = 0; at < std::min(rows, board.needs.size()); ++at) {
    const std::size_t place = board.needs[at];
    const std::size_t more = board.needs.size() - rows;
    Line line;
    if (at + 1 == rows && board.needs.size() > rows) {
      add_cell(line, fmt::format("! {} more need you: u goes through them", more + 1),
               canvas.columns(), kCalls);
      return canvas.add_line(std::move(line));
    }
    const TaskId& id = board.task(place).id();
    // Before what an agent says, which may look alike.
    const std::string head = fmt::format("! {} ", one_line(id.value, 24));
    add_cell(line, head, display_width(head), {.ink = Ink::Yellow});
    if (answered == place) add(line, "(y/n) ", kCalls);
    add_cell(line, need_of(board, place), canvas.columns() - width_of(line), {.ink = Ink::Yellow});
    canvas.add_line(std::move(line), id);
  }
}

void add_list(Canvas& canvas, const Board& board, const View& view, const Moment& moment,
              const std::vector<std::size_t>& list, std::size_t rows) {
  const Columns columns = columns_of(board, canvas.columns());
  canvas.add_line(names_line(columns));
  const std::size_t end = canvas.row() + rows;
  for (std::size_t at = view.top; at < list.size() && at < view.top + rows; ++at) {
    const Row row = row_of(board, moment, list[at]);
    canvas.add_line(row_line(row, columns, row.id == view.selected), row.id);
  }
  if (list.empty()) {
    Line line;
    const std::string why =
        view.filter.empty() ? "there are no tasks" : "no task has '" + view.filter + "' in it";
    add_cell(line, why, canvas.columns(), kDim);
    canvas.add_line(std::move(line));
  }
  canvas.fill_to(end);
  canvas.frame().list_rows = rows;
}

void add_pane(Canvas& canvas, const PaneText& pane, std::size_t rows) {
  if (rows == 0) return;
  const std::size_t columns = canvas.columns();
  std::string title = fmt::format("-- {} ", pane.title);
  title.append(columns - std::min(columns, title.size()), '-');
  canvas.add_line({{std::move(title), kDim}});
  const std::size_t end = first_of_end(pane.lines, columns, rows - 1);
  for (Line& line : lines_from(pane.lines, std::min(end, pane.first), columns, rows - 1))
    canvas.add_line(std::move(line));
}

/// A line of what is typed, whose end is shown where all of it does not fit.
void add_input(Canvas& canvas, const std::string& label, const std::string& input) {
  Line line;
  add(line, label, kBold);
  const std::size_t left = canvas.columns() - std::min(canvas.columns(), width_of(line) + 1);
  std::string shown = one_line(input);
  while (display_width(shown) > left) {
    std::size_t next = 1;
    while (next < shown.size() && (static_cast<unsigned char>(shown[next]) & 0xC0u) == 0x80u)
      ++next;
    shown.erase(0, next);
  }
  add(line, shown);
  canvas.frame().cursor = width_of(line);
  canvas.add_line(std::move(line));
}

void add_keys(Canvas& canvas, const Board& board, const View& view) {
  constexpr std::string_view kHelp = "? help";
  Line line;
  const std::size_t room = canvas.columns() - kHelp.size();
  const auto fits = [&](std::size_t more) { return width_of(line) + more <= room; };
  const TaskRecord* task = board.state->find(view.selected);
  const bool has_question = answered_place(board, view).has_value();
  for (const AskKey& ask : kAskKeys) {
    if (!fits(ask.key.size() + ask.name.size() + 3)) break;
    const bool answers = ask.ask == Ask::Yes || ask.ask == Ask::No;
    const bool can =
        answers ? has_question : task != nullptr && why_not(*board.state, *task, ask.ask).empty();
    add(line, ask.key, can ? kBold : kDim);
    add(line, fmt::format(" {}  ", ask.name), can ? Style{} : kDim);
  }
  for (const std::string_view more : {"u next", "/ filter", "o order", "tab pane", "e events"}) {
    if (fits(more.size() + 2)) add(line, fmt::format("{}  ", more));
  }
  add(line, kHelp);
  canvas.add_line(std::move(line));
}

/// The question is whole wherever there is room for it; the title goes first.
std::string confirmation(const Board& board, const Request& asked, std::size_t columns) {
  const TaskRecord* task = board.state->find(asked.task);
  const std::string title = task == nullptr ? "" : one_line(task->plan.spec.title, 40);
  const std::string_view verb = asked.ask == Ask::Retry ? "end and retry" : "abort";
  const std::string what = fmt::format("{} {}", verb, one_line(asked.task.value, 20));
  const std::string whole = fmt::format("{} ({})? its work is saved (y/n) ", what, title);
  const std::string brief = fmt::format("{}? work is saved (y/n) ", what);
  return display_width(whole) <= columns ? whole : brief;
}

void add_bottom(Canvas& canvas, const Board& board, const View& view) {
  canvas.fill_to(canvas.rows() - 1);
  if (view.mode == Mode::Filter) return add_input(canvas, "filter: ", view.input);
  Line line;
  if (view.mode == Mode::Message) {
    const TaskRecord* task = board.state->find(view.asked.task);
    const std::string why = task == nullptr ? "" : why_not(*board.state, *task, Ask::Send);
    if (why.empty())
      return add_input(canvas, fmt::format("to {}: ", one_line(view.asked.task.value, 24)),
                       view.input);
    add_cell(line, why + " (escape)", canvas.columns(), {.ink = Ink::Red, .bold = true});
    return canvas.add_line(std::move(line));
  }
  if (view.mode == Mode::Confirm) {
    add_cell(line, confirmation(board, view.asked, canvas.columns()), canvas.columns(), kCalls);
    return canvas.add_line(std::move(line));
  }
  if (view.message.empty()) return add_keys(canvas, board, view);
  const Style style{.ink = view.message_is_bad ? Ink::Red : Ink::Default, .bold = true};
  add_cell(line, view.message, canvas.columns(), style);
  canvas.add_line(std::move(line));
}

Frame page_frame(const View& view, Size size) {
  Canvas canvas(size);
  const Page& page = view.page;
  Line title;
  add_cell(title, page.title, size.columns, kBold);
  canvas.add_line(std::move(title));
  for (Line& line : lines_from(page.lines, page.top, size.columns, size.rows - 2, page.is_diff))
    canvas.add_line(std::move(line));
  canvas.fill_to(size.rows - 1);
  Line bottom;
  const std::size_t from = page.lines.empty() ? 0 : page.top + 1;
  add_cell(bottom,
           fmt::format("q back  up, down, page up, page down, home, end  (from line {} of {})",
                       from, page.lines.size()),
           size.columns, kDim);
  canvas.add_line(std::move(bottom));
  return std::move(canvas.frame());
}

Frame too_small(Size size) {
  Canvas canvas(size);
  const std::string text =
      fmt::format("at least {}x{} are needed", kLeastSize.columns, kLeastSize.rows);
  for (const std::string& piece : wrapped(text, std::max<std::size_t>(1, size.columns), 0)) {
    Line line;
    add(line, piece);
    canvas.add_line(std::move(line));
  }
  canvas.fill_to(size.rows);
  return std::move(canvas.frame());
}

bool is_too_small(Size size) {
  return size.columns < kLeastSize.columns || size.rows < kLeastSize.rows;
}

}  // namespace

std::vector<std::string> all_events(const Board& board) {
  std::vector<std::string> lines = board.sight.events;
  lines.insert(lines.end(), board.sight.summary.begin(), board.sight.summary.end());
  return lines;
}

std::size_t last_top(const Page& page, Size size) {
  const std::size_t rows = size.rows > 2 ? size.rows - 2 : 1;
  return first_of_end(page.lines, std::max<std::size_t>(1, size.columns), rows);
}

View settled(View view, const Board& board, const Moment& moment, Size size) {
  if (view.mode == Mode::Page) {
    if (view.page.is_live) view.page.lines = all_events(board);
    const std::size_t last = last_top(view.page, size);
    view.page.top = view.page.is_live ? last : std::min(view.page.top, last);
  }
  const std::vector<std::size_t> list = listed(board, view);
  if (list.empty()) {
    view.top = 0;
    return view;
  }
  std::optional<std::size_t> row = selected_row(board, view, list);
  if (!row) {
    row = std::min(view.top, list.size() - 1);
    view.selected = board.task(list[*row]).id();
  }
  const PaneText pane = pane_text(board, view, moment);
  const std::size_t rows = layout_for(board, pane, size, list.size()).list;
  const std::size_t most = list.size() - std::min(list.size(), rows);
  view.top = std::min({view.top, *row, most});
  if (*row >= view.top + rows) view.top = *row - rows + 1;
  return view;
}

Frame frame_of(const Board& board, const View& view, const Moment& moment, Size size) {
  if (is_too_small(size)) return too_small(size);
  if (view.mode == Mode::Page) return page_frame(view, size);
  const std::vector<std::size_t> list = listed(board, view);
  const PaneText pane = pane_text(board, view, moment);
  const Layout layout = layout_for(board, pane, size, list.size());
  Canvas canvas(size);
  add_header(canvas, board, moment, layout.header);
  const std::vector<std::string> notices = notice_lines(board, size.columns);
  for (std::size_t at = 0; at < layout.notices; ++at) {
    Line line;
    add(line, notices[at], {.ink = board.sight.supervisor_alive ? Ink::Default : Ink::Red});
    canvas.add_line(std::move(line));
  }
  add_needs(canvas, board, view, layout.needs);
  add_list(canvas, board, view, moment, list, layout.list);
  add_pane(canvas, pane, layout.pane);
  add_bottom(canvas, board, view);
  return std::move(canvas.frame());
}

}  // namespace orch::dashboard
