#pragma once
// What would make the loop wait (large files, large texts, trees of files) as a step of a job that
// goes on in a thread meanwhile.
#include "loop/job.hpp"
#include "loop/loop.hpp"
#include "orch/base/result.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace orch::loop {

/// Runs `work` in another thread and gives its value. It has all that it needs by value: nothing of
/// the loop, and nothing that somebody else changes. The job that awaits this has to look again at
/// what it knew before. When the loop ends first, the work is waited for and its value is dropped.
///
///   std::function<Text()> read = [path] { return read_text(path); };
///   const Text text = co_await off_loop<Text>(loop, std::move(read));
template <class T>
Job<T> off_loop(Loop& loop, std::function<T()> work) {
  Awaiter<T> answer([&loop, &work](std::function<void(T)> done) {
    // First the thread has it, then the loop.
    const auto value = std::make_shared<std::optional<T>>();
    loop.work([value, work = std::move(work)] { value->emplace(work()); },
              [value, done = std::move(done)] { done(std::move(**value)); });
  });
  co_return co_await answer;
}

/// Deletes all that is there, if anything. What of it cannot be deleted stays: Fault::Io.
Job<Status> remove_tree(Loop& loop, std::filesystem::path path);

}  // namespace orch::loop
