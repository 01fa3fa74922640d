// Templates and readers of tmux's formats.
#include "tmuxctl/format.hpp"

#include "orch/base/text.hpp"

#include <charconv>

namespace tmuxctl {

using orch::Fault;

namespace {

/// Takes the fields of one row from left to right; remembers that one was wrong.
class Row {
 public:
  explicit Row(std::string_view text) : text_(text), rest_(text) {}

  std::string_view next() {
    if (ended_) wrong_ = true;
    const std::size_t tab = rest_.find('\t');
    const std::string_view field = rest_.substr(0, tab);
    ended_ = tab == std::string_view::npos;
    rest_ = ended_ ? std::string_view() : rest_.substr(tab + 1);
    return field;
  }

  std::string rest() {
    if (ended_) wrong_ = true;
    ended_ = true;
    return std::string(rest_);
  }

  std::string id(char sigil) {
    const std::string_view field = next();
    if (!is_id(sigil, field)) wrong_ = true;
    return std::string(field);
  }

  template <class Number = int>
  Number number() {
    const std::string_view field = next();
    Number value = 0;
    const char* end = field.data() + field.size();
    const auto [stop, code] = std::from_chars(field.data(), end, value);
    if (field.empty() || code != std::errc{} || stop != end) wrong_ = true;
    return value;
  }

  // A flag that a version of tmux does not know is empty.
  bool flag() { return next() == "1"; }

  Status status() const {
    if (!wrong_) return {};
    return orch::fail(Fault::Corrupt, "cannot read what tmux says: '{}'",
                      orch::one_line(text_, 120));
  }

 private:
  std::string_view text_;
  std::string_view rest_;
  bool ended_ = false;
  bool wrong_ = false;
};

template <class T>
Result<T> checked(const Row& row, T value) {
  if (const Status status = row.status(); !status) return orch::passed_on(status);
  return value;
}

}  // namespace

bool is_id(char sigil, std::string_view text) {
  return text.size() >= 2 && text.size() <= 12 && text[0] == sigil &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::string session_format() {
  return "#{session_id}\t#{window_id}\t#{session_group}\t#{session_name}";
}

Result<std::vector<Session>> read_sessions(const std::vector<std::string>& lines) {
  std::vector<Session> sessions;
  for (const std::string& line : lines) {
    if (line.find('\t') == std::string::npos) continue;
    Row row(line);
    Session session;
    session.id.value = row.id('$');
    session.window.value = row.id('@');
    session.group = row.next();
    session.name = row.rest();
    if (const Status status = row.status(); !status) return orch::passed_on(status);
    sessions.push_back(std::move(session));
  }
  return sessions;
}

// A client in control mode has no height.
std::string client_format() {
  return "#{client_control_mode}\t#{?client_width,#{client_width},0}\t"
         "#{?client_height,#{client_height},0}\t#{client_activity}\t#{window_id}\t"
         "#{session_group}\t#{session_name}";
}

Result<std::vector<Client>> read_clients(const std::vector<std::string>& lines) {
  std::vector<Client> clients;
  for (const std::string& line : lines) {
    if (line.find('\t') == std::string::npos) continue;
    Row row(line);
    Client client;
    client.control = row.flag();
    client.columns = row.number();
    client.rows = row.number();
    client.activity = row.number<std::int64_t>();
    client.window.value = row.id('@');
    client.group = row.next();
    client.session = row.rest();
    if (const Status status = row.status(); !status) return orch::passed_on(status);
    clients.push_back(std::move(client));
  }
  return clients;
}

std::string pane_format(std::string_view option) {
  std::string format =
      "#{pane_id}\t#{window_id}\t#{window_index}\t#{pane_pid}\t#{pane_dead}\t#{window_activity}\t"
      "#{history_size}\t#{cursor_x}\t#{cursor_y}\t#{pane_in_mode}\t#{pane_title}\t";
  if (!option.empty()) format += fmt::format("#{{{}}}", option);
  return format;
}

Result<std::vector<Pane>> read_panes(const std::vector<std::string>& lines) {
  std::vector<Pane> panes;
  for (const std::string& line : lines) {
    if (line.find('\t') == std::string::npos) continue;
    Row row(line);
    Pane pane;
    pane.pane.value = row.id('%');
    pane.window.value = row.id('@');
    pane.index = row.number();
    pane.pid = row.number<pid_t>();
    pane.dead = row.flag();
    pane.activity = row.number<std::int64_t>();
    pane.history = row.number();
    pane.cursor_x = row.number();
    pane.cursor_y = row.number();
    pane.in_mode = row.flag();
    pane.title = row.next();
    pane.option = row.rest();
    if (const Status status = row.status(); !status) return orch::passed_on(status);
    panes.push_back(std::move(pane));
  }
  return panes;
}

std::string opened_format() {
  return "#{window_id}\t#{pane_id}\t#{pane_pid}";
}

Result<Opened> read_opened(std::string_view text) {
  Row row(text);
  Opened opened;
  opened.window.value = row.id('@');
  opened.pane.value = row.id('%');
  opened.pid = row.number<pid_t>();
  return checked(row, opened);
}

std::string screen_format() {
  return "#{pane_width}\t#{pane_height}\t#{cursor_x}\t#{cursor_y}\t#{history_size}\t"
         "#{alternate_on}\t#{pane_in_mode}";
}

Result<Captured> read_screen(std::string_view text) {
  Row row(text);
  Captured captured;
  captured.screen.width = row.number();
  captured.screen.height = row.number();
  captured.screen.cursor_x = row.number();
  captured.screen.cursor_y = row.number();
  captured.history = row.number();
  captured.screen.alternate = row.flag();
  captured.screen.in_mode = row.flag();
  return checked(row, captured);
}

std::string server_info_format() {
  return "#{pid}\t#{session_id}\t#{version}";
}

Result<ServerInfo> read_server_info(std::string_view text) {
  Row row(text);
  ServerInfo info;
  info.pid = row.number<pid_t>();
  info.session.value = row.id('$');
  info.version = row.rest();
  return checked(row, info);
}

}  // namespace tmuxctl
