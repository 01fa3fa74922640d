// Words to ids, by code point: a cut never falls inside a character.
#include "tasks/text/text_id.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace orch::tasks {

namespace {

constexpr std::size_t kLongest = 25;      // characters
constexpr std::size_t kShortestCut = 12;  // a last word is cut rather than leave less than this

/// The length of the character at the start of valid UTF-8.
std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xE0) return 2;
  return first < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view character) {
  constexpr std::uint32_t kFirstBits[] = {0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t code = static_cast<unsigned char>(character[0]) & kFirstBits[character.size() - 1];
  for (const char c : character.substr(1))
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3F);
  return code;
}

/// Letters of other scripts, roughly: what lies in a block of signs, pictures or controls is none.
bool is_foreign_letter(std::uint32_t code) {
  struct Block {
    std::uint32_t first;
    std::uint32_t last;
  };

  constexpr Block kSigns[] = {
      {0x80, 0xBF},     {0xD7, 0xD7},       {0xF7, 0xF7},       {0x2000, 0x2BFF}, {0x3000, 0x3004},
      {0x3008, 0x3020}, {0xD800, 0xF8FF},   {0xFE00, 0xFE6F},   {0xFEFF, 0xFEFF}, {0xFF00, 0xFF0F},
      {0xFFF0, 0xFFFF}, {0x1F000, 0x1FBFF}, {0xE0000, 0x10FFFF}};
  return std::ranges::none_of(
      kSigns, [code](const Block& block) { return code >= block.first && code <= block.last; });
}

std::string_view next_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  return text.substr(0, std::min(length_of(first), text.size()));
}

bool is_word_character(std::string_view character) {
  if (character.size() > 1) return is_foreign_letter(code_point(character));
  const char c = character[0];
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void add_lower(std::string& id, std::string_view character) {
  const char first = character[0];
  if (first >= 'A' && first <= 'Z') {
    id += static_cast<char>(first - 'A' + 'a');
  } else {
    id += character;
  }
}

}  // namespace

std::string text_id(std::string_view title) {
  std::string id;
  id.reserve(2 * kLongest);
  std::size_t characters = 0;
  std::size_t whole_words = 0;  // bytes of id up to the last word that is complete
  std::size_t characters_of_whole_words = 0;
  bool dash = false;
  for (std::string_view left = title; !left.empty();) {
    const std::string_view character = next_character(left);
    left.remove_prefix(character.size());
    if (!is_word_character(character)) {
      if (character != "'") dash = !id.empty();
      continue;
    }
    if (dash) {
      whole_words = id.size();
      characters_of_whole_words = characters;
      id += '-';
      ++characters;
      dash = false;
    }
    if (characters >= kLongest) {
      if (characters_of_whole_words >= kShortestCut) id.resize(whole_words);
      break;
    }
    add_lower(id, character);
    ++characters;
  }
  if (id.ends_with('-')) id.pop_back();
  if (id.empty()) return fmt::format("task-{}", hex(fnv1a(title)).substr(0, 8));
  return id;
}

std::string TextIds::next(std::string_view title) {
  std::string base = text_id(title);
  const auto [entry, is_new] = last_number_.emplace(hash(base), 1);
  if (is_new) return base;
  int& number = entry->second;  // stays where it is when others are added
  std::string id;
  do {
    id = base + '-' + std::to_string(++number);
  } while (!last_number_.emplace(hash(id), 1).second);
  return id;
}

}  // namespace orch::tasks
