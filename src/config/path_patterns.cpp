// All patterns become one expression of RE2.
#include "config/path_patterns.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <iterator>

namespace orch {
namespace {

void add(std::string& expression, std::string_view pattern) {
  while (!pattern.empty()) {
    if (pattern.starts_with("**/")) {
      expression += "(?:.*/)?";
      pattern.remove_prefix(3);
    } else if (pattern.starts_with("**")) {
      expression += ".*";
      pattern.remove_prefix(2);
    } else {
      const char c = pattern.front();
      if (c == '*') expression += "[^/]*";
      if (c == '?') expression += "[^/]";
      if (c != '*' && c != '?') expression += RE2::QuoteMeta(std::string(1, c));
      pattern.remove_prefix(1);
    }
  }
}

std::string expression_of(std::string_view pattern) {
  const bool is_folder = pattern.ends_with('/');
  if (is_folder) pattern.remove_suffix(1);
  std::string expression;
  if (pattern.find('/') == std::string_view::npos) expression = "(?:.*/)?";
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  add(expression, pattern);
  return expression + (is_folder ? "/.*" : "(?:/.*)?");
}

}  // namespace

PathPatterns::PathPatterns(const std::vector<std::string>& patterns, LetterCase letters) {
  if (patterns.empty()) return;
  std::string all;
  for (const std::string& pattern : patterns)
    all += (all.empty() ? "(?:" : "|") + expression_of(pattern);
  RE2::Options options(RE2::Latin1);  // a path is bytes
  options.set_case_sensitive(letters == LetterCase::Exact);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  expression_ = std::make_unique<RE2>(all + ")", options);
}

PathPatterns::~PathPatterns() = default;
PathPatterns::PathPatterns(PathPatterns&&) noexcept = default;
PathPatterns& PathPatterns::operator=(PathPatterns&&) noexcept = default;

bool PathPatterns::fits(std::string_view path) const {
  if (expression_ == nullptr) return false;
  return RE2::FullMatch(re2::StringPiece(path.data(), path.size()), *expression_);
}

std::vector<std::string> PathPatterns::among(const std::vector<std::string>& paths) const {
  std::vector<std::string> found;
  std::ranges::copy_if(paths, std::back_inserter(found),
                       [this](const std::string& path) { return fits(path); });
  return found;
}

}  // namespace orch
