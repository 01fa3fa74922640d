// Tells by the file's identity that it is another one.
#include "cli/live_store.hpp"

#include "app/ground.hpp"

#include <sys/stat.h>

namespace orch::cli {

Result<const store::Store*> LiveStore::now(std::int64_t& seq) {
  struct stat status {};

  const bool there = ::stat(paths_.database().c_str(), &status) == 0;
  const std::pair file(status.st_dev, status.st_ino);
  if (store_ && there && file == file_) return &*store_;
  if (!there) app::await_put_back(paths_);
  Result<store::Store> opened = store::Store::open(paths_.database(), store::Access::ReadOnly);
  if (!opened) return passed_on(opened);
  if (::stat(paths_.database().c_str(), &status) == 0) file_ = {status.st_dev, status.st_ino};
  if (store_) seq = 0;
  store_ = std::move(*opened);
  return &*store_;
}

}  // namespace orch::cli
