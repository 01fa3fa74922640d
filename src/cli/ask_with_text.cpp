// File, request, and the file goes again.
#include "cli/ask_with_text.hpp"

#include "app/spool.hpp"
#include "app/supervisor_client.hpp"
#include "cli/agent_context.hpp"
#include "cli/output.hpp"
#include "cli/say.hpp"
#include "orch/base/files.hpp"
#include "orch/base/random.hpp"

namespace orch::cli {
namespace {

/// An agent may write in the folder of its attempt alone.
Result<fs::path> place_of_text(const RunHandle& handle, const std::string& id) {
  if (!is_in_agents_pane()) return handle.paths.message(id);
  const Result<AgentContext> context = find_agent_context();
  if (!context) return passed_on(context);
  return app::agents_text(context->folder, id);
}

}  // namespace

Result<std::string> ask_with_text(const RunHandle& handle, UserAsked request,
                                  std::string_view text) {
  if (request.message.empty()) request.message = random_hex();
  const Result<fs::path> place = place_of_text(handle, request.message);
  if (!place) return passed_on(place);
  const fs::path& file = *place;
  if (Status made = make_folders(file.parent_path(), 0700); !made) return passed_on(made);
  if (Status written = write_file(file, text, 0600); !written) return passed_on(written);
  Result<std::string> asked =
      app::ask_supervisor(handle.paths, handle.run.info.id, own_program(), request);
  std::error_code ec;
  fs::remove(file, ec);
  return asked;
}

}  // namespace orch::cli
