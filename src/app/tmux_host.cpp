// The run's session on its tmux server.
#include "app/tmux_host.hpp"

#include "config/names.hpp"
#include "loop/child.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orch::app {

TmuxServer tmux_server(const TmuxRules& rules, const std::filesystem::path& root) {
  using tmuxctl::Address;
  if (!rules.socket_path.empty())
    return {Address::at((root / rules.socket_path).string()), false, true};
  constexpr std::string_view kSocket = "socket:";
  constexpr std::string_view kDefault = "default";
  constexpr std::string_view kPrivate = "tmux-orch";
  std::string_view name = kPrivate;
  if (rules.server == kDefault) name = kDefault;
  if (rules.server.starts_with(kSocket))
    name = std::string_view(rules.server).substr(kSocket.size());
  // The same names by `-L` mean the same servers.
  return {Address::named(std::string(name)), name == kPrivate, name != kDefault};
}

std::string session_name(const std::filesystem::path& repository) {
  // tmux gives `:` and `.` a meaning in names of sessions.
  std::string name = slug(repository.filename().string());
  std::ranges::replace(name, '.', '_');
  return fmt::format("orch-{}-{}", name.substr(0, 24),
                     hex(fnv1a(repository.string())).substr(0, 6));
}

TmuxHost::TmuxHost(loop::Loop& loop, loop::Children& children, SessionSpec spec)
    : loop_(loop), children_(children), spec_(std::move(spec)) {}

TmuxHost::~TmuxHost() = default;

tmuxctl::Server* TmuxHost::connected() {
  return usable_ && server_ && server_->connected() ? server_.get() : nullptr;
}

loop::Awaiter<Result<tmuxctl::Server*>> TmuxHost::ready() {
  return loop::Awaiter<Result<tmuxctl::Server*>>([this](Waiter waiter) {
    if (usable_) return waiter(server_.get());
    waiting_.push_back(std::move(waiter));
    if (starting_) return;
    starting_ = true;
    loop::spawn<Status>(start(), [this](Status status) { started(std::move(status)); });
  });
}

loop::Job<Status> TmuxHost::start() {
  server_ = std::make_unique<tmuxctl::Server>(loop_, children_, spec_.server.address);
  server_->events.on_lost = [this](tmuxctl::Loss loss, const std::string& why) { lost(loss, why); };
  server_->events.on_notice = [this](const tmuxctl::Notice& notice) {
    if (notice.name == "sessions-changed" && on_sessions_changed) on_sessions_changed();
  };
  tmuxctl::StartSpec spec;
  spec.session = spec_.session;
  spec.argv = spec_.home;
  spec.own_server = spec_.server.ours;
  if (spec_.server.with_our_config) spec.config = spec_.config;
  spec.history_limit = spec_.history;
  Status up = co_await server_->start(spec);
  if (!up) co_return up;
  std::vector<tmuxctl::Option> options;
  for (const auto& [name, value] : spec_.options) {
    options.push_back({server_->session().value, name, value});
  }
  co_return co_await server_->set_options(std::move(options));
}

loop::Job<Status> TmuxHost::close_if_unwatched() {
  tmuxctl::Server* server = connected();
  if (server == nullptr) co_return Status();
  const Result<std::vector<tmuxctl::Client>> clients = co_await server->list_clients();
  if (!clients) co_return passed_on(clients);
  for (const tmuxctl::Client& client : *clients) {
    const bool ours = client.session == spec_.session || client.group == spec_.session;
    if (ours && !client.control) co_return Status();
  }
  co_return co_await server->kill_session(server->session());
}

void TmuxHost::started(Status status) {
  starting_ = false;
  usable_ = status.has_value();
  if (!usable_) retired_.push_back(std::move(server_));
  for (Waiter& waiter : std::exchange(waiting_, {})) {
    if (usable_) {
      waiter(server_.get());
    } else {
      waiter(passed_on(status));
    }
  }
  // A server that failed to start must not be freed from within its own callback.
  loop_.post([this] { retired_.clear(); });
}

void TmuxHost::lost(tmuxctl::Loss loss, const std::string& why) {
  if (loss == tmuxctl::Loss::Client || !usable_) return;
  usable_ = false;
  retired_.push_back(std::move(server_));
  loop_.post([this, why] {
    retired_.clear();
    if (on_server_lost) on_server_lost(why);
  });
}

}  // namespace orch::app
