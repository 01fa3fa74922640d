#pragma once
// Pure: what git says when something went wrong, to what is done about it and what people read.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orch::git {

/// Does an error of git's say that objects are gone or damaged? Not: that they could not be looked
/// at.
bool lacks_objects(std::string_view git_error);

/// What the signer said when git could not sign, on one line.
std::string why_unsigned(std::string_view git_error);

/// The lock file that "Unable to create '...': File exists." names.
std::optional<std::string> held_lock(std::string_view git_error);

/// What went wrong, without "fatal: ", followed in brackets by the cause where git told it
/// before; safe to show.
std::string reason_of(std::string_view git_error);

/// The files that a merge which git refused names, one a line after a tab.
std::vector<std::string> files_named(std::string_view git_error);

/// What stands in the way of a merge that git refused, as sentences: "your changes to a, b are in
/// the way", "your .env is in the way"; where git names nothing, its own reason.
std::string why_refused(std::string_view git_error);

/// The first names, and how many more there are.
std::string listed(const std::vector<std::string>& names);

}  // namespace orch::git
