// The table of readers, and what is checked before and after any of them.
#include "tasks/conventions/reader.hpp"

#include "orch/base/text.hpp"
#include "orch/core/plan.hpp"
#include "tasks/conventions/backlog.hpp"
#include "tasks/conventions/beads.hpp"
#include "tasks/conventions/beans.hpp"
#include "tasks/conventions/ccpm.hpp"
#include "tasks/conventions/conventions.hpp"
#include "tasks/conventions/cursor.hpp"
#include "tasks/conventions/data_list.hpp"
#include "tasks/conventions/detect.hpp"
#include "tasks/conventions/gsd_plan.hpp"
#include "tasks/conventions/sprint_status.hpp"
#include "tasks/conventions/taskmaster.hpp"
#include "tasks/markdown/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace orch::tasks {

namespace {

constexpr std::array kReaders{
    Reader{"native", read_native},
    Reader{"spec-kit", read_spec_kit},
    Reader{"kiro", read_kiro},
    Reader{"openspec", read_openspec},
    Reader{"headed", read_headed},
    Reader{"table", read_table},
    Reader{"records", read_records},
    Reader{"markdown", read_markdown},
    Reader{"conductor", read_conductor},
    Reader{"roadmap", read_roadmap},
    Reader{"stages", read_stages},
    Reader{"todo", read_todo},
    Reader{"taskmaster", read_taskmaster},
    Reader{"beads", read_beads},
    Reader{"backlog", read_backlog},
    Reader{"ccpm", read_ccpm},
    Reader{"cursor", read_cursor},
    Reader{"gsd-plan", read_gsd_plan},
    Reader{"sprint-status", read_sprint_status},
    Reader{"json", read_json},
    Reader{"yaml", read_yaml_file},
    Reader{"beans", read_beans},
};

constexpr const char* kHintForMarkdown =
    "it has no boxes, no headings with ids, fields or phases, no table of tasks and no list called "
    "TODO; write a task as a line '- [ ] T1: what to do'";
constexpr const char* kHintForData =
    "tasks there are records in a list called tasks, features, userStories or the like, each with "
    "a title and a status";

Problem whole_file(std::string message, std::string hint) {
  return {Severity::Error, 0, 0, std::move(message), std::move(hint)};
}

/// What may begin a character of several bytes, and what may come second: this leaves out overlong
/// forms, surrogates and numbers above U+10FFFF.
struct Lead {
  unsigned char first;
  unsigned char last;
  unsigned char second_first;
  unsigned char second_last;
  std::size_t length;
};

constexpr std::array kLeads{
    Lead{0xC2, 0xDF, 0x80, 0xBF, 2}, Lead{0xE0, 0xE0, 0xA0, 0xBF, 3},
    Lead{0xE1, 0xEC, 0x80, 0xBF, 3}, Lead{0xED, 0xED, 0x80, 0x9F, 3},
    Lead{0xEE, 0xEF, 0x80, 0xBF, 3}, Lead{0xF0, 0xF0, 0x90, 0xBF, 4},
    Lead{0xF1, 0xF3, 0x80, 0xBF, 4}, Lead{0xF4, 0xF4, 0x80, 0x8F, 4},
};

/// The length of the UTF-8 character of several bytes at the start of `text`, 0 if it is broken.
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = std::ranges::find_if(
      kLeads, [&](const Lead& one) { return byte(0) >= one.first && byte(0) <= one.last; });
  if (lead == kLeads.end() || text.size() < lead->length) return 0;
  if (byte(1) < lead->second_first || byte(1) > lead->second_last) return 0;
  for (std::size_t i = 2; i < lead->length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return lead->length;
}

std::optional<std::size_t> first_broken_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return {};
}

int line_at(std::string_view text, std::size_t offset) {
  return static_cast<int>(std::ranges::count(text.substr(0, offset), '\n')) + 1;
}

/// Surely: two ids of one hash are looked at closely.
bool are_unique(const std::vector<Item>& items) {
  std::vector<std::size_t> hashes(items.size());
  std::ranges::transform(items, hashes.begin(), std::hash<std::string>(), &Item::id);
  std::ranges::sort(hashes);
  return std::ranges::adjacent_find(hashes) == hashes.end();
}

/// Two items of one id cannot be told apart by anybody: the later ones are called "T1-2", and where
/// one waits for that id, that is an error. Nobody after this finds an id twice and says it again.
std::vector<Problem> settle_duplicates(std::vector<Item>& items) {
  constexpr std::size_t kMost = 100;
  if (are_unique(items)) return {};
  std::unordered_set<std::string> wanted;
  for (const Item& item : items) {
    wanted.insert(item.depends.begin(), item.depends.end());
    wanted.insert(item.parent);
  }
  std::unordered_map<std::string, int> lines;
  lines.reserve(items.size());
  std::unordered_map<std::string, int> count;
  std::vector<Problem> problems;
  for (Item& item : items) {
    const auto [first, is_new] = lines.emplace(item.id, item.line);
    if (is_new) continue;
    const std::string id = one_line(item.id, 60);
    std::string message =
        fmt::format("two tasks are called '{}': lines {} and {}", id, first->second, item.line);
    if (problems.size() < kMost) {
      if (wanted.contains(item.id)) {
        problems.push_back({Severity::Error, item.line, 0,
                            std::move(message) + ", and another one waits for it",
                            "give one of them another id"});
      } else {
        problems.push_back({Severity::Warning, item.line, 0, std::move(message),
                            fmt::format("this one is called '{}-{}' here; give it an id of its own",
                                        id, count[item.id] + 2)});
      }
    }
    std::string name;
    do {
      name = fmt::format("{}-{}", item.id, ++count[item.id] + 1);
    } while (lines.contains(name));
    lines.emplace(name, item.line);
    item.id = std::move(name);
  }
  return problems;
}

/// "markdown, native": for an unknown name.
std::string names() {
  std::string all;
  for (const Reader& reader : kReaders)
    all += fmt::format("{}{}", all.empty() ? "" : ", ", reader.name);
  return all;
}

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

const Reader* find_reader(std::string_view name) {
  const auto found = std::ranges::find(kReaders, name, &Reader::name);
  return found == kReaders.end() ? nullptr : found;
}

std::vector<Problem> check_text(std::string_view text) {
  if (text.size() > kLargestFile) {
    return {whole_file(fmt::format("the file is larger than {} MB", kLargestFile / 1'000'000),
                       "a task file is a short text; was this one named by mistake?")};
  }
  if (text.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos) {
    return {whole_file("the file is empty", "write a task as a line '- [ ] T1: what to do'")};
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return {{Severity::Error, line_at(text, nul), 0, "there is a NUL byte: this is no text file",
             "save it as UTF-8 (UTF-16 has such bytes too)"}};
  }
  if (const auto broken = first_broken_byte(text)) {
    return {{Severity::Error, line_at(text, *broken), 0, "this line is not valid UTF-8",
             "save the file as UTF-8"}};
  }
  return {};
}

ReadFile read_items(const Source& text, std::string_view format) {
  ReadFile file{.format = std::string(format)};
  std::vector<Problem>& problems = file.reading.problems;
  problems = check_text(text.text);
  if (!problems.empty()) return file;
  const DocumentOf sample(text, sample_of(text.text));
  Source source = text;
  source.document = &*sample;
  const Convention found =
      format.empty() ? convention_of(source) : Convention{format, "it was asked for"};
  file.reason = found.reason;
  const Reader* reader = find_reader(found.name);
  if (reader == nullptr) {
    problems = {whole_file(fmt::format("there is no task format '{}'", format),
                           fmt::format("the formats are {}", names()))};
    return file;
  }
  file.format = reader->name;
  file.reading = reader->read(source);
  const std::vector<Problem> duplicates = settle_duplicates(file.reading.items);
  problems.insert(problems.end(), duplicates.begin(), duplicates.end());
  if (file.reading.items.empty()) {
    const bool is_data = begins_like_json(text) || is_yaml_file(text) ||
                         text.path.ends_with(".json") || text.path.ends_with(".jsonl");
    problems.push_back(
        whole_file("there are no tasks in this file", is_data ? kHintForData : kHintForMarkdown));
  }
  std::ranges::stable_sort(problems, {}, &Problem::line);
  return file;
}

}  // namespace orch::tasks
