#pragma once

// Which version this is.

namespace orch::cli {

/// "0.1.0", or between releases "0.1.0-12-gabcdef0": so many commits later, this one.
extern const char* const kVersion;

}  // namespace orch::cli
