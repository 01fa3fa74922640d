// Reads keys, answers of the terminal and pastes apart (ECMA-48, and what xterm and tmux send).
#include "shim/keyboard.hpp"

#include "shim/paste.hpp"

namespace orch::shim {
namespace {

constexpr Span kOneKey = std::chrono::seconds(3);
constexpr char kEscape = '\x1b';
constexpr std::size_t kLongestParameters = 64;
constexpr Span kKeyTime = std::chrono::milliseconds(50);
constexpr Span kAnswerTime = std::chrono::seconds(1);

bool is_text(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x20 && value != 0x7f;
}

/// What no key sends: reports and answers, the mouse, the focus.
bool is_from_terminal(std::string_view parameters, char final) {
  // '<' is the mouse (SGR), '?', '=' and '>' are answers to questions asked with them.
  if (!parameters.empty() &&
      std::string_view("<=>?").find(parameters.front()) != std::string_view::npos)
    return true;
  // Without parameters, M is the mouse in its oldest form, which is not over with it.
  if (final == 'M') return !parameters.empty();
  if (final == 'I' || final == 'O') return parameters.empty();
  return std::string_view("Rcnyt").find(final) != std::string_view::npos;
}

}  // namespace

// Not advance() first: what was late for us, because the machine is busy, need not have come late.
void Keyboard::read(std::string_view bytes, Span now) {
  for (const char byte : bytes)
    step(byte, now);
  last_byte_ = now;
}

void Keyboard::advance(Span now) {
  const auto due = next_look();
  if (!due || now < *due) return;
  state_ = State::Ground;
  key(last_byte_);
}

std::optional<Span> Keyboard::next_look() const {
  if (!in_sequence()) return std::nullopt;
  const bool goes_on = length_ > 0 || !parameters_.empty() || state_ == State::Mouse;
  return last_byte_ + (goes_on ? kAnswerTime : kKeyTime);
}

void Keyboard::step(char byte, Span now) {
  switch (state_) {
    case State::Ground: return on_ground(byte, now);
    case State::Escape: return on_escape(byte, now);
    case State::Csi: return on_csi(byte, now);
    case State::Mouse: return on_mouse(byte);
    case State::String: return on_string(byte);
    case State::Paste: return on_paste(byte, now);
    case State::Ss3: state_ = byte == kEscape ? State::Escape : State::Ground; return key(now);
    case State::StringEscape:
      // Anything but the string's end is a sequence of its own.
      state_ = byte == '\\' ? State::Ground : State::Escape;
      if (state_ == State::Escape) on_escape(byte, now);
      return;
  }
}

void Keyboard::on_ground(char byte, Span now) {
  parameters_.clear();
  length_ = 0;
  if (byte == kEscape) {
    state_ = State::Escape;
    return;
  }
  if (is_text(byte)) return single_text(now);
  key(now);
  const bool ends_draft = byte == '\r' || byte == '\n' || byte == '\x03' || byte == '\x15';
  if (!ends_draft) return;
  draft_ = false;
  in_a_row_ = 0;
}

/// One key by itself is as likely the answer to a dialog, which takes it without Enter.
void Keyboard::single_text(Span now) {
  const bool goes_on = last_typed_ && now - *last_typed_ < kOneKey;
  in_a_row_ = goes_on ? in_a_row_ + 1 : 1;
  last_typed_ = now;
  if (in_a_row_ > 1) draft_ = true;
}

void Keyboard::on_escape(char byte, Span now) {
  parameters_.clear();
  length_ = 0;
  switch (byte) {
    case '[': state_ = State::Csi; return;
    case 'O': state_ = State::Ss3; return;
    case 'P':
    case 'X':
    case ']':
    case '^':
    case '_': state_ = State::String; return;
    case kEscape: return key(now);
    default:
      // With Alt: a command of the agent's editor, or a line more (Alt-Enter), but no end.
      state_ = State::Ground;
      key(now);
  }
}

void Keyboard::on_csi(char byte, Span now) {
  const auto value = static_cast<unsigned char>(byte);
  if (value >= 0x40 && value <= 0x7e) return end_csi(byte, now);
  if (value >= 0x20 && value < 0x40 && parameters_.size() < kLongestParameters) {
    parameters_ += byte;
    return;
  }
  state_ = byte == kEscape ? State::Escape : State::Ground;
  key(now);
}

void Keyboard::end_csi(char final, Span now) {
  state_ = State::Ground;
  if (final == 'M' && parameters_.empty()) {
    state_ = State::Mouse;
    mouse_bytes_ = 3;
  } else if (final == '~' && parameters_ == "200") {
    state_ = State::Paste;
    end_matched_ = 0;
  } else if ((final != '~' || parameters_ != "201") && !is_from_terminal(parameters_, final)) {
    key(now);
  }
}

void Keyboard::on_mouse(char byte) {
  const bool goes_on = utf8_mouse_ && (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
  // In UTF-8 the last position is complete only with the byte after its first one.
  const bool begins_two = utf8_mouse_ && static_cast<unsigned char>(byte) >= 0xC0;
  if (!goes_on) --mouse_bytes_;
  if (mouse_bytes_ <= 0 && !begins_two) state_ = State::Ground;
}

void Keyboard::on_string(char byte) {
  constexpr char kBell = '\x07';
  constexpr char kCancel = '\x18';
  constexpr char kSubstitute = '\x1a';
  ++length_;
  if (byte == kEscape) state_ = State::StringEscape;
  if (byte == kBell || byte == kCancel || byte == kSubstitute) state_ = State::Ground;
}

void Keyboard::on_paste(char byte, Span now) {
  if (byte == kPasteEnd[end_matched_]) {
    ++end_matched_;
    if (end_matched_ == kPasteEnd.size()) state_ = State::Ground;
    return;
  }
  end_matched_ = byte == kEscape ? 1 : 0;
  text(now);
}

void Keyboard::key(Span now) {
  last_typed_ = now;
}

void Keyboard::text(Span now) {
  last_typed_ = now;
  draft_ = true;
}

}  // namespace orch::shim
