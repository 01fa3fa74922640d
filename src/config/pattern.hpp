#pragma once
// A setting that is a pattern: RE2's, and valid.
#include "config/setting_reader.hpp"

#include <string>

namespace orch {

void read_pattern(const SettingReader& reader, std::string& target);

}  // namespace orch
