// Words to ids, by code point: a cut never falls inside a character.
#include "tasks/text/text_id.hpp"

#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// ASCII letters, made small, and digits; 0 for all other bytes.
constexpr std::array<char, 256> kInId = [] {
  std::array<char, 256> bytes{};
  for (unsigned char c = '0'; c <= '9'; ++c)
    bytes[c] = static_cast<char>(c);
  for (unsigned char c = 'a'; c <= 'z'; ++c)
    bytes[c] = bytes[c - 'a' + 'A'] = static_cast<char>(c);
  return bytes;
}();

}  // namespace

std::string text_id(std::string_view title) {
  std::array<char, 4 * (kLongest + 2)> id;  // a character has four bytes at most
  std::size_t size = 0;
  std::size_t characters = 0;
  std::size_t whole_words = 0;  // bytes of id up to the last word that is complete
  std::size_t characters_of_whole_words = 0;
  bool dash = false;
  for (std::size_t at = 0, length = 0; at < title.size(); at += length) {
    const auto byte = static_cast<unsigned char>(title[at]);
    length = byte < 0x80 ? 1 : next_character(title.substr(at)).size();
    const bool belongs =
        length == 1 ? kInId[byte] != 0 : is_foreign_letter(code_point(title.substr(at, length)));
    if (!belongs) {
      if (byte != '\'') dash = size > 0;
      continue;
    }
    if (dash) {
      whole_words = size;
      characters_of_whole_words = characters;
      id[size++] = '-';
      ++characters;
      dash = false;
    }
    if (characters >= kLongest) {
      if (characters_of_whole_words >= kShortestCut) size = whole_words;
      break;
    }
    if (length == 1) id[size++] = kInId[byte];
    for (std::size_t i = 0; length > 1 && i < length; ++i)
      id[size++] = title[at + i];
    ++characters;
  }
  if (size > 0 && id[size - 1] == '-') --size;
  if (size == 0) return fmt::format("task-{}", hex(fnv1a(title)).substr(0, 8));
  return {id.data(), size};
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
