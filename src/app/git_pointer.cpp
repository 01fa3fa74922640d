// What no agent can make long, or a way to elsewhere.
#include "app/git_pointer.hpp"

#include "orch/base/text.hpp"
#include "orch/base/untrusted.hpp"

namespace orch::app {
namespace {

constexpr std::size_t kLargestPointer = 4096;

}  // namespace

std::string pointer_in(const std::filesystem::path& folder, const std::string& name,
                       std::string_view words) {
  const Result<UntrustedFolder> opened = UntrustedFolder::open(folder);
  if (!opened) return {};
  const Result<std::string> text = opened->read(name, kLargestPointer);
  if (!text || !text->starts_with(words)) return {};
  return std::string(trim(std::string_view(*text).substr(words.size())));
}

std::string commit_in(const std::filesystem::path& folder, const std::string& name) {
  constexpr std::size_t kSha1 = 40;
  constexpr std::size_t kSha256 = 64;
  std::string text = pointer_in(folder, name, "");
  const bool fits = text.size() == kSha1 || text.size() == kSha256;
  const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return fits && is_hex ? text : std::string();
}

}  // namespace orch::app
