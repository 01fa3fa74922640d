// Keeps all children: looks at them on SIGCHLD, tells their owners, ends them at the stop.
#include "loop/child.hpp"
#include "loop/descriptors.hpp"
#include "loop/running.hpp"
#include "orch/base/text.hpp"

#include <signal.h>
#include <string.h>
#include <uv.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace orch::loop {
namespace {

// Our ends of the pipes of a command that runs, and all that are open while it is started.
constexpr int kDescriptorsOfCommand = 3;
constexpr int kDescriptorsOfStart = 10;
constexpr Span kGraceWhenLate = std::chrono::seconds(2);

}  // namespace

struct Children::Impl {
  Impl(Children& children, Loop& events)
      : self(children), loop(events), child_signal(new uv_signal_t) {
    uv_signal_init(loop.uv(), child_signal);
    child_signal->data = this;
    // Armed before the first child, as one that ends sooner would never be noticed.
    uv_signal_start(
        child_signal, [](uv_signal_t* uv, int) { static_cast<Impl*>(uv->data)->look_at_all(); },
        SIGCHLD);
    uv_unref(uv());
  }

  ~Impl() {
    for (const auto& [pid, child] : alive) {
      child->kill_and_wait();
    }
    alive.clear();
    uv_close(uv(), [](uv_handle_t* closed) { delete reinterpret_cast<uv_signal_t*>(closed); });
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  uv_handle_t* uv() const { return reinterpret_cast<uv_handle_t*>(child_signal); }

  Running& add(const Command& command, Launched launched, Running::Told told) {
    const pid_t pid = launched.process.pid;
    auto& child = alive[pid];
    child = std::make_unique<Running>(loop, std::move(launched), command.keep, std::move(told));
    uv_ref(uv());  // a child may have closed its streams and still run
    if (self.on_start) self.on_start(child->process(), command);
    return *child;
  }

  /// Takes it out of the map; it lives as long as the caller keeps it.
  std::unique_ptr<Running> remove(pid_t pid) {
    auto node = alive.extract(pid);
    stoppable.erase(pid);
    if (alive.empty()) uv_unref(uv());
    if (self.on_end) self.on_end(node.mapped()->process());
    return std::move(node.mapped());
  }

  /// With one at work it is waited for rather than taking the last descriptors: a file that cannot
  /// be opened looks like one that is not there. Each command ends, so this does.
  bool must_wait() const {
    constexpr int kNeeded =
        std::max(kDescriptorsOfStart, kDescriptorsOfCommand + kDescriptorsInReserve);
    return commands > 0 && !has_descriptors(kNeeded);
  }

  static Error not_started(const Command& command) {
    return {Fault::Busy, fmt::format("{} was not started any more", command.argv.front()), {}};
  }

  void run(Command command, Done done) {
    if (stopping) return refuse(std::move(done), not_started(command));
    if (!waiting.empty() || must_wait()) {
      waiting.emplace_back(std::move(command), std::move(done));
    } else {
      start(std::move(command), std::move(done));
    }
  }

  void start(Command command, Done done) {
    auto launched = launch(command, command.input.empty() ? Input::Null : Input::Pipe);
    if (!launched) return refuse(std::move(done), launched.error());
    const pid_t pid = launched->process.pid;
    Running::Told told;
    told.on_finished = [this, pid, done = std::move(done)](Finished finished) {
      const auto child = remove(pid);
      --commands;
      done(std::move(finished));
      start_waiting();
      tell_if_empty();
    };
    ++commands;
    if (command.stoppable) stoppable.insert(pid);
    Running& child = add(command, std::move(*launched), std::move(told));
    child.end_after(command.timeout);
    if (!command.input.empty()) child.feed(std::move(command.input));
    if (command.on_late) look_when_late(child, std::move(command));
  }

  /// Kept by those who look at the child, perhaps for longer than it lives.
  void look_when_late(Running& child, Command command) {
    const auto end = [this, still = std::weak_ptr<bool>(here), id = child.process()] {
      if (still.expired()) return;
      const auto found = alive.find(id.pid);
      if (found != alive.end() && found->second->process() == id)
        found->second->end(kGraceWhenLate);
    };
    child.look_after(command.late, [look = std::move(command.on_late), id = child.process(), end] {
      look(id, end);
    });
  }

  void start_waiting() {
    while (!waiting.empty() && !must_wait()) {
      auto [command, done] = std::move(waiting.front());
      waiting.pop_front();
      start(std::move(command), std::move(done));
    }
  }

  void refuse(Done done, const Error& error) {
    const std::weak_ptr<bool> still = here;
    loop.post([still, done = std::move(done), error] {
      if (!still.expired()) done(Failure(error));
    });
  }

  void tell_if_empty() {
    if (!alive.empty()) return;
    for (const auto& call : std::exchange(when_empty, {})) {
      call();
    }
  }

  /// One signal may stand for many children, and what a child's owner does may end others.
  void look_at_all() {
    std::vector<pid_t> pids;
    for (const auto& [pid, child] : alive) {
      pids.push_back(pid);
    }
    for (const pid_t pid : pids) {
      if (const auto found = alive.find(pid); found != alive.end()) found->second->look();
    }
  }

  Children& self;
  Loop& loop;
  uv_signal_t* child_signal;
  std::map<pid_t, std::unique_ptr<Running>> alive;
  std::set<pid_t> stoppable;
  int commands = 0;  // of those alive; the others are pipes, which may live for ever
  std::deque<std::pair<Command, Done>> waiting;
  bool stopping = false;  // for ever: after stop_all()
  std::vector<std::function<void()>> when_empty;
  std::shared_ptr<bool> here = std::make_shared<bool>(true);  // for what is posted and comes later
};

namespace {

/// What a Pipe and its child know of each other; either may go first.
struct Link {
  Running* child = nullptr;
};

class LivePipe : public Children::Pipe {
 public:
  LivePipe(std::shared_ptr<Link> link, ProcessId process)
      : link_(std::move(link)), process_(std::move(process)) {}

  ~LivePipe() override {
    if (link_->child == nullptr) return;
    link_->child->mute();
    link_->child->in().close();
    link_->child->end(std::chrono::seconds(2));
  }

  LivePipe(const LivePipe&) = delete;
  LivePipe& operator=(const LivePipe&) = delete;

  void write(std::string bytes) override {
    if (link_->child != nullptr) link_->child->in().write(std::move(bytes));
  }

  std::size_t pending() const override {
    return link_->child == nullptr ? 0 : link_->child->in().pending();
  }

  void close_input() override {
    if (link_->child != nullptr) link_->child->close_input();
  }

  ProcessId process() const override { return process_; }

  void kill(int signal_number) override {
    if (link_->child != nullptr) link_->child->signal(signal_number);
  }

 private:
  std::shared_ptr<Link> link_;
  ProcessId process_;
};

}  // namespace

Children::Children(Loop& loop) : impl_(std::make_unique<Impl>(*this, loop)) {}

Children::~Children() {
  on_start = nullptr;
  on_end = nullptr;
}

void Children::run(Command command, Done done) {
  impl_->run(std::move(command), std::move(done));
}

Awaiter<Result<Finished>> Children::run(Command command) {
  return Awaiter<Result<Finished>>([this, command = std::move(command)](Done done) mutable {
    run(std::move(command), std::move(done));
  });
}

Result<std::unique_ptr<Children::Pipe>> Children::open(
    Command command, std::function<void(std::string_view)> on_output,
    std::function<void(Finished)> on_exit) {
  if (impl_->stopping) return Failure(Impl::not_started(command));
  auto launched = launch(command, Input::Pipe);
  if (!launched) return passed_on(launched);
  const auto link = std::make_shared<Link>();
  const ProcessId process = launched->process;
  Running::Told told;
  told.on_output = std::move(on_output);
  told.on_finished = [impl = impl_.get(), pid = process.pid, weak = std::weak_ptr(link),
                      on_exit = std::move(on_exit)](Finished finished) {
    const auto child = impl->remove(pid);
    if (const auto pipe = weak.lock()) {
      pipe->child = nullptr;
      on_exit(std::move(finished));
    }
    impl->start_waiting();
    impl->tell_if_empty();
  };
  link->child = &impl_->add(command, std::move(*launched), std::move(told));
  if (!command.input.empty()) link->child->in().write(std::move(command.input));
  return std::make_unique<LivePipe>(link, process);
}

std::size_t Children::alive() const {
  return impl_->alive.size();
}

void Children::stop_long(Span grace) {
  for (const pid_t pid : impl_->stoppable)
    impl_->alive.at(pid)->end(grace);
}

void Children::stop_all(Span grace, std::function<void()> done) {
  // Who is told of an end may ask for a next child, and would never come to one.
  impl_->stopping = true;
  for (auto& [command, told] : std::exchange(impl_->waiting, {}))
    impl_->refuse(std::move(told), Impl::not_started(command));
  if (impl_->alive.empty()) {
    const std::weak_ptr<bool> here = impl_->here;
    impl_->loop.post([here, done = std::move(done)] {
      if (!here.expired()) done();
    });
    return;
  }
  impl_->when_empty.push_back(std::move(done));
  for (const auto& [pid, child] : impl_->alive) {
    child->end(grace);
  }
}

/// The line of its output that says most: the last one that is not a hint.
static std::string_view last_words(const Finished& finished) {
  const std::string& said = trim(finished.err).empty() ? finished.out : finished.err;
  std::string_view words;
  for (const std::string_view line : split_lines(said)) {
    const std::string_view text = trim(line);
    if (!text.empty() && !text.starts_with("hint:")) words = text;
  }
  return words;
}

std::string Finished::text(std::string_view name) const {
  std::string text;
  if (timed_out) {
    text = fmt::format("{} took too long and was ended", name);
  } else if (signal != 0) {
    text = fmt::format("{} was ended by signal {} ({})", name, signal, ::strsignal(signal));
  } else if (code < 0) {
    text = fmt::format("{} ended, but its exit status was lost", name);
  } else {
    text = fmt::format("{} exited with {}", name, code);
  }
  const std::string words = one_line(last_words(*this), 300);
  return words.empty() ? text : fmt::format("{}: {}", text, words);
}

}  // namespace orch::loop
