#pragma once
// Reads what a tmux control client prints: bytes to messages, wherever the bytes are cut.
#include "orch/base/result.hpp"
#include "tmuxctl/values.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tmuxctl {

/// The three numbers that `%begin` and the line that ends its block share. `flags` is 1 where the
/// block answers a line of this client, 0 for the attach command and for hooks.
struct Guard {
  std::uint64_t time = 0;
  std::uint64_t number = 0;
  std::uint64_t flags = 0;
  bool operator==(const Guard&) const = default;
};

struct Block {
  Guard guard;
  bool error = false;
  Reply reply;
};

/// The client is about to end; the reason is empty when it was detached or the server stops.
struct Exit {
  std::string why;
  bool operator==(const Exit&) const = default;
};

using Message = std::variant<Block, Notice, Exit>;

/// Within a block everything is text up to the line that repeats the block's whole guard: a screen
/// may show lines like `%end 1 2 3` or `%exit`. As the guard's numbers can be guessed, a reply that
/// can hold untrusted text is fenced, see Fence.
/// (In 3.3a `%pause` and `%continue` come inside a block, but only in that of `refresh-client -A`,
/// which crashes servers and is never sent.)
class Parser {
 public:
  /// `next_fence` is asked at the begin of each block with flags 1: the word that fences it, or "".
  Parser(std::function<void(Message)> on_message, std::function<std::string_view()> next_fence)
      : on_message_(std::move(on_message)), next_fence_(std::move(next_fence)) {}

  /// Fault::Full when a line or a block grows over the bound; nothing can be read after that.
  Status feed(std::string_view bytes);

  static constexpr std::size_t kLimit = 32u << 20;

 private:
  void take_line(std::string_view line);
  void take_outside(std::string_view line);
  void take_plain(std::string_view line);
  void take_fenced(std::string_view line);
  void finish_fenced();

  std::function<void(Message)> on_message_;
  std::function<std::string_view()> next_fence_;

  std::string partial_;  ///< the line that has not ended yet
  bool inside_ = false;
  Block block_;
  std::size_t held_ = 0;  ///< bytes of text in block_
  std::string fence_;
  /// The guard of the block that the fence's word stood in, once that has been seen.
  Guard fence_guard_;
  bool fence_seen_ = false;
};

}  // namespace tmuxctl
