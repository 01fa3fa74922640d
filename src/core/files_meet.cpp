// Whether two file patterns have a path in common.
#include "orch/core/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace orch {

namespace {

/// One sign of a pattern: a byte below 256 stands for itself.
using Sign = std::uint16_t;
using Signs = std::vector<Sign>;

constexpr Sign kOne = 256;   // ?: one byte that is not a slash
constexpr Sign kRun = 257;   // *: any run without a slash
constexpr Sign kDeep = 258;  // **: any run

// Comparing costs the product of both lengths for each pair of alternatives: what is larger is
// cut to "this prefix and anything", which can only find too many meetings.
constexpr std::size_t kLongest = 512;
constexpr std::size_t kMostAlternatives = 16;

std::string_view without_dots(std::string_view path) {
  while (path.starts_with("./"))
    path.remove_prefix(2);
  return path == "." ? "**" : path;
}

bool is_plain(std::string_view path) {
  return path.find_first_of("*?{") == std::string_view::npos;
}

/// Is `inner` the same path as `folder` or below it?
bool holds(std::string_view folder, std::string_view inner) {
  if (folder.ends_with('/')) folder.remove_suffix(1);
  if (!inner.starts_with(folder)) return false;
  return inner.size() == folder.size() || inner[folder.size()] == '/';
}

/// Is a plain path above all that a pattern fits?
bool is_folder_of(std::string_view path, std::string_view pattern) {
  const std::string_view prefix = pattern.substr(0, pattern.find_first_of("*?{"));
  return is_plain(path) && prefix.size() > path.size() && holds(path, prefix);
}

/// The end of the `{a,b}` that starts at `open` and the commas of it; none if it is not one.
std::vector<std::size_t> group_at(std::string_view text, std::size_t open) {
  std::vector<std::size_t> cuts{open};
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == ',' && depth == 1) cuts.push_back(at);
    if (text[at] == '}' && --depth == 0) {
      cuts.push_back(at);
      return cuts.size() > 2 ? cuts : std::vector<std::size_t>{};
    }
  }
  return {};
}

/// Replaces the first `{a,b}` or `**/` from `from` on by each of its alternatives; false if there
/// is none. `**/` may also stand for nothing: src/**/a.c is src/a.c too.
bool split_first(const std::string& text, std::size_t from, std::vector<std::string>& parts) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '{') {
      const std::vector<std::size_t> cuts = group_at(text, at);
      for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        parts.push_back(text.substr(0, at) + text.substr(cuts[i] + 1, cuts[i + 1] - cuts[i] - 1) +
                        text.substr(cuts.back() + 1));
      }
      if (!cuts.empty()) return true;
    }
    if (text.compare(at, 3, "**/") == 0 && (at == 0 || text[at - 1] == '/')) {
      parts.push_back(text.substr(0, at) + text.substr(at + 3));
      parts.push_back(text.substr(0, at) + "**\x01/" + text.substr(at + 3));  // seen: not again
      return true;
    }
  }
  return false;
}

Signs signs_of(std::string_view text) {
  Signs signs;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool deep = text[at] == '*' && at + 1 < text.size() && text[at + 1] == '*';
    if (text[at] == '\x01') continue;
    if (deep) {
      signs.push_back(kDeep);
      ++at;
    } else if (text[at] == '*') {
      signs.push_back(kRun);
    } else {
      signs.push_back(text[at] == '?' ? kOne : static_cast<unsigned char>(text[at]));
    }
  }
  return signs;
}

std::vector<Signs> alternatives(std::string_view written) {
  std::string path(without_dots(written));
  const auto prefix_and_anything = [&path] {
    Signs signs = signs_of(std::string_view(path).substr(0, path.find_first_of("*?{")));
    signs.resize(std::min(signs.size(), kLongest));
    signs.push_back(kDeep);
    return std::vector<Signs>{signs};
  };
  if (path.size() > kLongest) return prefix_and_anything();
  if (path.ends_with('/')) path += "**";
  std::vector<std::string> open{path};
  std::vector<Signs> done;
  while (!open.empty()) {
    const std::string text = std::move(open.back());
    open.pop_back();
    if (!split_first(text, 0, open)) done.push_back(signs_of(text));
    if (open.size() + done.size() > kMostAlternatives) return prefix_and_anything();
  }
  return done;
}

bool is_star(Sign sign) {
  return sign == kRun || sign == kDeep;
}

/// Is there a byte that both signs take?
bool share_a_byte(Sign first, Sign second) {
  if (first > second) std::swap(first, second);
  if (second < 256) return first == second;
  return first != '/' || second == kDeep;
}

/// Walks both patterns at once: a pair of places is reached when some text leads to both.
class Walk {
 public:
  Walk(const Signs& first, const Signs& second)
      : first_(first), second_(second), seen_((first.size() + 1) * (second.size() + 1), false) {}

  bool reaches_both_ends() {
    reach(0, 0);
    while (!open_.empty()) {
      const auto [i, j] = open_.back();
      open_.pop_back();
      if (i == first_.size() && j == second_.size()) return true;
      go_on(i, j);
    }
    return false;
  }

 private:
  void reach(std::size_t i, std::size_t j) {
    const std::size_t place = i * (second_.size() + 1) + j;
    if (!seen_[place]) open_.emplace_back(i, j);
    seen_[place] = true;
  }

  void go_on(std::size_t i, std::size_t j) {
    const bool star_i = i < first_.size() && is_star(first_[i]);
    const bool star_j = j < second_.size() && is_star(second_[j]);
    if (star_i) reach(i + 1, j);  // a star may take nothing more
    if (star_j) reach(i, j + 1);
    if (i == first_.size() || j == second_.size() || !share_a_byte(first_[i], second_[j])) return;
    reach(star_i ? i : i + 1, star_j ? j : j + 1);
  }

  const Signs& first_;
  const Signs& second_;
  std::vector<bool> seen_;
  std::vector<std::pair<std::size_t, std::size_t>> open_;
};

}  // namespace

bool files_meet(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty()) return false;
  const std::string_view one = without_dots(first);
  const std::string_view other = without_dots(second);
  if (one == other) return true;
  // A path that others lie below is a folder, however it is written.
  if (is_plain(one) && is_plain(other)) return holds(one, other) || holds(other, one);
  if (is_folder_of(one, other) || is_folder_of(other, one)) return true;
  const std::vector<Signs> others = alternatives(second);
  return std::ranges::any_of(alternatives(first), [&others](const Signs& signs) {
    return std::ranges::any_of(
        others, [&](const Signs& with) { return Walk(signs, with).reaches_both_ends(); });
  });
}

}  // namespace orch
