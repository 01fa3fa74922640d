// Compares the input with the one form an order has, byte by byte.
#include "shim/order_filter.hpp"

#include "orch/attempt/delivery.hpp"
#include "shim/paste.hpp"

#include <algorithm>

namespace orch::shim {
namespace {

constexpr Span kSequenceTime = std::chrono::milliseconds(50);
// Nobody types the first word of an order, so there is no key to wait for.
constexpr Span kOrderTime = std::chrono::seconds(1);

const std::string& any_order() {
  static const std::string order = delivery_order(std::string(32, '0'));
  return order;
}

std::size_t length_before_id() {
  return any_order().find('0');
}

bool may_become_order(std::string_view input) {
  const std::size_t id_begin = length_before_id();
  const std::size_t id_end = any_order().rfind('0') + 1;
  if (input.size() >= any_order().size()) return false;
  for (std::size_t at = 0; at < input.size(); ++at) {
    const bool in_id = at >= id_begin && at < id_end;
    if (in_id && std::string_view("0123456789abcdef").find(input[at]) == std::string_view::npos)
      return false;
    if (!in_id && input[at] != any_order()[at]) return false;
  }
  return true;
}

void add_bytes(std::string_view bytes, std::vector<OrderFilter::Piece>& into) {
  if (bytes.empty()) return;
  if (into.empty() || !into.back().order.empty()) into.emplace_back();
  into.back().bytes += bytes;
}

}  // namespace

std::vector<OrderFilter::Piece> OrderFilter::read(std::string_view bytes, Span now) {
  std::vector<Piece> pieces;
  for (const char byte : bytes) {
    held_ += byte;
    match(pieces);
  }
  last_byte_ = now;
  return pieces;
}

std::vector<OrderFilter::Piece> OrderFilter::advance(Span now) {
  std::vector<Piece> pieces;
  const auto due = next_look();
  if (!due || now < *due) return pieces;
  if (sign_held_) add_bytes(kPasteBegin, pieces);
  sign_held_ = false;
  add_bytes(std::string_view(held_).substr(passed_), pieces);
  passed_ = held_.size();
  return pieces;
}

std::optional<Span> OrderFilter::next_look() const {
  if (held_.size() == passed_) return std::nullopt;
  const std::string_view beginning = std::string_view(any_order()).substr(0, length_before_id());
  const bool only_an_order = held_.find(beginning) != std::string::npos;
  return last_byte_ + (only_an_order ? kOrderTime : kSequenceTime);
}

void OrderFilter::match(std::vector<Piece>& into) {
  if (sign_held_) {
    if (kPasteEnd.starts_with(held_)) {
      if (held_ != kPasteEnd) return;
      held_.clear();
      sign_held_ = false;
      return;
    }
    // There is more in this paste than the order.
    sign_held_ = false;
    add_bytes(kPasteBegin, into);
  }
  while (!held_.empty()) {
    const std::size_t before = held_.size();
    match_order(into);
    if (held_.size() == before) return;
  }
}

/// Takes away what is decided; nothing, as long as the whole may become an order.
void OrderFilter::match_order(std::vector<Piece>& into) {
  const std::string_view held = held_;
  const bool in_paste = held.starts_with(kPasteBegin);
  const std::size_t from = in_paste ? kPasteBegin.size() : 0;
  if (order_at(held.substr(from))) return take_order(from, into);
  if (kPasteBegin.starts_with(held) || may_become_order(held.substr(from))) return;
  pass(std::min(held.find('\x1b', 1), held.size()), into);
}

/// The order is all that is held after its first `from` bytes, which are the sign of a paste.
void OrderFilter::take_order(std::size_t from, std::vector<Piece>& into) {
  sign_held_ = from > 0 && passed_ == 0;
  // Once the agent has seen a part of the sign, it gets all of it, and the one at the end.
  if (passed_ > 0 && passed_ < from) add_bytes(kPasteBegin.substr(passed_), into);
  into.push_back({.order = std::string(*order_at(std::string_view(held_).substr(from)))});
  held_.clear();
  passed_ = 0;
}

void OrderFilter::pass(std::size_t count, std::vector<Piece>& into) {
  if (count > passed_) add_bytes(std::string_view(held_).substr(passed_, count - passed_), into);
  held_.erase(0, count);
  passed_ -= std::min(passed_, count);
}

}  // namespace orch::shim
