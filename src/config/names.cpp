// Names of branches and folders from patterns and from text that nobody has checked.
#include "config/names.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace orch {

namespace {

constexpr std::size_t kLongestSlug = 40;
constexpr std::size_t kHashDigits = 8;
/// A file name may have 255 bytes; git adds ".lock" to a component and we leave room for more.
constexpr std::size_t kLongestComponent = 200;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// Keeps what is safe anywhere in a name; everything else becomes one '-' a run.
std::string safe_characters(std::string_view text, std::string_view also_kept) {
  std::string safe;
  for (const char c : text) {
    const bool doubled = c == '.' && safe.ends_with('.');  // git refuses ".."
    if (is_alphanumeric(c) || (also_kept.find(c) != std::string_view::npos && !doubled)) {
      safe += c;
    } else if (!safe.ends_with('-')) {
      safe += '-';
    }
  }
  return safe;
}

std::string_view without_outer_marks(std::string_view text) {
  const std::size_t first = text.find_first_not_of("-.");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of("-.") - first + 1);
}

/// An id that ends like one of ours gets a hash too, so that it cannot pass for another's name.
bool ends_in_hash(std::string_view text) {
  if (text.size() <= kHashDigits || text[text.size() - kHashDigits - 1] != '-') return false;
  return std::all_of(text.end() - kHashDigits, text.end(), is_hex_digit);
}

std::string short_hash(std::string_view text) {
  const std::uint64_t hash = fnv1a(text);
  return hex((hash >> 32) ^ (hash & 0xffffffffU)).substr(16 - kHashDigits);
}

}  // namespace

std::string slug(std::string_view id) {
  const std::string safe = safe_characters(id, "_-.");
  std::string_view bare = without_outer_marks(safe);
  bare = without_outer_marks(bare.substr(0, kLongestSlug));
  const bool is_refused = bare.ends_with(".lock") || bare == "HEAD";
  const bool same = bare == id && !is_refused && !ends_in_hash(bare);
  if (same && !bare.empty()) return std::string(bare);
  return fmt::format("{}-{}", bare.empty() ? "task" : bare, short_hash(id));
}

std::string title_slug(std::string_view title) {
  const std::string safe = safe_characters(lower(title), "");
  std::string_view bare = without_outer_marks(safe);
  if (bare.size() > kLongestSlug) {
    const std::size_t word_end = bare.rfind('-', kLongestSlug);
    bare = bare.substr(0, word_end == std::string_view::npos ? kLongestSlug : word_end);
  }
  return bare.empty() ? "task" : std::string(bare);
}

namespace {

Result<std::string> value_of(std::string_view placeholder, const NameFields& fields) {
  if (placeholder == "id") return slug(fields.id.value);
  if (placeholder == "num") return std::to_string(fields.num);
  if (placeholder == "slug") return title_slug(fields.title);
  if (placeholder == "agent") return slug(fields.agent);
  if (placeholder == "attempt") return std::to_string(fields.attempt);
  if (placeholder == "run") return slug(fields.run);
  return hinted(fail(Fault::BadInput, "{{{}}} is not a placeholder", one_line(placeholder, 40)),
                "the placeholders are {id}, {num}, {slug}, {agent}, {attempt} and {run}");
}

Result<std::string> expand(std::string_view pattern, const NameFields& fields) {
  std::string name;
  std::string_view left = pattern;
  for (std::size_t open = left.find('{'); open != std::string_view::npos; open = left.find('{')) {
    const std::size_t close = left.find('}', open);
    if (close == std::string_view::npos) {
      return fail(Fault::BadInput, "\"{}\" has a '{{' without its '}}'", one_line(pattern, 60));
    }
    Result<std::string> value = value_of(left.substr(open + 1, close - open - 1), fields);
    if (!value) return value;
    name += left.substr(0, open);
    name += *value;
    left.remove_prefix(close + 1);
  }
  return name + std::string(left);
}

/// What git's rules for refs say against a component, or "".
std::string_view wrong_with_component(std::string_view component) {
  if (component.empty()) return "has an empty part";
  if (component.starts_with('.')) return "has a part that begins with '.'";
  if (component.ends_with(".lock")) return "has a part that ends in '.lock'";
  if (component.size() > kLongestComponent) return "is too long";
  return {};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

/// What git's rules for refs say against a whole name, or "".
std::string_view wrong_with_branch(std::string_view name) {
  constexpr std::array<std::string_view, 2> kRefused{"..", "@{"};
  for (const std::string_view part : kRefused) {
    if (name.find(part) != std::string_view::npos) return "has '..' or '@{' in it";
  }
  if (std::any_of(name.begin(), name.end(), is_control)) return "has a control character in it";
  if (name.find_first_of(" ~^:?*[\\") != std::string_view::npos) {
    return R"(has one of ' ~^:?*[\' in it)";
  }
  if (name.starts_with('-')) return "begins with '-'";
  if (name.ends_with('.')) return "ends in '.'";
  if (name == "HEAD") return "is git's own";
  for (const std::string_view component : split(name, '/')) {
    if (const std::string_view wrong = wrong_with_component(component); !wrong.empty())
      return wrong;
  }
  return {};
}

std::string_view wrong_with_folder(std::string_view name) {
  if (std::any_of(name.begin(), name.end(), is_control)) return "has a control character in it";
  if (name.empty() || name.ends_with('/')) return "has no last part";
  if (name.starts_with('~')) return "begins with '~', which only a shell understands";
  if (name.starts_with('-')) return "begins with '-'";
  for (const std::string_view component : split(name, '/')) {
    if (component == ".git") return "lies in git's own folder";
    if (component.size() > kLongestComponent) return "is too long";
  }
  return {};
}

}  // namespace

Status check_branch_name(std::string_view name) {
  const std::string_view wrong = wrong_with_branch(name);
  if (wrong.empty()) return {};
  return fail(Fault::BadInput, "\"{}\" cannot be a branch: it {}", one_line(name, 60), wrong);
}

Result<std::string> branch_name(std::string_view pattern, const NameFields& fields) {
  Result<std::string> name = expand(pattern, fields);
  if (!name) return name;
  if (const Status good = check_branch_name(*name); !good) return passed_on(good);
  return name;
}

Result<std::string> folder_name(std::string_view pattern, const NameFields& fields) {
  Result<std::string> name = expand(pattern, fields);
  if (!name) return name;
  const std::string_view wrong = wrong_with_folder(*name);
  if (wrong.empty()) return name;
  return fail(Fault::BadInput, "\"{}\" cannot be a worktree: it {}", one_line(*name, 60), wrong);
}

}  // namespace orch
