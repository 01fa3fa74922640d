// Quoting against a reader that follows tmux's rules for control-mode lines.
#include "tmuxctl/quote.hpp"

#include "catch.hpp"

#include <optional>
#include <random>

namespace {

using namespace tmuxctl;

/// What tmux 3.3a makes of a control-mode line: its words, or nothing where it is not exactly one
/// command of plain words. Follows the table of cmd-parse.y's lexer: an environment variable or a
/// home folder expands to something else, so both count as damage.
class TmuxReader {
 public:
  static std::optional<std::vector<std::string>> words_of(const std::string& line) {
    TmuxReader reader(line);
    return reader.read();
  }

 private:
  explicit TmuxReader(const std::string& line) : line_(line) {}

  std::optional<std::vector<std::string>> read() {
    std::vector<std::string> words;
    while (at_ < line_.size()) {
      if (line_[at_] == ' ' || line_[at_] == '\t') {
        ++at_;
        continue;
      }
      const char first = line_[at_];
      if (first == '#' || first == ';' || first == '{' || first == '~') return std::nullopt;
      if (first == '%' && at_ + 1 < line_.size() && !std::isdigit(line_[at_ + 1]))
        return std::nullopt;
      if (!word()) return std::nullopt;
      words.push_back(std::exchange(word_, {}));
    }
    return words;
  }

  bool word() {
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (c == ' ' || c == '\t') return true;
      if (c == ';' || c == '\n' || c == '}' || c == '\'' || c == '$' || c == '\0') return false;
      if (static_cast<unsigned char>(c) == 0xff) return false;
      if (c == '"') {
        if (!quoted()) return false;
      } else if (c == '\\') {
        if (!escape()) return false;
      } else {
        word_ += c;
        ++at_;
      }
    }
    return true;
  }

  bool quoted() {
    ++at_;
    for (bool first = true; at_ < line_.size(); first = false) {
      const char c = line_[at_];
      if (c == '\n' || c == '\0' || c == '$' || static_cast<unsigned char>(c) == 0xff) return false;
      if (c == '~' && first) return false;
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\') {
        if (!escape()) return false;
      } else {
        word_ += c;
        ++at_;
      }
    }
    return false;  // tmux accepts it; we never mean it
  }

  bool escape() {
    if (++at_ >= line_.size()) return false;
    const char c = line_[at_++];
    const std::string_view names = "nrtabefvs";
    const std::string_view bytes = "\n\r\t\a\b\033\f\v ";
    if (c >= '0' && c <= '7') {
      if (at_ + 2 > line_.size()) return false;
      const int value = (c - '0') * 64 + (line_[at_] - '0') * 8 + (line_[at_ + 1] - '0');
      at_ += 2;
      if (value <= 0 || value > 0377) return false;
      word_ += static_cast<char>(value);
      return true;
    }
    if (c == 'u' || c == 'U') return false;
    const std::size_t known = names.find(c);
    word_ += known == names.npos ? c : bytes[known];
    return true;
  }

  const std::string& line_;
  std::size_t at_ = 0;
  std::string word_;
};

/// Mostly the bytes that mean something to a parser.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kSpecial = "\"'\\$~#;{}%\n\r\t \x7f\xff\x01nrtu0123456789-";
  std::string text;
  const std::size_t length = random() % 60;
  while (text.size() < length) {
    text += random() % 2 == 0 ? kSpecial[random() % kSpecial.size()]
                              : static_cast<char>(1 + random() % 255);
  }
  return text;
}

}  // namespace

TEST_CASE("two thousand random texts are each one word for tmux, unchanged") {
  std::mt19937 random(20240501);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random_text(random);
    const std::string other = random_text(random);
    const auto words = TmuxReader::words_of("cmd " + command_line({text, other}));
    INFO("seed 20240501, text " << i << ": " << quote(text));
    REQUIRE(words.has_value());
    REQUIRE(*words == std::vector<std::string>{"cmd", text, other});
  }
}

TEST_CASE("each byte alone, before and after text is quoted") {
  for (int byte = 1; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (const std::string& text :
         {std::string(1, c), std::string("a") + c, std::string(1, c) + "a", std::string(3, c)}) {
      INFO(byte);
      CHECK(TmuxReader::words_of(quote(text)) == std::vector<std::string>{text});
      CHECK(quote(text).find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("empty text stays a word, a zero byte is left out") {
  CHECK(quote("") == "\"\"");
  CHECK(quote(std::string_view("a\0b", 3)) == "\"ab\"");
}

TEST_CASE("a format says the text itself") {
  CHECK(literal("#(touch x) #{pid} #W ##") == "##(touch x) ##{pid} ##W ####");
  CHECK(literal("plain %H") == "plain %H");
}

TEST_CASE("a semicolon at the end of a shell word does not separate commands") {
  CHECK(shell_word("a;") == "a\\;");
  CHECK(shell_word(";") == "\\;");
  CHECK(shell_word("a\\;") == "a\\\\;");
  CHECK(shell_word("a;b") == "a;b");
  CHECK(shell_word("") == "");
}
