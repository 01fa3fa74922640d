// Lines before the first task, less what says nothing.
#include "tasks/source/introduction.hpp"

#include "orch/base/text.hpp"
#include "tasks/text/yaml_front.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <vector>

namespace orch::tasks {
namespace {

/// It goes into the prompt of every agent.
constexpr std::size_t kLongest = 4u << 10;
constexpr std::size_t kRead = 64u << 10;

bool is_markdown(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 4> kEndings{".md", ".markdown", ".mdx", ".txt"};
  const std::string ending = lower(file.extension().string());
  return std::ranges::find(kEndings, ending) != kEndings.end();
}

bool is_heading(std::string_view line) {
  return trim(line).starts_with('#');
}

bool is_comment(std::string_view line) {
  const std::string_view text = trim(line);
  return text.starts_with("<!--") && text.ends_with("-->");
}

}  // namespace

std::string introduction_in(std::string_view text, int first_task) {
  const FrontMatter front = front_matter_of(text);
  std::vector<std::string_view> lines;
  int number = front.body_line;
  std::size_t size = 0;
  for (const std::string_view line : split_lines(text.substr(front.body_offset))) {
    if (number++ >= first_task || size > kLongest) break;
    if (is_comment(line)) continue;
    lines.push_back(line);
    size += line.size() + 1;
  }
  while (!lines.empty() && (trim(lines.back()).empty() || is_heading(lines.back())))
    lines.pop_back();
  const bool says_something = std::ranges::any_of(
      lines, [](std::string_view line) { return !trim(line).empty() && !is_heading(line); });
  if (!says_something) return {};
  std::string introduction;
  for (const std::string_view line : lines)
    introduction.append(line).push_back('\n');
  return std::string(trim(introduction));
}

std::string introduction_of(const std::filesystem::path& file, int first_task) {
  if (first_task <= 1 || !is_markdown(file)) return {};
  std::ifstream stream(file, std::ios::binary);
  std::string text(kRead, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  const bool is_text = text.find('\0') == std::string::npos;
  return is_text ? introduction_in(text, first_task) : std::string();
}

}  // namespace orch::tasks
