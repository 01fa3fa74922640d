// Follows orders, or says why not.
#include "shim/input_judge.hpp"

#include "orch/base/failpoint.hpp"
#include "shim/paste.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace orch::shim {
namespace {

constexpr std::size_t kWaitingBound = 64u << 10;
// Some agents take an Enter within 50 ms of a text for a part of it, and none after 300 ms.
constexpr Span kPause = std::chrono::milliseconds(300);
// A long text takes a busy agent longer than that: an Enter that comes before it is drawn was seen
// to submit the placeholder that stands for the text.
constexpr Span kLongestPause = std::chrono::seconds(2);
constexpr Span kPersonQuiet = std::chrono::seconds(10);
// Whoever approves a question may have looked at it in its window; only a key at this moment could
// be another answer to it.
constexpr Span kKeyQuiet = std::chrono::seconds(1);
constexpr Span kNoteEach = std::chrono::seconds(1);
// Of one line, in bytes; the terminal throws away what comes after them.
constexpr std::size_t kLongestLine = 4095;

bool fits_line_mode(std::string_view typed) {
  while (!typed.empty()) {
    const std::size_t end = std::min(typed.find('\r'), typed.size());
    if (end > kLongestLine) return false;
    typed.remove_prefix(std::min(end + 1, typed.size()));
  }
  return true;
}

}  // namespace

void InputJudge::read(std::string_view bytes, bool line_mode, Span now) {
  line_mode_ = line_mode;
  keyboard_.expect_utf8_mouse(modes_.utf8_mouse());
  for (const OrderFilter::Piece& piece : filter_.read(bytes, now))
    handle(piece, now);
  note_typing(now);
}

void InputJudge::read_output(std::string_view output, Span now) {
  modes_.read(output);
  if (stage_ == Stage::Pause) enter_at_ = std::min(now + kPause, written_ + kLongestPause);
}

void InputJudge::advance(Span now) {
  for (const OrderFilter::Piece& piece : filter_.advance(now))
    handle(piece, now);
  keyboard_.advance(now);
  note_typing(now);
  if (stage_ != Stage::Pause || now < enter_at_) return;
  failpoint("shim.delivery.typed");
  if (is_open_) return end_delivery();
  out_ += '\r';
  stage_ = Stage::Key;
}

void InputJudge::all_written(Span now) {
  if (!out_.empty()) return;
  if (stage_ == Stage::Text) {
    written_ = now;
    enter_at_ = now + (draws_ ? kLongestPause : kPause);
    stage_ = Stage::Pause;
  } else if (stage_ == Stage::Key) {
    end_delivery();
  }
}

void InputJudge::end_delivery() {
  stage_ = Stage::Idle;
  deliveries_.answer(std::exchange(under_way_, {}), DeliveryAnswer::Passed);
  out_ = std::exchange(waiting_, {});
}

std::optional<Span> InputJudge::next_look() const {
  std::optional<Span> next = filter_.next_look();
  for (const std::optional<Span>& other :
       {keyboard_.next_look(), stage_ == Stage::Pause ? std::optional(enter_at_) : std::nullopt}) {
    if (other) next = next ? std::min(*next, *other) : *other;
  }
  return next;
}

std::string InputJudge::take() {
  return std::exchange(out_, {});
}

bool InputJudge::is_full() const {
  return waiting_.size() >= kWaitingBound;
}

void InputJudge::handle(const OrderFilter::Piece& piece, Span now) {
  if (piece.order.empty()) {
    keyboard_.read(piece.bytes, now);
    (stage_ == Stage::Idle ? out_ : waiting_) += piece.bytes;
  } else if (const auto answer = follow(piece.order, now)) {
    deliveries_.answer(piece.order, *answer);
  }
}

/// The answer; nothing: it comes when the delivery is over.
std::optional<DeliveryAnswer> InputJudge::follow(const std::string& order, Span now) {
  if (stage_ != Stage::Idle && order == under_way_) return std::nullopt;
  if (deliveries_.is_recorded(order)) return DeliveryAnswer::Passed;
  if (stage_ != Stage::Idle) return DeliveryAnswer::Busy;
  if (const std::optional<std::string> key = deliveries_.key(order)) return press(order, *key, now);
  if (person_is_at_it(now)) return DeliveryAnswer::Typing;
  return deliver(order);
}

std::optional<DeliveryAnswer> InputJudge::press(const std::string& order, const std::string& key,
                                                Span now) {
  const std::optional<Span> last = keyboard_.last_typed();
  if (keyboard_.in_sequence() || (last && now - *last < kKeyQuiet)) return DeliveryAnswer::Typing;
  if (!is_delivery_key(key) || !deliveries_.record(order)) return DeliveryAnswer::Missing;
  out_ += key_bytes(key);
  under_way_ = order;
  stage_ = Stage::Key;
  return std::nullopt;
}

std::string InputJudge::key_bytes(std::string_view key) const {
  if (key == "Enter") return "\r";
  if (key == "Escape") return "\x1b";
  if (key == "C-c") return "\x03";
  const std::string_view arrow = modes_.application_cursor() ? "\x1bO" : "\x1b[";
  if (key == "Up") return std::string(arrow) + 'A';
  if (key == "Down") return std::string(arrow) + 'B';
  return std::string(key);
}

std::optional<DeliveryAnswer> InputJudge::deliver(const std::string& order) {
  const std::optional<std::string> text = deliveries_.text(order);
  if (!text) return DeliveryAnswer::Missing;
  const std::string typed = typed_form(*text);
  if (line_mode_ && !fits_line_mode(typed)) return DeliveryAnswer::Missing;
  if (!deliveries_.record(order)) return DeliveryAnswer::Missing;
  draws_ = !typed.empty();
  is_open_ = deliveries_.is_open(order);
  out_ += typed;
  under_way_ = order;
  stage_ = Stage::Text;
  return std::nullopt;
}

/// Newlines become CR, with and without signs around the text, as terminals and tmux paste them: in
/// that form texts of several lines were seen to arrive as one message at every kind of agent that
/// we know, and a program that reads lines gets its newlines from the terminal. Those at the end
/// are left out, as Enter follows: a second one could answer the question that comes next.
std::string InputJudge::typed_form(std::string_view text) const {
  std::string typed = typeable(text);
  typed.erase(typed.find_last_not_of('\n') + 1);
  std::ranges::replace(typed, '\n', '\r');
  if (typed.empty() || !modes_.bracketed_paste()) return typed;
  return std::string(kPasteBegin) + typed + std::string(kPasteEnd);
}

bool InputJudge::person_is_at_it(Span now) const {
  const std::optional<Span> last = keyboard_.last_typed();
  return keyboard_.has_draft() || keyboard_.in_sequence() || (last && now - *last < kPersonQuiet);
}

void InputJudge::note_typing(Span now) {
  const std::optional<Span> last = keyboard_.last_typed();
  const bool draft = keyboard_.has_draft();
  if (!last || (last == typed_ && draft == noted_draft_)) return;
  const bool began = !typed_ || *last - *typed_ >= kPersonQuiet;
  typed_ = last;
  const bool is_due = began || !noted_ || now - *noted_ >= kNoteEach;
  if (!is_due && draft == noted_draft_) return;
  noted_ = now;
  noted_draft_ = draft;
  deliveries_.person_typed(draft, began);
}

}  // namespace orch::shim
