// The sentences by which agents learn how to report.
#include "agents/report_text.hpp"

#include "agents/status_file.hpp"
#include "orch/base/text.hpp"

#include <fmt/format.h>

#include <string_view>

namespace orch {
namespace {

constexpr std::string_view kSentence = "what you did, in one sentence";

std::string by_command(const AgentProfile& profile) {
  std::string text =
      "On a long task, tell how far you are, from 0 to 1: tmux-orch progress 0.5\n\n";
  if (profile.done == DoneBy::Exit) {
    return text +
           "When the task is finished, end with status 0. If you cannot go on, run:\n"
           "  tmux-orch blocked 'why'\n";
  }
  return text +
         "The task is over only when one of these two commands has said \"recorded\"; nobody reads "
         "a summary in the chat. Keep the single quotes, and use no apostrophe between them.\n"
         "  tmux-orch done -m 'what you did, in one sentence'\n"
         "  tmux-orch blocked 'why you cannot go on'\n";
}

std::string how_it_ends(const AgentProfile& profile, std::string_view otherwise) {
  if (profile.done == DoneBy::Exit) return "When the task is finished, end with status 0.";
  return fmt::format("The task is over only when you have {}; nobody reads a summary in the chat.",
                     otherwise);
}

/// A file that is written as a whole is never read by halves.
std::string by_file(const AgentProfile& profile, const TaskSpec& task, const AttemptPlace& place) {
  return fmt::format(
      "{0}\nYou report by the file {1} at the top of the folder. It is JSON, it is never "
      "committed, and you write it as a whole:\n"
      "  {{\"agentId\": \"{2}\", \"taskId\": \"{3}\", \"status\": \"done\", \"message\": "
      "\"{4}\"}}\n"
      "If you cannot go on, its status is \"blocked\" and its message says why. On a long task, "
      "tell how far you are: status \"working\", and \"progress\" from 0 to 1.\n",
      how_it_ends(profile, "said so in a file"), kStatusFile, one_line(place.agent_id),
      one_line(task.id.value), kSentence);
}

/// In two parts, so that a screen that shows this text shows no marker line.
std::string by_markers(const AgentProfile& profile, const AttemptPlace& place) {
  const std::size_t half = place.marker_code.size() / 2;
  return fmt::format(
      "{0}\nYou report by printing a line, as text of your own, that begins and ends as these do. "
      "In the place of CODE stands {1} followed by {2}, written together.\n"
      "  TMUX-ORCH[CODE] DONE {3} [CODE]\n"
      "  TMUX-ORCH[CODE] BLOCKED why you cannot go on [CODE]\n"
      "  TMUX-ORCH[CODE] PROGRESS 0.5 [CODE]\n",
      how_it_ends(profile, "said so in such a line"), place.marker_code.substr(0, half),
      place.marker_code.substr(half), kSentence);
}

}  // namespace

std::string report_text(const AgentProfile& profile, const TaskSpec& task,
                        const AttemptPlace& place) {
  switch (profile.reports) {
    case ReportBy::File: return by_file(profile, task, place);
    case ReportBy::Markers: return by_markers(profile, place);
    case ReportBy::Command: break;
  }
  return by_command(profile);
}

std::string done_words(const AgentProfile& profile) {
  switch (profile.reports) {
    case ReportBy::File: return fmt::format("write {} with the status \"done\"", kStatusFile);
    case ReportBy::Markers: return "print your DONE line, in other words than before";
    case ReportBy::Command: break;
  }
  return "run: tmux-orch done -m 'what you did, in one sentence'";
}

std::string blocked_words(const AgentProfile& profile) {
  switch (profile.reports) {
    case ReportBy::File: return fmt::format("write {} with the status \"blocked\"", kStatusFile);
    case ReportBy::Markers: return "print your BLOCKED line, in other words than before";
    case ReportBy::Command: break;
  }
  return "tmux-orch blocked 'why'";
}

}  // namespace orch
