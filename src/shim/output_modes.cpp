// Looks for ESC[?...h, ESC[?...l and the reset of the terminal, as tmux does.
#include "shim/output_modes.hpp"

#include <cstddef>

namespace orch::shim {
namespace {

constexpr char kModeBegin = '\x1b';
constexpr std::size_t kLongestModes = 256;

bool has_mode(std::string_view parameters, std::string_view mode) {
  while (!parameters.empty()) {
    const std::size_t end = parameters.find(';');
    if (parameters.substr(0, end) == mode) return true;
    parameters = end == std::string_view::npos ? "" : parameters.substr(end + 1);
  }
  return false;
}

}  // namespace

void OutputModes::read(std::string_view output) {
  for (std::size_t at = 0; at < output.size(); ++at) {
    if (state_ == State::Ground) at = output.find(kModeBegin, at);
    if (at == std::string_view::npos) return;
    step(output[at]);
  }
}

void OutputModes::step(char byte) {
  const bool in_csi = state_ == State::Csi;
  if (byte == kModeBegin) {
    state_ = State::Escape;
  } else if (state_ == State::Escape) {
    parameters_.clear();
    state_ = byte == '[' ? State::Csi : State::Ground;
    if (byte == 'c') bracketed_paste_ = utf8_mouse_ = application_cursor_ = false;
  } else if (in_csi && byte >= 0x20 && byte < 0x40 && parameters_.size() < kLongestModes) {
    parameters_ += byte;
  } else {
    state_ = State::Ground;
    if (in_csi && (byte == 'h' || byte == 'l')) set(byte == 'h');
  }
}

void OutputModes::set(bool on) {
  if (!parameters_.starts_with('?')) return;
  const std::string_view modes = std::string_view(parameters_).substr(1);
  if (has_mode(modes, "2004")) bracketed_paste_ = on;
  if (has_mode(modes, "1005")) utf8_mouse_ = on;
  if (has_mode(modes, "1")) application_cursor_ = on;
}

}  // namespace orch::shim
