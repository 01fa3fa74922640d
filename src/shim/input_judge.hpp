#pragma once
// Decides which bytes from the pane the agent gets, and when; orch/attempt/delivery.hpp is why.
#include "orch/base/time.hpp"
#include "shim/deliveries.hpp"
#include "shim/keyboard.hpp"
#include "shim/order_filter.hpp"
#include "shim/output_modes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orch::shim {

/// Bytes go in by read() and come out of take(), unchanged and in order, but for orders: these are
/// carried out or refused. While a text is being delivered, all other input waits:
///
///   Idle -> Text (until all of it is written) -> Pause (until the agent has drawn what it got and
///   printed nothing for 300 ms; 2 s at most) -> Key (until written) -> Idle
///
/// The key is Enter after a text, unless that is open, and all there is where a key was ordered.
///
/// It does no I/O of its own but by Deliveries, and is told the time.
class InputJudge {
 public:
  explicit InputJudge(Deliveries& deliveries) : deliveries_(deliveries) {}

  /// What came from the pane. `line_mode`: the agent reads lines that its terminal puts together.
  void read(std::string_view bytes, bool line_mode, Span now);

  /// What the agent prints: the modes that it sets, and that it has drawn a text.
  void read_output(std::string_view output, Span now);

  /// Time has passed; not while there is input that was not read yet.
  void advance(Span now);
  /// All that take() ever gave is in the agent's terminal.
  void all_written(Span now);
  /// When advance() wants to be called.
  std::optional<Span> next_look() const;

  /// What the agent gets now.
  std::string take();

  /// So much waits that no more should be read.
  bool is_full() const;

 private:
  enum class Stage { Idle, Text, Pause, Key };

  void handle(const OrderFilter::Piece& piece, Span now);
  std::optional<DeliveryAnswer> follow(const std::string& order, Span now);
  std::optional<DeliveryAnswer> deliver(const std::string& order);
  std::optional<DeliveryAnswer> press(const std::string& order, const std::string& key, Span now);
  std::string key_bytes(std::string_view key) const;
  std::string typed_form(std::string_view text) const;
  void end_delivery();
  bool person_is_at_it(Span now) const;
  void note_typing(Span now);

  Deliveries& deliveries_;
  OrderFilter filter_;
  Keyboard keyboard_;
  OutputModes modes_;
  bool line_mode_ = false;

  Stage stage_ = Stage::Idle;
  std::string under_way_;  // the delivery's id, unless idle
  Span enter_at_ = Span(0);
  Span written_ = Span(0);  // the text, all of it
  bool draws_ = false;      // there is something of it to draw
  bool is_open_ = false;    // no Enter follows it
  std::string out_;
  std::string waiting_;

  std::optional<Span> typed_;  // the last that was noted
  std::optional<Span> noted_;  // when that was
  bool noted_draft_ = false;   // as it was then
};

}  // namespace orch::shim
