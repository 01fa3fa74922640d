// Applies the rules of a profile to a screen.
#include "agents/screen/classify.hpp"

#include "orch/base/text.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <optional>

namespace orch {

namespace {

constexpr std::size_t kRegions = std::size(EnumNames<ScreenRegion>::kTable);
constexpr std::int64_t kSetMemory = 32 << 20;

std::size_t index_of(ScreenRegion region) {
  return static_cast<std::size_t>(region);
}

/// How many rows that are not empty a region has.
std::size_t rows_in(ScreenRegion region) {
  switch (region) {
    case ScreenRegion::Last: return 3;
    case ScreenRegion::Foot: return 5;
    case ScreenRegion::Low: return 14;
    case ScreenRegion::Title:
    case ScreenRegion::Screen: break;
  }
  return std::string::npos;
}

/// A pattern's place in the set of its region.
struct Pattern {
  ScreenRegion region = ScreenRegion::Screen;
  int number = -1;  // -1: there is none

  explicit operator bool() const { return number >= 0; }
};

struct CompiledRule {
  ScreenRule rule;
  Pattern pattern;
  Pattern also;
  Pattern unless;
  Pattern not_below;
};

/// The last row that each pattern of a region matches.
constexpr int kNowhere = -2;
constexpr int kInTitle = -1;
using Matches = std::array<std::vector<int>, kRegions>;

int row_of(const Matches& matches, Pattern pattern) {
  return matches[index_of(pattern.region)][static_cast<std::size_t>(pattern.number)];
}

bool found(const Matches& matches, Pattern pattern) {
  return row_of(matches, pattern) != kNowhere;
}

/// The rows of a screen, from below, that are not empty.
std::vector<int> filled_rows(const Screen& screen) {
  std::vector<int> rows;
  for (int row = static_cast<int>(screen.rows.size()) - 1; row >= 0; --row) {
    if (!trim(screen.rows[static_cast<std::size_t>(row)]).empty()) rows.push_back(row);
  }
  return rows;
}

/// Why the rule does not fit although its pattern matches; empty: it fits.
std::string objection(const CompiledRule& of, const Matches& matches) {
  const auto in = [](Pattern pattern) { return to_text(pattern.region); };
  if (of.also && !found(matches, of.also)) return fmt::format("'also' is not in {}", in(of.also));
  if (of.unless && found(matches, of.unless))
    return fmt::format("'unless' is in {}", in(of.unless));
  if (of.not_below && row_of(matches, of.not_below) > row_of(matches, of.pattern))
    return fmt::format("overtaken by row {}", row_of(matches, of.not_below) + 1);
  return {};
}

Confidence confidence_of(const CompiledRule& of) {
  const ScreenRegion region = of.pattern.region;
  if (of.also || region == ScreenRegion::Title) return Confidence::High;
  const bool at_foot = region == ScreenRegion::Last || region == ScreenRegion::Foot;
  return at_foot ? Confidence::Medium : Confidence::Low;
}

void add_row(const Screen& screen, const Matches& matches, Pattern pattern,
             std::vector<ScreenRow>& rows) {
  const int row = row_of(matches, pattern);
  const std::string& text =
      row == kInTitle ? screen.title : screen.rows[static_cast<std::size_t>(row)];
  const bool known = std::ranges::find(rows, row, &ScreenRow::row) != rows.end();
  if (!known) rows.push_back({pattern.region, row, text});
}

}  // namespace

struct ScreenRules::Compiled {
  std::vector<CompiledRule> rules;
  std::array<std::unique_ptr<RE2::Set>, kRegions> sets;  // empty: nothing is looked for there
  std::array<std::size_t, kRegions> sizes{};

  Result<Pattern> add(const std::string& pattern, ScreenRegion region);
  Status finish();
  Matches search(const Screen& screen) const;
  void search_row(ScreenRegion region, int row, std::string_view text, Matches& matches) const;
};

Result<Pattern> ScreenRules::Compiled::add(const std::string& pattern, ScreenRegion region) {
  if (pattern.empty()) return Pattern{};
  std::unique_ptr<RE2::Set>& set = sets[index_of(region)];
  if (!set) {
    RE2::Options options(RE2::Quiet);
    options.set_max_mem(kSetMemory);
    set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  }
  std::string error;
  const int number = set->Add(pattern, &error);
  if (number < 0) return fail(Fault::BadInput, "'{}' is not a pattern: {}", pattern, error);
  ++sizes[index_of(region)];
  return Pattern{region, number};
}

Status ScreenRules::Compiled::finish() {
  for (const std::unique_ptr<RE2::Set>& set : sets) {
    if (set && !set->Compile()) return fail(Fault::BadInput, "the patterns are too large together");
  }
  return {};
}

void ScreenRules::Compiled::search_row(ScreenRegion region, int row, std::string_view text,
                                       Matches& matches) const {
  std::vector<int> numbers;
  if (!sets[index_of(region)]->Match(re2::StringPiece(text.data(), text.size()), &numbers)) return;
  for (const int number : numbers) {
    int& last = matches[index_of(region)][static_cast<std::size_t>(number)];
    last = std::max(last, row);
  }
}

Matches ScreenRules::Compiled::search(const Screen& screen) const {
  Matches matches;
  const std::vector<int> rows = filled_rows(screen);
  for (const auto& [region, name] : EnumNames<ScreenRegion>::kTable) {
    if (!sets[index_of(region)]) continue;
    matches[index_of(region)].assign(sizes[index_of(region)], kNowhere);
    if (region == ScreenRegion::Title) {
      search_row(region, kInTitle, screen.title, matches);
      continue;
    }
    const std::size_t most = std::min(rows.size(), rows_in(region));
    for (std::size_t i = 0; i < most; ++i)
      search_row(region, rows[i], screen.rows[static_cast<std::size_t>(rows[i])], matches);
  }
  return matches;
}

ScreenRules::ScreenRules() : compiled_(std::make_unique<const Compiled>()) {}

ScreenRules::ScreenRules(ScreenRules&&) noexcept = default;
ScreenRules& ScreenRules::operator=(ScreenRules&&) noexcept = default;
ScreenRules::~ScreenRules() = default;

Result<ScreenRules> ScreenRules::compile(std::vector<ScreenRule> rules) {
  auto compiled = std::make_unique<Compiled>();
  for (ScreenRule& rule : rules) {
    const ScreenRegion region = rule.region;
    const auto pattern = compiled->add(rule.pattern, region);
    const auto also = compiled->add(rule.also, rule.also_region.value_or(region));
    const auto unless = compiled->add(rule.unless, rule.unless_region.value_or(region));
    const auto not_below = compiled->add(rule.not_below, region);
    for (const auto* one : {&pattern, &also, &unless, &not_below}) {
      if (!*one) return because(*one, fmt::format("rule '{}'", rule.name));
    }
    if (*pattern)
      compiled->rules.push_back({std::move(rule), *pattern, *also, *unless, *not_below});
  }
  if (const Status good = compiled->finish(); !good) return passed_on(good);
  ScreenRules done;
  done.compiled_ = std::move(compiled);
  return done;
}

ScreenReading ScreenRules::classify(const Screen& screen) const {
  ScreenReading reading;
  if (screen.dead) {
    reading.state = ScreenState::Exited;
    reading.rule = "dead";
    reading.confidence = Confidence::High;
    return reading;
  }
  const Matches matches = compiled_->search(screen);
  for (const CompiledRule& one : compiled_->rules) {
    if (!found(matches, one.pattern)) continue;
    std::string why = objection(one, matches);
    if (why.empty() && reading.rule.empty()) {
      reading.state = one.rule.state;
      reading.rule = one.rule.name;
      reading.confidence = confidence_of(one);
      add_row(screen, matches, one.pattern, reading.rows);
      if (one.also) add_row(screen, matches, one.also, reading.rows);
      continue;
    }
    if (why.empty()) why = fmt::format("'{}' comes first", reading.rule);
    reading.ignored.push_back({one.rule.name, one.rule.state, std::move(why)});
  }
  return reading;
}

}  // namespace orch
