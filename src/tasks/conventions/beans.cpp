// Tells a bean from other files with front matter, and finds its id.
#include "tasks/conventions/beans.hpp"

#include "tasks/conventions/front_task.hpp"

namespace orch::tasks {

namespace {

/// "abc-1x2y" of ".beans/abc-1x2y--add-the-export.md"; empty: the name is no such.
std::string_view id_in_name(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dashes = name.find("--");
  return dashes == std::string_view::npos ? std::string_view() : name.substr(0, dashes);
}

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t:") == std::string_view::npos;
}

std::string_view id_of_bean(const FrontMatter& front, std::string_view path) {
  return is_word(front.comment) ? std::string_view(front.comment) : id_in_name(path);
}

}  // namespace

bool is_bean(const FrontMatter& front, std::string_view path) {
  if (!front.has("title") || !front.has("status") || front.has("id")) return false;
  const std::string_view name = id_in_name(path);
  const bool by_comment = is_word(front.comment) && (name.empty() || front.comment == name);
  const bool by_name = !name.empty() && front.has("type") && front.has("created_at");
  return by_comment || by_name;
}

Reading read_beans(const Source& source) {
  const FrontMatter front = front_matter_of(source.text);
  return front_task(source, front, {"completed", "todo"}, id_of_bean(front, source.path));
}

}  // namespace orch::tasks
