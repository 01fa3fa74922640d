#pragma once
// The history of a run's messages, from the store.
#include "cli/run_handle.hpp"
#include "ui/messages.hpp"

#include <string>

namespace orch::cli {

/// The last ones, from and to this party; all parties, if it is empty.
Result<ui::MessageView> message_view(const app::Paths& paths, const std::string& run,
                                     const std::string& with, int last);

}  // namespace orch::cli
