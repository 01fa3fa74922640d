// The usual names and the usual words.
#include "config/test_files.hpp"

#include <re2/re2.h>

#include <cstddef>

namespace orch {
namespace {

constexpr std::size_t kMostText = 256u << 10;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

bool is_test_file(std::string_view path) {
  static const RE2 kName(
      R"re((?i:(?:^|/)(?:tests?|specs?|__tests__|e2e)/)|(?i:(?:^|[/_.-])(?:tests?|spec)[_.-])|)re"
      R"re([a-z0-9](?:Tests?|Spec|IT)\.[A-Za-z]+$)re",
      RE2::Latin1);
  return RE2::PartialMatch(piece(path), kName);
}

int count_skips(std::string_view text) {
  static const RE2 kSkip(
      R"re(@pytest\.mark\.(?:skip|xfail)|pytest\.skip\(|unittest\.skip|SkipTest|@skip\b|)re"
      R"re(\b(?:it|test|describe|context)\.(?:skip|only|todo)\b|\bx(?:it|test|describe)\s*\(|)re"
      R"re(\bt\.Skip|#\[ignore|@Disabled\b|@Ignore\b|\[Ignore|Fact\(Skip|DISABLED_|GTEST_SKIP|)re"
      R"re(markTestSkipped)re",
      RE2::Latin1);
  re2::StringPiece rest = piece(text.substr(0, kMostText));
  int count = 0;
  while (RE2::FindAndConsume(&rest, kSkip))
    ++count;
  return count;
}

}  // namespace orch
