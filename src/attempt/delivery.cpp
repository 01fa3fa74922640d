// Names, files and bytes of a delivery.
#include "orch/attempt/delivery.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <array>

namespace orch::shim {

namespace {

constexpr std::string_view kBegin = "\x1b_tmux-orch deliver ";
constexpr std::string_view kEnd = "\x1b\\";
constexpr std::size_t kIdLength = 32;
constexpr std::size_t kLongestAnswer = 64;

std::filesystem::path in_folder(const std::filesystem::path& attempt, std::string_view id,
                                std::string_view suffix) {
  return attempt / kDeliveriesFolder / (std::string(id) + std::string(suffix));
}

}  // namespace

bool is_delivery_id(std::string_view id) {
  return id.size() == kIdLength &&
         id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string delivery_order(std::string_view id) {
  return std::string(kBegin) + std::string(id) + std::string(kEnd);
}

std::optional<std::string_view> order_at(std::string_view input) {
  if (!input.starts_with(kBegin)) return std::nullopt;
  const std::string_view id = input.substr(kBegin.size(), kIdLength);
  if (!is_delivery_id(id) || !input.substr(kBegin.size() + kIdLength).starts_with(kEnd))
    return std::nullopt;
  return id;
}

bool is_delivery_key(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"Up", "Down", "Enter", "Escape", "C-c"};
  const bool is_digit = name.size() == 1 && name[0] >= '1' && name[0] <= '9';
  return is_digit || std::ranges::find(kNames, name) != kNames.end();
}

std::filesystem::path delivery_key(const std::filesystem::path& attempt, std::string_view id) {
  return in_folder(attempt, id, ".key");
}

std::filesystem::path delivery_open(const std::filesystem::path& attempt, std::string_view id) {
  return in_folder(attempt, id, ".open");
}

std::filesystem::path delivery_text(const std::filesystem::path& attempt, std::string_view id) {
  return in_folder(attempt, id, "");
}

std::filesystem::path delivery_record(const std::filesystem::path& attempt, std::string_view id) {
  return in_folder(attempt, id, ".passed");
}

std::filesystem::path delivery_answer(const std::filesystem::path& attempt, std::string_view id) {
  return in_folder(attempt, id, ".answer");
}

std::string typeable(std::string_view text) {
  std::string typed;
  typed.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool is_control = byte < 0x20 || byte == 0x7f;
    // C1 controls as UTF-8: 0xC2 0x80 to 0xC2 0x9F.
    const bool begins_c1 =
        byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (begins_c1) ++at;
    if (begins_c1 || (is_control && text[at] != '\n' && text[at] != '\t')) continue;
    typed += text[at];
  }
  return typed;
}

Status write_answer(const std::filesystem::path& attempt, std::string_view id,
                    DeliveryAnswer answer) {
  return write_file(delivery_answer(attempt, id), to_text(answer), 0600);
}

Result<DeliveryAnswer> read_answer(const std::filesystem::path& attempt, std::string_view id) {
  const Result<std::string> text = read_file(delivery_answer(attempt, id), kLongestAnswer);
  if (!text) return passed_on(text);
  const std::optional<DeliveryAnswer> answer = from_text<DeliveryAnswer>(trim(*text));
  if (!answer) return fail(Fault::Corrupt, "the answer to delivery {} cannot be read", id);
  return *answer;
}

}  // namespace orch::shim
