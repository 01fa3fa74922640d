// Stamps of files, and the file they are kept in.
#include "git/set_up.hpp"

#include "orch/base/files.hpp"
#include "orch/base/record.hpp"
#include "orch/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongest = 16u << 20;

fs::path file_in(const fs::path& admin) {
  return admin / "orch-set-up";
}

std::string to_text(const Stamp& stamp) {
  return fmt::format("{} {} {} {}", stamp.inode, stamp.size, stamp.seconds, stamp.nanoseconds);
}

template <class Number>
void read_number(std::string_view text, Number& number) {
  std::from_chars(text.data(), text.data() + text.size(), number);
}

Stamp to_stamp(std::string_view text) {
  const auto parts = split(text, ' ');
  Stamp stamp;
  if (parts.size() != 4) return stamp;
  read_number(parts[0], stamp.inode);
  read_number(parts[1], stamp.size);
  read_number(parts[2], stamp.seconds);
  read_number(parts[3], stamp.nanoseconds);
  return stamp;
}

}  // namespace

Stamp stamp_of(const struct stat& info) {
  return {info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

bool SetUp::brought(std::string_view path, const struct stat& info) const {
  if (S_ISLNK(info.st_mode) && std::ranges::find(links, path) != links.end()) return true;
  const auto found = files.find(std::string(path));
  return found != files.end() && found->second == stamp_of(info);
}

SetUp read_set_up(const fs::path& admin) {
  SetUp set_up;
  const Result<std::string> text = read_file(file_in(admin), kLongest);
  if (!text) return set_up;
  const Result<Record> record = Record::decode(*text);
  if (!record) return set_up;
  set_up.links = record->all("link");
  const auto paths = record->all("path");
  const auto stamps = record->all("stamp");
  for (std::size_t i = 0; i < paths.size() && i < stamps.size(); ++i)
    set_up.files.emplace(paths[i], to_stamp(stamps[i]));
  return set_up;
}

Status write_set_up(const fs::path& admin, const SetUp& set_up) {
  Record record;
  for (const std::string& link : set_up.links)
    record.add("link", link);
  for (const auto& [path, stamp] : set_up.files) {
    record.add("path", path);
    record.add("stamp", to_text(stamp));
  }
  return write_file(file_in(admin), record.encode(), 0600);
}

std::set<std::string> brought_in(const fs::path& admin, const fs::path& work_tree) {
  std::set<std::string> names;
  const SetUp set_up = read_set_up(admin);
  if (set_up.links.empty() && set_up.files.empty()) return names;
  auto below = Below::open(work_tree);
  if (!below) return names;
  const auto look = [&](const std::string& path) {
    const auto info = below->look(path);
    if (!info || !set_up.brought(path, *info)) return;
    names.insert(path);
    // Git names the uppermost folder in which all is new.
    for (std::size_t slash = path.rfind('/'); slash != std::string::npos;
         slash = slash == 0 ? std::string::npos : path.rfind('/', slash - 1)) {
      const std::string folder = path.substr(0, slash);
      if (names.contains(folder + '/')) break;
      const bool only = std::ranges::all_of(below->list(folder), [&](const Below::Entry& entry) {
        const std::string inner = folder + '/' + entry.name;
        return set_up.brought(inner, entry.info) || names.contains(inner + '/');
      });
      if (!only) break;
      names.insert(folder + '/');
    }
  };
  for (const std::string& link : set_up.links)
    look(link);
  for (const auto& [path, stamp] : set_up.files)
    look(path);
  return names;
}

}  // namespace orch::git
