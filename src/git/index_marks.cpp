// Goes through the entries of an index of version 2 or 3, and through the names of its extensions.
#include "git/index_marks.hpp"

#include "orch/base/files.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace orch::git {

namespace {

constexpr std::size_t kLargest = 512u << 20;
constexpr std::size_t kHeader = 12;
constexpr std::size_t kStat = 40;  ///< times, device, inode, mode, owner, size
constexpr std::uint32_t kAssumeUnchanged = 0x8000;
constexpr std::uint32_t kExtended = 0x4000;
constexpr std::uint32_t kSkipOrIntent = 0x6000;  ///< of the extended flags

/// Numbers at the front of a text, big end first.
class Bytes {
 public:
  explicit Bytes(std::string_view text) : text_(text) {}

  std::size_t left() const { return text_.size() - at_; }

  bool skip(std::size_t bytes) {
    if (bytes > left()) return false;
    at_ += bytes;
    return true;
  }

  std::uint32_t number(std::size_t bytes) {
    std::uint32_t value = 0;
    for (; bytes > 0 && left() > 0; --bytes)
      value = value << 8 | static_cast<unsigned char>(text_[at_++]);
    return value;
  }

  std::string_view word(std::size_t bytes) const { return text_.substr(at_, bytes); }

  /// Past the NUL that ends a name; false: there is none.
  bool skip_name() {
    const std::size_t end = text_.find('\0', at_);
    if (end == std::string_view::npos) return false;
    at_ = end;
    return true;
  }

  std::size_t at() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Nothing: it ends in the middle.
std::optional<bool> hides(Bytes& bytes, std::size_t id_bytes) {
  const std::size_t begin = bytes.at();
  if (!bytes.skip(kStat + id_bytes)) return std::nullopt;
  const std::uint32_t flags = bytes.number(2);
  const std::uint32_t more = (flags & kExtended) != 0 ? bytes.number(2) : 0;
  if (!bytes.skip_name()) return std::nullopt;
  // One to eight NULs, so that an entry has a multiple of eight bytes.
  const std::size_t length = bytes.at() - begin;
  if (!bytes.skip(8 - length % 8)) return std::nullopt;
  return (flags & kAssumeUnchanged) != 0 || (more & kSkipOrIntent) != 0;
}

/// An extension with a small first letter has to be understood: "link" (split), "sdir" (sparse).
bool is_plain(Bytes bytes, std::size_t id_bytes) {
  while (bytes.left() > id_bytes) {
    const std::string_view name = bytes.word(4);
    if (name.empty() || name[0] < 'A' || name[0] > 'Z') return false;
    if (!bytes.skip(4)) return false;
    if (!bytes.skip(bytes.number(4))) return false;
  }
  return bytes.left() == id_bytes;
}

std::optional<IndexMarks> read_with(std::string_view text, std::size_t id_bytes) {
  Bytes bytes(text);
  if (bytes.word(4) != "DIRC" || !bytes.skip(4)) return std::nullopt;
  const std::uint32_t version = bytes.number(4);
  if (version != 2 && version != 3) return std::nullopt;
  IndexMarks marks;
  marks.entries = bytes.number(4);
  for (std::size_t i = 0; i < marks.entries; ++i) {
    const std::optional<bool> hidden = hides(bytes, id_bytes);
    if (!hidden) return std::nullopt;
    marks.hides = marks.hides || *hidden;
  }
  return is_plain(bytes, id_bytes) ? std::optional(marks) : std::nullopt;
}

}  // namespace

std::optional<IndexMarks> read_index_marks(const std::filesystem::path& index) {
  const Result<std::string> text = read_file(index, kLargest);
  if (!text || text->size() < kHeader) return std::nullopt;
  // The file does not say how long ids are; with the wrong length it makes no sense to its end.
  const auto marks = read_with(*text, 20);
  return marks ? marks : read_with(*text, 32);
}

}  // namespace orch::git
