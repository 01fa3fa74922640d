// Each reason, fact and refusal has a sentence, and the sentences say what is in them.
#include "ui/sentences.hpp"

#include "catch.hpp"
#include "orch/core/event.hpp"

#include <set>

using namespace orch;

namespace {

const TaskId kTask{"T1"};

Reason fault(bool whole) {
  return {
      .kind = ReasonKind::Fault, .text = "index.lock exists", .hint = "remove it", .whole = whole};
}

/// With something in each field, so that no gap of a sentence stays empty.
Reason full(ReasonKind kind) {
  return {.kind = kind,
          .text = "{text}",
          .hint = "hint",
          .number = 7,
          .attempt = 2,
          .path = "/path",
          .names = {"a", "b", "c"},
          .cause = {fault(false)}};
}

}  // namespace

TEST_CASE("every kind of reason has a sentence of its own") {
  std::set<std::string> seen;
  for (const auto& [kind, word] : EnumNames<ReasonKind>::kTable) {
    INFO(word);
    const std::string text = ui::sentence(full(kind), kTask);
    CHECK(text.empty() == (kind == ReasonKind::None));
    const bool is_word_for_word = kind == ReasonKind::Quoted || kind == ReasonKind::OfBranch;
    if (!is_word_for_word) CHECK(seen.insert(text).second);
  }
}

TEST_CASE("every kind of refusal has a sentence") {
  for (int kind = 1; kind <= static_cast<int>(RefusalKind::CannotCompact); ++kind) {
    INFO(kind);
    CHECK_FALSE(ui::sentence(Refusal{.kind = static_cast<RefusalKind>(kind)}).empty());
  }
  CHECK(ui::sentence(Refusal{}).empty());
}

TEST_CASE("a reason without anything in it has a sentence as well") {
  for (const auto& [kind, word] : EnumNames<ReasonKind>::kTable)
    CHECK_NOTHROW(ui::sentence(Reason{.kind = kind}));
}

TEST_CASE("what others said is not taken for a sentence with gaps") {
  CHECK(ui::sentence(quoted("{task} {}")) == "{task} {}");
}

TEST_CASE("the command that goes on is added, unless the fault says itself how") {
  const Reason own = because_of(ReasonKind::CannotSave, fault(false));
  CHECK(ui::sentence(own, kTask) ==
        "its work could not be saved: index.lock exists; remove it; then `tmux-orch retry T1`");
  const Reason whole = because_of(ReasonKind::CannotSave, fault(true));
  CHECK(ui::sentence(whole, kTask) == "its work could not be saved: index.lock exists; remove it");
  const Reason deeper = because_of(ReasonKind::Attempt, whole);
  CHECK(ui::sentence(deeper, kTask).find("then") == std::string::npos);
}

TEST_CASE("many names are cut short") {
  Reason needs{.kind = ReasonKind::NeedsTasks, .names = {"A", "B", "C", "D", "E"}};
  CHECK(ui::sentence(needs) == "needs A, B, C and 2 more");
  needs.names.resize(3);
  CHECK(ui::sentence(needs) == "needs A, B, C");
}

TEST_CASE("a fact says what its kind says, or its reason") {
  const Reason branch{.kind = ReasonKind::OfBranch, .text = "main"};
  CHECK(ui::sentence(Fact{FactKind::BaseMoved, {}, branch}) ==
        "main has new commits: they are merged in");
  CHECK(ui::sentence(Fact{FactKind::TaskHeld, kTask, {}}) == "held");
  CHECK(ui::sentence(Fact{FactKind::TaskEdited, kTask, {ReasonKind::EditedInFile}}) ==
        "changed in the task file while it is under way; `tmux-orch retry T1` starts it with the "
        "new text");
}

TEST_CASE("a bare sentence names no command, and is the same otherwise") {
  for (const auto& [kind, word] : EnumNames<ReasonKind>::kTable) {
    Reason reason = full(kind);
    reason.cause = {quoted("why")};
    const std::string bare = ui::bare_sentence(reason, kTask);
    INFO(word << ": " << bare);
    CHECK(ui::sentence(reason, kTask).starts_with(bare));
    CHECK(bare.find("`tmux-orch") == std::string::npos);
  }
  const Reason deep = because_of(ReasonKind::Attempt, because_of(ReasonKind::CannotLand, {}));
  CHECK(ui::bare_sentence(deep, kTask).find('`') == std::string::npos);
}

TEST_CASE("who has locked a file says something else than whose file it is") {
  const std::string locked =
      ui::sentence(Refusal{.kind = RefusalKind::Locked, .task = kTask, .word = "a.c"});
  const std::string named =
      ui::sentence(Refusal{.kind = RefusalKind::NamedByOther, .task = kTask, .word = "a.c"});
  CHECK(locked.starts_with("T1 has locked a.c"));
  CHECK(named.starts_with("a.c is a file of T1"));
}

TEST_CASE("what only the user may do is called as they type it") {
  const auto refused = [](Verb verb) {
    return ui::sentence(Refusal{
        .kind = RefusalKind::OnlyTheUser, .task = kTask, .word = std::string(typed_word(verb))});
  };
  CHECK(refused(Verb::ReleaseWith) == "only the user may release T1");
  CHECK(refused(Verb::AnswerAlways) == "only the user may approve --always T1");
  CHECK(refused(Verb::DownKeepAgents) == "only the user may down --keep-agents T1");
  for (const auto& [verb, word] : EnumNames<Verb>::kTable)
    CHECK(typed_word(verb).find("-with") == std::string_view::npos);
}

TEST_CASE("what is about no task names a command for any") {
  const std::string text = ui::sentence(full(ReasonKind::KindRefused), {});
  CHECK(text.ends_with("`tmux-orch up` or `tmux-orch retry TASK`"));
}
