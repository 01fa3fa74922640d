// The newest record of a delivery: made before its text is typed, and once.
#include "app/last_text.hpp"

#include "orch/attempt/delivery.hpp"
#include "orch/base/untrusted.hpp"

#include <fmt/format.h>

#include <string_view>

namespace orch::app {
namespace {

constexpr std::string_view kRecord = ".passed";
constexpr std::size_t kMostRecords = 2000;

std::optional<timespec> changed_at(const std::filesystem::path& path) {
  struct stat info {};

  if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
  return info.st_mtim;
}

}  // namespace

bool is_before(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

LastText::LastText(const std::filesystem::path& attempt)
    : folder_(attempt / shim::kDeliveriesFolder) {}

void LastText::look() {
  const std::optional<timespec> changed = changed_at(folder_);
  const bool is_same = changed && folder_changed_ && !is_before(*folder_changed_, *changed) &&
                       !is_before(*changed, *folder_changed_);
  if (!changed || is_same) return;
  folder_changed_ = changed;
  const Result<UntrustedFolder> folder = UntrustedFolder::open(folder_);
  if (!folder) return;
  for (const std::string& name : folder->names(kMostRecords)) {
    if (!name.ends_with(kRecord)) continue;
    const std::optional<timespec> at = changed_at(folder_ / name);
    if (at && (!at_ || is_before(*at_, *at))) at_ = at;
  }
}

std::string LastText::name() const {
  return at_ ? fmt::format("{}.{:09}", at_->tv_sec, at_->tv_nsec) : std::string();
}

}  // namespace orch::app
