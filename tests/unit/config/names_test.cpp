// Names made of hostile text are still names, and different tasks never share one.
#include "config/names.hpp"

#include "catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace orch;

namespace {

/// git's rules for refs (git-check-ref-format(1)), written down a second time from the manual.
bool git_takes(const std::string& name) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  std::size_t from = 0;
  while (from <= name.size()) {
    const std::size_t end = std::min(name.find('/', from), name.size());
    const std::string part = name.substr(from, end - from);
    const bool locked = part.size() >= 5 && part.compare(part.size() - 5, 5, ".lock") == 0;
    if (part.empty() || part[0] == '.' || locked) return false;  // rules 1 and 6
    from = end + 1;
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;  // rule 4
    if (std::string_view(" ~^:?*[\\").find(c) != std::string_view::npos) return false;
  }
  if (has("..") || has("@{") || name.back() == '.') return false;  // rules 3, 7, 8
  return name[0] != '-' && name != "HEAD";                         // --branch
}

NameFields fields_of(std::string id) {
  return {TaskId{std::move(id)}, 3, "Add a login page!", "claude", 2, "r1"};
}

/// Text made of what breaks names.
std::string hostile_text(std::mt19937& random) {
  static const std::vector<std::string> kParts{
      "a",     "Z",           "9",        "-",  "--", ".",    "..",   "/",   "//",
      ".lock", "@{",          "@",        "~",  "^",  ":",    "?",    "*",   "[",
      "]",     "\\",          " ",        "\n", "\t", "\x7f", "\x01", "é",   "🙂",
      "HEAD",  "refs/heads/", "{id}",     "'",  "\"", ";",    "$(x)", "-rf", std::string(1, '\0'),
      "\xff",  "_",           "deadbeef", "-0"};
  std::string text;
  const int count = std::uniform_int_distribution<int>(0, 8)(random);
  for (int i = 0; i < count; ++i) {
    text += kParts[std::uniform_int_distribution<std::size_t>(0, kParts.size() - 1)(random)];
  }
  return text;
}

bool is_safe_component(const std::string& name) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 49 && std::all_of(name.begin(), name.end(), safe) &&
         name.front() != '-' && name.front() != '.' && name.back() != '.';
}

}  // namespace

TEST_CASE("an ordinary id is its own slug") {
  for (const char* id : {"T1", "T001", "1.2", "api_v2", "fix-login", "a--b", "x", "2024-01-01",
                         "1.2.3-rc.1", "0123456789012345678901234567890123456789"}) {
    CHECK(slug(id) == id);
  }
}

TEST_CASE("a hostile id becomes a safe name that ends in a hash") {
  const std::map<std::string, std::string> begins{
      {"..", "task-"},
      {".", "task-"},
      {"", "task-"},
      {"-rf", "rf-"},
      {"a;b", "a-b-"},
      {"@{-1}", "1-"},
      {"x.lock", "x.lock-"},
      {"🙂🙂", "task-"},
      {"naïve", "na-ve-"},
      {"two\nlines", "two-lines-"},
      {".hidden", "hidden-"},
      {"trailing.", "trailing-"},
      {"a..b", "a.-b-"},
      {"refs/heads/x", "refs-heads-x-"},
      {"../../etc/passwd", "etc-passwd-"},
      {"a b", "a-b-"},
      {"HEAD", "HEAD-"},
      {std::string(300, 'x'), std::string(40, 'x') + "-"},
      {std::string("nul\0nul", 7), "nul-nul-"},
  };
  for (const auto& [id, begin] : begins) {
    INFO(id);
    const std::string name = slug(id);
    CHECK(name.starts_with(begin));
    CHECK(name.size() == begin.size() + 8);
    CHECK(is_safe_component(name));
    CHECK(git_takes(name));
    CHECK(check_branch_name(name));
  }
  CHECK(slug("a b") == slug("a b"));
}

TEST_CASE("different ids have different slugs, also when one imitates the other's") {
  std::set<std::string> names;
  const std::vector<std::string> ids{"a b", "a-b", "a/b", "a;b", "a  b", " a-b", "a-b ", "A-b"};
  for (const std::string& id : ids) {
    names.insert(slug(id));
  }
  CHECK(names.size() == ids.size());
  const std::string imitated = slug("a b");
  CHECK(slug(imitated) != imitated);
  const std::string beginning(60, 'x');
  CHECK(slug(beginning + "1") != slug(beginning + "2"));
}

TEST_CASE("whatever an id holds, its slug is a safe component of its own") {
  std::mt19937 random(20240607);
  std::map<std::string, std::string> id_of;
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = hostile_text(random);
    const std::string name = slug(id);
    if (!is_safe_component(name) || !git_takes(name) || !git_takes("orch/" + name)) {
      FAIL("bad slug '" << name << "' of '" << id << "'");
    }
    const auto [known, is_new] = id_of.emplace(name, id);
    if (!is_new && known->second != id)
      FAIL("'" << id << "' and '" << known->second << "' collide");
  }
  CHECK(id_of.size() > 10'000);
}

TEST_CASE("a branch is taken exactly when git's rules take it") {
  for (const char* good : {"main", "orch/T1", "a/b/c", "x@y", "@", "feature/ü", "a.b", "{x}"}) {
    INFO(good);
    CHECK(check_branch_name(good).has_value() == git_takes(good));
    CHECK(check_branch_name(good));
  }
  std::mt19937 random(7);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = hostile_text(random);
    const bool taken = !name.empty() && git_takes(name);
    if (check_branch_name(name).has_value() != taken) FAIL("'" << name << "' is judged wrongly");
    if (!taken) ++refused;
  }
  CHECK(refused > 1'000);
  CHECK(refused < 20'000);
}

TEST_CASE("a refused branch says which rule it breaks") {
  const auto why = [](std::string_view name) { return check_branch_name(name).error().what; };
  CHECK(why("") == "\"\" cannot be a branch: it has an empty part");
  CHECK(why("a//b") == "\"a//b\" cannot be a branch: it has an empty part");
  CHECK(why("a..b") == "\"a..b\" cannot be a branch: it has '..' or '@{' in it");
  CHECK(why("-x") == "\"-x\" cannot be a branch: it begins with '-'");
  CHECK(why("a/.b") == "\"a/.b\" cannot be a branch: it has a part that begins with '.'");
  CHECK(why("a.lock/b") == "\"a.lock/b\" cannot be a branch: it has a part that ends in '.lock'");
  CHECK(why("a.") == "\"a.\" cannot be a branch: it ends in '.'");
  CHECK(why("HEAD") == "\"HEAD\" cannot be a branch: it is git's own");
  CHECK(check_branch_name("a\nb").error().what.ends_with(
      "cannot be a branch: it has a control character in it"));
  CHECK(check_branch_name(std::string(201, 'x')).error().what.ends_with("it is too long"));
}

TEST_CASE("a pattern's placeholders are filled in") {
  CHECK(*branch_name("roadmap_task-{id}", fields_of("T1")) == "roadmap_task-T1");
  CHECK(*branch_name("{run}/{agent}/{num}-{slug}.{attempt}", fields_of("T1")) ==
        "r1/claude/3-add-a-login-page.2");
  CHECK(*folder_name("../trees/{id}", fields_of("T1")) == "../trees/T1");
  CHECK(*folder_name("/var/trees/{id}{id}", fields_of("T1")) == "/var/trees/T1T1");
  CHECK(*folder_name(".worktrees/{id}", fields_of("../..")) == ".worktrees/" + slug("../.."));
  CHECK(*branch_name("orch/{id}", fields_of("{run}")) == "orch/" + slug("{run}"));
}

TEST_CASE("a pattern that makes no name is an error") {
  const auto branch = [](std::string_view pattern) {
    return to_text(branch_name(pattern, fields_of("lock")).error());
  };
  CHECK(branch("{ID}") ==
        "{ID} is not a placeholder\n"
        "the placeholders are {id}, {num}, {slug}, {agent}, {attempt} and {run}");
  CHECK(branch("a{") == "\"a{\" has a '{' without its '}'");
  CHECK(branch("x.{id}") == "\"x.lock\" cannot be a branch: it has a part that ends in '.lock'");

  const auto folder = [](std::string_view pattern) {
    return to_text(folder_name(pattern, fields_of("T1")).error());
  };
  CHECK(folder("") == "\"\" cannot be a worktree: it has no last part");
  CHECK(folder("{id}/") == "\"T1/\" cannot be a worktree: it has no last part");
  CHECK(folder("-{id}") == "\"-T1\" cannot be a worktree: it begins with '-'");
  CHECK(folder(".git/{id}") == "\".git/T1\" cannot be a worktree: it lies in git's own folder");
  CHECK(folder(std::string(201, 'x')).ends_with("it is too long"));
  CHECK(folder("a\nb").ends_with("it has a control character in it"));
}

TEST_CASE("a title's slug is short and readable") {
  CHECK(title_slug("Add a login page!") == "add-a-login-page");
  CHECK(title_slug("  API: v2.0 (draft)  ") == "api-v2-0-draft");
  CHECK(title_slug("🙂") == "task");
  CHECK(title_slug("") == "task");
  CHECK(title_slug("one two three four five six seven eight nine ten") ==
        "one-two-three-four-five-six-seven-eight");
  CHECK(title_slug(std::string(90, 'x')) == std::string(40, 'x'));
}
