#pragma once
// The command line as plain values: a verb says which options it has, and where their values go.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
}

namespace orch::cli {

/// Takes the options of one verb, in the order in which its help names them. What they are read
/// into must live until the verb has run.
class OptionList {
 public:
  explicit OptionList(CLI::App& verb) : verb_(verb) {}

  void flag(const char* names, bool& to, const char* text);
  void number(const char* names, int& to, const char* text);
  void text(const char* names, std::string& to, const char* text);
  void text(const char* names, std::optional<std::string>& to, const char* text);
  /// One of `words`.
  void choice(const char* names, std::string& to, const char* text,
              const std::vector<std::string>& words);
  void choice(const char* names, std::optional<std::string>& to, const char* text,
              const std::vector<std::string>& words);
  /// Several, with commas between.
  void list(const char* names, std::vector<std::string>& to, const char* text);
  /// What stands there without a dash, `most` times at most.
  void words(const char* name, std::vector<std::string>& to, const char* text, int most);
  /// Once or more.
  void needed_words(const char* name, std::vector<std::string>& to, const char* text);
  void needed_word(const char* name, std::string& to, const char* text);

  /// What choice() was given, by the names of the option.
  const std::map<std::string, std::vector<std::string>>& choices() const { return choices_; }

 private:
  CLI::App& verb_;
  std::map<std::string, std::vector<std::string>> choices_;
};

/// What was typed.
struct Call {
  std::string folder;  ///< -C: as if started there
  std::function<int()> run;
};

/// Or the exit status of a command line that ends here (help, version, a mistake).
std::variant<Call, int> parse_command_line(int argc, char** argv);

}  // namespace orch::cli
