#pragma once
// A question on an agent's screen with its options: numbered ones, each of which has a key of its
// own, or a list in which a pointer is moved.
#include "agents/screen/screen.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch {

struct DialogOption {
  std::string key;  ///< the digit that chooses it; empty: it is chosen by the pointer and Enter
  std::string label;
  bool marked = false;  ///< the pointer stands at it

  bool operator==(const DialogOption&) const = default;
};

struct Dialog {
  std::string id;         ///< of question and options: the same question has the same id
  std::string text;       ///< what is asked about, and the question, as one line
  bool is_whole = false;  ///< `text` has all that stands there, up to what sets it off, as it is
  std::vector<DialogOption> options;
  std::vector<std::string> above;  ///< all rows of the screen above the options, as they are

  /// The place of the one with this label; nothing: there is none.
  std::optional<std::size_t> place_of(std::string_view label) const;
  /// Of the one that the pointer stands at; nothing: of none, or more than one.
  std::optional<std::size_t> marked() const;

  /// The one that says yes to this once, and to nothing else; nullptr: there is none.
  const DialogOption* approving() const;
  /// The one that says no.
  const DialogOption* denying() const;
  /// By its label, or by its beginning where no other one begins like that.
  const DialogOption* called(std::string_view label) const;
  /// What an answer means: "yes", "no", or the label of an option. nullptr: there is no such one.
  const DialogOption* answered_by(std::string_view answer) const;

  /// Why no option is this answer, with those that there are.
  std::string no_option(std::string_view answer) const;
};

/// The lowest list of options on the screen, numbered ones before those with a pointer alone;
/// nothing: there is none. Whether it is a dialog at all is for the rules of the profile to say.
std::optional<Dialog> dialog_of(const Screen& screen);

}  // namespace orch
