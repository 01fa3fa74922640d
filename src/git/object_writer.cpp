// The bytes go through a private file, whose path is the question; the answer is the id.
#include "git/object_writer.hpp"

#include "git/scratch.hpp"
#include "orch/base/files.hpp"
#include "orch/base/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace orch::git {

namespace fs = std::filesystem;

namespace {

// Of a disk that is slow to sync, say.
constexpr Span kWritePatience = std::chrono::seconds(10);

/// A new file of nobody else's with these bytes; removed by the destructor.
class ScratchObject {
 public:
  explicit ScratchObject(fs::path file) : file_(std::move(file)) {}

  ~ScratchObject() { ::unlink(file_.c_str()); }

  ScratchObject(const ScratchObject&) = delete;
  ScratchObject& operator=(const ScratchObject&) = delete;

  Status write(std::string_view bytes) const {
    constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const Fd fd(::open(file_.c_str(), kNew, 0600));
    if (!fd) return errno_failure(errno, "cannot make " + file_.native());
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno_failure(errno, "cannot write " + file_.native());
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

 private:
  fs::path file_;
};

bool is_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

std::string_view to_text(ObjectType type) {
  switch (type) {
    case ObjectType::Blob: return "blob";
    case ObjectType::Tree: return "tree";
    case ObjectType::Commit: return "commit";
  }
  return "";
}

bool is_loose(const fs::path& git_dir, std::string_view id) {
  if (!is_id(id)) return false;
  std::error_code error;
  const fs::path file = git_dir / "objects" / id.substr(0, 2) / id.substr(2);
  return fs::is_regular_file(file, error);
}

ObjectWriter::ObjectWriter(loop::Loop& loop, loop::Children& children,
                           std::function<loop::Command(ObjectType)> command, fs::path git_dir)
    : git_dir_(std::move(git_dir)) {
  for (std::size_t type = 0; type < kTypes; ++type) {
    std::function<loop::Command()> start = [command, type] {
      return command(static_cast<ObjectType>(type));
    };
    gits_[type] = std::make_unique<LastingGit>(loop, children, std::move(start), kWritePatience);
  }
}

loop::Job<Result<std::string>> ObjectWriter::write(ObjectType type, std::string bytes) {
  fs::path file = scratch_name(git_dir_, kScratchObject, this);
  file += fmt::format("-{}", ++files_);
  const ScratchObject scratch(file);
  const Status written = scratch.write(bytes);
  if (!written) co_return passed_on(written);
  LastingGit& git = *gits_[static_cast<std::size_t>(type)];
  std::string question = file.native() + '\n';
  const auto answer = co_await git.ask(std::move(question), 1);
  if (!answer) co_return passed_on(answer);
  std::string id(trim(*answer));
  if (!is_loose(git_dir_, id))
    co_return fail(Fault::Busy, "git has the object elsewhere: {}", one_line(id, 100));
  co_return id;
}

void ObjectWriter::restart() {
  for (const auto& git : gits_)
    git->restart();
}

}  // namespace orch::git
