#pragma once
// Runs one coroutine to its end: how a verb uses the adapters that the supervisor uses
// asynchronously.
#include "loop/child.hpp"
#include "loop/job.hpp"
#include "loop/loop.hpp"

#include <optional>
#include <utility>

namespace orch::cli {

struct Blocking {
  loop::Loop loop;
  loop::Children children{loop};

  template <class T>
  T wait(loop::Job<T> job) {
    std::optional<T> value;
    loop::spawn<T>(std::move(job), [&](T result) {
      value = std::move(result);
      loop.stop();
    });
    while (!value)
      loop.run();
    return std::move(*value);
  }
};

}  // namespace orch::cli
