// What a program said before it ended.
#include "app/last_words.hpp"

#include "orch/attempt/attempt.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"
#include "term/terminal.hpp"

#include <algorithm>
#include <vector>

namespace orch::app {

std::string last_words(const std::filesystem::path& attempt) {
  // One that printed more was at work, and its words are not asked for.
  constexpr std::size_t kMostRead = 256u << 10;
  constexpr std::size_t kRows = 3;
  constexpr std::size_t kLongest = 300;
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  if (!folder) return {};
  const Result<std::string> log = folder->read(std::string(shim::attempt_file::kOutput), kMostRead);
  if (!log) return {};
  term::Terminal terminal;
  terminal.feed(*log);
  std::vector<std::string> rows;
  for (const std::string& row : terminal.last_screen())
    if (const std::string_view text = trim(row); !text.empty()) rows.emplace_back(text);
  if (rows.size() > kRows) rows.erase(rows.begin(), rows.end() - kRows);
  return one_line(join(rows, " / "), kLongest);
}

}  // namespace orch::app
