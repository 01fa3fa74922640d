#pragma once
// What tmux prints when it fails, as an Error that says what to do about it.
#include "orch/base/result.hpp"
#include "tmuxctl/address.hpp"

#include <string>
#include <string_view>

namespace tmuxctl {

/// The text of a command's error block.
orch::Error refusal(std::string_view text);
/// What a tmux client wrote to stderr; the folder of an unusable socket is named.
orch::Error explain(const Address& address, std::string_view text);
/// Is this what a server says, or leaves unsaid, that is just ending? The next one may be asked
/// soon.
bool is_passing(std::string_view text);
/// tmux could not be started at all.
orch::Error not_started(const orch::Error& error);

}  // namespace tmuxctl
