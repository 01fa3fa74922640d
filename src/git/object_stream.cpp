// `ID TYPE SIZE`, a newline, and of contents the bytes and a newline; or `NAME missing`.
#include "git/object_stream.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace orch::git {
namespace {

// Its longest part is a name of ours.
constexpr std::size_t kLongestLine = 8192;

std::optional<GitObject> object_in(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() != 3) return std::nullopt;
  GitObject object;
  object.id = words[0];
  object.type = words[1];
  const char* end = words[2].data() + words[2].size();
  const auto [stopped, fault] = std::from_chars(words[2].data(), end, object.size);
  if (fault != std::errc() || stopped != end) return std::nullopt;
  return object;
}

/// Nothing: it is not whole yet.
std::optional<std::string_view> first_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end != text.npos) return text.substr(0, end);
  if (text.size() > kLongestLine) return text;
  return std::nullopt;
}

ObjectStream::Answer answer_in(std::string_view line) {
  if (line.ends_with(" missing") || line.ends_with(" ambiguous")) return std::nullopt;
  std::optional<GitObject> object = object_in(line);
  if (!object) return fail(Fault::Corrupt, "git answered: {}", one_line(line, 100));
  return object;
}

}  // namespace

void ObjectStream::feed(std::string_view bytes) {
  const std::size_t skipped = std::min(skip_, bytes.size());
  skip_ -= skipped;
  text_ += bytes.substr(skipped);
}

std::optional<ObjectStream::Answer> ObjectStream::next_info() {
  const auto line = first_line(text_);
  if (!line) return std::nullopt;
  Answer answer = answer_in(*line);
  text_.erase(0, line->size() + 1);
  return answer;
}

std::optional<ObjectStream::Answer> ObjectStream::next_contents(std::size_t most) {
  const auto line = first_line(text_);
  if (!line) return std::nullopt;
  Answer answer = answer_in(*line);
  const std::size_t begin = line->size() + 1;
  if (!answer || !*answer) {
    text_.erase(0, begin);
    return answer;
  }
  GitObject& object = **answer;
  const std::size_t rest = text_.size() - begin;
  if (object.size > most) {
    const std::size_t behind = std::min(rest, object.size + 1);
    skip_ = object.size + 1 - behind;
    text_.erase(0, begin + behind);
    return fail(Fault::Full, "object {} has {} bytes", object.id, object.size);
  }
  if (rest < object.size + 1) return std::nullopt;
  object.bytes = text_.substr(begin, object.size);
  text_.erase(0, begin + object.size + 1);
  return answer;
}

}  // namespace orch::git
