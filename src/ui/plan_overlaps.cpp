// Which files several tasks touch, by file: by pairs, five tasks on one file would be ten lines.
#include "orch/base/text.hpp"
#include "ui/plan_parts.hpp"
#include "ui/plan_text.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orch::ui {
namespace {

constexpr std::size_t kMostFiles = 50;

struct Touched {
  std::string file;
  std::map<std::size_t, std::string> tasks;  // by their place in the file
};

std::vector<Touched> touched_files(const PlanPicture& picture) {
  const Plan& plan = picture.plan();
  std::vector<Touched> files;
  if (plan.overlaps.empty()) return files;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const PlannedTask& task : plan.tasks)
    places.emplace(task.spec.id.value, places.size());
  std::unordered_map<std::string, std::size_t> known;
  for (const Overlap& overlap : plan.overlaps) {
    if (!picture.is_shown(overlap.first) || !picture.is_shown(overlap.second)) continue;
    for (const std::string& file : overlap.files) {
      const auto [found, is_new] = known.emplace(file, files.size());
      if (is_new) files.push_back({file, {}});
      for (const TaskId& id : {overlap.first, overlap.second})
        files[found->second].tasks.emplace(places[id.value], id.value);
    }
  }
  return files;
}

/// What becomes of tasks that touch the same file.
std::string_view outcome(OnOverlap rule) {
  switch (rule) {
    case OnOverlap::Sequential: return "touch it and run one after the other";
    case OnOverlap::Continue: return "touch it and may run at the same time";
    case OnOverlap::Cancel: return "touch it, and so nothing would be started";
  }
  return "";
}

}  // namespace

std::string overlaps_text(const PlanPicture& picture, const PlanView& view) {
  constexpr std::size_t kMostTasks = 12;
  const std::vector<Touched> files = touched_files(picture);
  std::string text;
  for (std::size_t i = 0; i < files.size() && i < kMostFiles; ++i) {
    std::vector<std::string> ids;
    for (const auto& [place, id] : files[i].tasks) {
      if (ids.size() == kMostTasks) break;
      ids.push_back(one_line(id, 40));
    }
    const std::size_t more = files[i].tasks.size() - ids.size();
    text +=
        fmt::format("{}: {}{} {}\n", one_line(files[i].file, 100), join(ids, ", "),
                    more == 0 ? "" : fmt::format(" and {} more", more), outcome(view.on_overlap));
  }
  if (files.size() > kMostFiles)
    text += fmt::format("{} more files are touched by several tasks\n", files.size() - kMostFiles);
  return text;
}

}  // namespace orch::ui
