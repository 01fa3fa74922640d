#pragma once
// One task of beans (.beans/ID--slug.md): front matter without an id, which stands in a comment
// at its top and in the name of the file.
#include "tasks/model/item.hpp"
#include "tasks/text/yaml_front.hpp"

#include <string_view>

namespace orch::tasks {

bool is_bean(const FrontMatter& front, std::string_view path);
Reading read_beans(const Source& source);

}  // namespace orch::tasks
