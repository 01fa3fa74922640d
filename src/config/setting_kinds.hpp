#pragma once
// Kinds of settings that need more than one call of a SettingReader.
#include "config/setting_reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace orch {

/// "5 GB", "500MB"; units of a thousand, as disks are sold and shown. Empty: 0, the default.
void read_size(const SettingReader& reader, std::int64_t& target);
/// Dollars, kept as millionths.
void read_cost(const SettingReader& reader, std::int64_t& target);
/// Absolute paths, or such that begin with ~/.
void read_places(const SettingReader& reader, std::vector<std::string>& target);
/// Folders below the repository's root, as git names them.
void read_folders(const SettingReader& reader, std::vector<std::string>& target);
/// A key as tmux names it.
void read_key(const SettingReader& reader, std::string& target);
/// A number from 0 on, or "auto": -1.
void read_count(const SettingReader& reader, int& target, int most);

}  // namespace orch
