#pragma once
// What is asked of a server, or done to one, by a process of its own: for where there is no
// connection, and only once.
#include "orch/base/result.hpp"
#include "tmuxctl/address.hpp"
#include "tmuxctl/server.hpp"
#include "tmuxctl/values.hpp"

#include <string>

namespace tmuxctl {

/// A pane as it is at this moment.
struct PaneText {
  std::string rows;  ///< as capture-pane prints them
  std::string title;
  bool dead = false;
  int width = 0;
  int height = 0;
};

/// Fault::NotFound: there is no such pane, or no server.
Job<Result<PaneText>> capture_once(orch::loop::Children& children, Address address, PaneId pane);

/// And with it all programs in its panes. No server there is an error.
Job<Status> kill_server(orch::loop::Children& children, Address address);

}  // namespace tmuxctl
