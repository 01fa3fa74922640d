#pragma once
// Takes the orders to deliver out of the bytes that come from the pane.
#include "orch/base/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::shim {

/// An order may come in pieces, and between the signs of a bracketed paste, which go with it. All
/// else is passed on as it is: at once, but for what may be the beginning of an order. That waits
/// for the rest, though not for long, as a person may have pressed Escape.
///
/// What had to be passed on is not forgotten: an order whose first bytes came late (a terminal that
/// was stuck) is still taken out, from where it went on.
class OrderFilter {
 public:
  /// Either bytes for the agent or the id of an order, in the order in which they came.
  struct Piece {
    std::string bytes;
    std::string order;

    bool operator==(const Piece&) const = default;
  };

  std::vector<Piece> read(std::string_view bytes, Span now);
  /// What has waited for long enough.
  std::vector<Piece> advance(Span now);
  /// When advance() has something to do.
  std::optional<Span> next_look() const;

 private:
  void match(std::vector<Piece>& into);
  void match_order(std::vector<Piece>& into);
  void take_order(std::size_t from, std::vector<Piece>& into);
  void pass(std::size_t count, std::vector<Piece>& into);

  std::string held_;        // what may become an order
  std::size_t passed_ = 0;  // so many bytes of it are with the agent already
  bool sign_held_ = false;  // the sign that begins a paste was taken out, and the order after it
  Span last_byte_ = Span(0);
};

}  // namespace orch::shim
