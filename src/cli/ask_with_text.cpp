// File, request, and the file goes again.
#include "cli/ask_with_text.hpp"

#include "app/supervisor_client.hpp"
#include "cli/output.hpp"
#include "orch/base/files.hpp"
#include "orch/base/random.hpp"

namespace orch::cli {

Result<std::string> ask_with_text(const RunHandle& handle, UserAsked request,
                                  std::string_view text) {
  if (request.message.empty()) request.message = random_hex();
  const fs::path file = handle.paths.message(request.message);
  if (Status made = make_folders(file.parent_path(), 0700); !made) return passed_on(made);
  if (Status written = write_file(file, text, 0600); !written) return passed_on(written);
  Result<std::string> asked =
      app::ask_supervisor(handle.paths, handle.run.info.id, own_program(), request);
  std::error_code ec;
  fs::remove(file, ec);
  return asked;
}

}  // namespace orch::cli
