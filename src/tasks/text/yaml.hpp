#pragma once
// YAML with the places of its values, by libyaml.
//
// Aliases, anchors, merge keys and tags are errors with their line, never a guess: no field of a
// task needs them, and what an alias stands for cannot be replaced in place.
#include "orch/core/task.hpp"
#include "tasks/text/data_value.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace orch::tasks {

struct YamlReading {
  DataValue root;
  std::vector<Problem> problems;
};

/// Where a part of a file begins.
struct TextPlace {
  std::size_t offset = 0;
  int line = 1;
};

/// The first document of `text`. Where that is not valid, what people write and mean is read all
/// the same (`title: Fix: the cache`), and each field at the left margin for itself, so that a
/// mistake costs one field. In linear time.
YamlReading read_yaml(std::string_view text, TextPlace place = {});

}  // namespace orch::tasks
