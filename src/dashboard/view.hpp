#pragma once
// What the user has chosen of the board: what is listed in which order, what is selected, and what
// is asked or shown instead of the list.
#include "dashboard/board.hpp"
#include "dashboard/request.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orch::dashboard {

struct Size {
  std::size_t columns = 80;
  std::size_t rows = 24;

  bool operator==(const Size&) const = default;
};

inline constexpr Size kLeastSize{40, 10};

enum class Order : std::uint8_t { File, State, Elapsed, Id };

/// What the keys are for at this moment.
enum class Mode : std::uint8_t {
  List,
  Page,     ///< a text over all of the screen
  Filter,   ///< `input` is what the list is filtered by
  Message,  ///< `input` is a text for the selected task
  Confirm,  ///< `asked` is carried out if the user says yes
};

/// What the pane under the list shows.
enum class Pane : std::uint8_t { Events, Details };

struct Page {
  std::string title;
  std::vector<std::string> lines;  ///< untrusted texts
  std::size_t top = 0;
  bool is_diff = false;  ///< lines that begin with + and - are coloured
  bool is_live = false;  ///< the events: it is filled anew, and stays at its end
};

struct View {
  Mode mode = Mode::List;
  Order order = Order::File;
  Pane pane = Pane::Events;
  TaskId selected;
  std::size_t top = 0;  ///< the first row of the list that is shown
  std::string filter;
  std::string input;
  Request asked;
  Page page;
  std::string message;  ///< the line at the bottom: an answer, or why something cannot be done
  bool message_is_bad = false;
  bool is_home = false;  ///< it is window 0 of the run, which nobody leaves
};

/// The places of the tasks that are listed, in the order chosen.
std::vector<std::size_t> listed(const Board& board, const View& view);

/// Where the selected task is among those; nothing: none is selected.
std::optional<std::size_t> selected_row(const Board& board, const View& view,
                                        const std::vector<std::size_t>& list);

/// The place of the task whose question `y` and `n` answer: the selected one if it asks, else the
/// first that does; nothing: none asks.
std::optional<std::size_t> answered_place(const Board& board, const View& view);

}  // namespace orch::dashboard
