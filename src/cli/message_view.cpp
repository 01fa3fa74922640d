// Reads messages and routes.
#include "cli/message_view.hpp"

#include "store/store.hpp"

#include <utility>
#include <vector>

namespace orch::cli {

Result<ui::MessageView> message_view(const app::Paths& paths, const std::string& run,
                                     const std::string& with, int last) {
  const Result<store::Store> store = store::Store::open(paths.database(), store::Access::ReadOnly);
  if (!store) return passed_on(store);
  Result<std::vector<PastMessage>> messages = store->messages(run, with, last);
  if (!messages) return passed_on(messages);
  Result<std::vector<Route>> routes = store->routes(run);
  if (!routes) return passed_on(routes);
  return ui::MessageView{std::move(*messages), std::move(*routes)};
}

}  // namespace orch::cli
