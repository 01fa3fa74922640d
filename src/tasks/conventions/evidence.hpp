#pragma once
// What is seen once of a text before its convention is known; every row of the table of conventions
// asks this and nothing else.
#include "tasks/conventions/headed.hpp"
#include "tasks/conventions/native.hpp"
#include "tasks/conventions/table.hpp"
#include "tasks/text/yaml_front.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace orch::tasks {

struct Evidence {
  /// `sample` is the document of the beginning of the text; both must outlive the evidence.
  Evidence(const Source& source, const Document& sample);
  Evidence(const Evidence&) = delete;
  Evidence& operator=(const Evidence&) = delete;

  bool path_has(std::string_view part) const {
    return source.path.find(part) != std::string_view::npos;
  }

  const Source& source;
  const Document& document;
  FrontMatter front;
  std::vector<Draft> boxes;   ///< that may be tasks, with whatever looks like an id
  std::vector<Draft> listed;  ///< of these, with ids that are sure, and without the steps of others
  NativeLook native;
  HeadedLook headed;
  TableLook table;
};

}  // namespace orch::tasks
