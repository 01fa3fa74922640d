// A list of ids in a file that their agent may have written: it can only lose reports of its own.
#include "app/taken_reports.hpp"

#include "orch/base/files.hpp"
#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

#include <algorithm>
#include <utility>

namespace orch::app {
namespace {

const std::string kName = "taken-reports";
constexpr std::size_t kKept = 200;
constexpr std::size_t kLongest = std::size_t{64} << 10;

}  // namespace

TakenReports::TakenReports(std::filesystem::path attempt) : file_(attempt / kName) {
  const Result<UntrustedFolder> folder = UntrustedFolder::open(attempt);
  const Result<std::string> text = folder ? folder->read(kName, kLongest) : passed_on(folder);
  if (!text) return;
  for (const std::string_view id : split_lines(*text))
    if (!id.empty()) ids_.emplace_back(id);
}

bool TakenReports::has(std::string_view id) const {
  return std::ranges::find(ids_, id) != ids_.end();
}

void TakenReports::add(std::string id) {
  if (has(id)) return;
  ids_.push_back(std::move(id));
  if (ids_.size() > kKept) ids_.erase(ids_.begin());
  // Where it cannot be written, the core knows the id as well, for a while.
  (void)write_file(file_, join(ids_, "\n") + '\n', 0600);
}

}  // namespace orch::app
