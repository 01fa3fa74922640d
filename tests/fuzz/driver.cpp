// Runs the fuzz target without libFuzzer: mutates the files of some folders for a while.
//
//   NAME_fuzz SECONDS [--seed N] FILE|FOLDER...
//
// A text that breaks a promise, crashes or takes a second is left in the file "fuzz-failure".
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongest = 4'096;
constexpr std::size_t kPiece = 2'048;  // larger files are several seeds

std::string g_input;  // for the signal handler

void keep_input(int number) {
  const int fd = ::open("fuzz-failure", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd >= 0 && ::write(fd, g_input.data(), g_input.size()) >= 0) ::close(fd);
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void add_seeds(std::vector<std::string>& seeds, const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::size_t{64} * kPiece, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t line = text.find('\n', from + kPiece);
    const std::size_t to = std::min({line, from + kLongest, text.size()});
    seeds.push_back(text.substr(from, to - from));
    from = to == line ? to + 1 : to;
  }
}

std::vector<std::string> seeds_of(const std::vector<std::string>& paths) {
  std::vector<std::string> seeds;
  for (const std::string& path : paths) {
    if (!fs::is_directory(path)) {
      add_seeds(seeds, path);
      continue;
    }
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const fs::path& file : files)
      add_seeds(seeds, file);
  }
  return seeds;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, unsigned seed)
      : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t i = below(6); i > 0; --i)
      mutate(text);
    text.resize(std::min(text.size(), kLongest));
    return static_cast<char>(below(256)) + text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }

  /// A piece of some seed, whole lines more often than not.
  std::string piece() {
    const std::string& text = seeds_[below(seeds_.size())];
    std::size_t from = below(text.size());
    std::size_t to = std::min(from + below(200), text.size());
    if (below(4) > 0) {
      from = text.rfind('\n', from);
      from = from == std::string::npos ? 0 : from + 1;
      to = std::min(text.find('\n', to), text.size() - 1) + 1;
    }
    return to <= from ? std::string() : text.substr(from, std::min(to - from, std::size_t{2'000}));
  }

  void mutate(std::string& text) {
    static const std::vector<std::string> kBits{
        "- [ ] ", "[x]",   "```\n",        "---\n", "\t",        "  ",  "\r\n", "\r", "# ",
        "\f",     "|",     "**",           "{",     "}",         "[",   "]",    "\"", ":",
        ", ",     "<!-- ", "-->",          "\\u0",  "T1",        "1.1", "&a ",  "*a", "\f",
        ": |\n",  "> ",    "\xEF\xBB\xBF", "é",     "Depends: ",
    };
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(below(40), text.size() - at);
    switch (below(7)) {
      case 0: text.insert(at, kBits[below(kBits.size())]); break;
      case 1: text.replace(at, length, kBits[below(kBits.size())]); break;
      case 2: text.erase(at, length); break;
      case 3: text.insert(at, piece()); break;
      case 4: text.insert(at, text.substr(at, length)); break;
      case 5: text.resize(at); break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(below(128));
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937 random_;
};

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> paths(arguments + 1, arguments + count);
  const int seconds = paths.empty() ? 0 : std::atoi(paths.front().c_str());
  if (!paths.empty()) paths.erase(paths.begin());
  unsigned seed = 1;
  if (paths.size() > 1 && paths[0] == "--seed") {
    seed = static_cast<unsigned>(std::atoi(paths[1].c_str()));
    paths.erase(paths.begin(), paths.begin() + 2);
  }
  const std::vector<std::string> seeds = seeds_of(paths);
  if (seeds.empty()) {
    std::fprintf(stderr, "usage: NAME_fuzz SECONDS [--seed N] FILE|FOLDER...\n");
    return 2;
  }
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE})
    std::signal(number, keep_input);
  Mutator mutator(seeds, seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::size_t runs = 0;
  std::clock_t slowest = 0;
  const auto run = [&runs, &slowest](std::string input) {
    g_input = std::move(input);
    const std::clock_t start = std::clock();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(g_input.data()), g_input.size());
    slowest = std::max(slowest, std::clock() - start);
    ++runs;
    if (slowest > CLOCKS_PER_SEC) {
      std::fprintf(stderr, "one text took more than a second\n");
      std::abort();
    }
  };
  while (std::chrono::steady_clock::now() < end)
    run(mutator.next());
  std::printf("%zu texts, the slowest took %.0f ms, seed %u\n", runs,
              1000.0 * static_cast<double>(slowest) / CLOCKS_PER_SEC, seed);
  return 0;
}
