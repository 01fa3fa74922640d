#pragma once
// What a screen shows of its agent, by the rules of the agent's profile.
//
// The first rule that fits decides. What an agent prints can look like anything, a dialog of its
// own program too; so rules ask for what stands at the foot, where the agent does not write, and
// what was seen of other rules is told, for people who wonder.
#include "agents/screen/screen.hpp"
#include "orch/base/enum_names.hpp"
#include "orch/base/result.hpp"
#include "orch/config/screen_rule.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orch {

/// How much the reading rests on.
enum class Confidence : std::uint8_t {
  Low,     ///< one row that the agent could have written, or nothing
  Medium,  ///< one row of the last few
  High,    ///< the title, two rows that fit together, or a pane that is dead
};

template <>
struct EnumNames<Confidence> {
  static constexpr std::pair<Confidence, std::string_view> kTable[] = {
      {Confidence::Low, "low"}, {Confidence::Medium, "medium"}, {Confidence::High, "high"}};
};

/// A row that a rule rests on.
struct ScreenRow {
  ScreenRegion region = ScreenRegion::Screen;
  int row = -1;  ///< from 0, in the screen's rows; -1: the title
  std::string text;

  bool operator==(const ScreenRow&) const = default;
};

/// A rule with a row that its pattern matches, and why it has not decided.
struct IgnoredRule {
  std::string rule;
  ScreenState state = ScreenState::Unknown;
  std::string why;

  bool operator==(const IgnoredRule&) const = default;
};

struct ScreenReading {
  ScreenState state = ScreenState::Unknown;
  std::string rule;  ///< empty: none decided
  std::vector<ScreenRow> rows;
  Confidence confidence = Confidence::Low;
  std::vector<IgnoredRule> ignored;
};

/// The rules of one profile, compiled: all patterns of a region are one automaton, so that each row
/// is read once for a region, in linear time. May be used by several threads.
class ScreenRules {
 public:
  /// Of no rules: every screen of a living pane is unknown.
  ScreenRules();
  /// Fault::BadInput: a pattern is wrong, or together they are too large.
  static Result<ScreenRules> compile(std::vector<ScreenRule> rules);

  ScreenRules(ScreenRules&&) noexcept;
  ScreenRules& operator=(ScreenRules&&) noexcept;
  ~ScreenRules();

  ScreenReading classify(const Screen& screen) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace orch
