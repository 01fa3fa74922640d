// Two tables of words and how they are looked up.
#include "tasks/status_words.hpp"

#include "orch/base/text.hpp"

#include <algorithm>
#include <array>

namespace orch::tasks {

namespace {

struct StatusWord {
  std::string_view word;
  Standing standing;
};

constexpr std::array kStatusWords{
    // Waiting for something else is still to be done.
    StatusWord{"open", Standing::Open},
    StatusWord{"to do", Standing::Open},
    StatusWord{"todo", Standing::Open},
    StatusWord{"pending", Standing::Open},
    StatusWord{"new", Standing::Open},
    StatusWord{"ready", Standing::Open},
    StatusWord{"planned", Standing::Open},
    StatusWord{"backlog", Standing::Open},
    StatusWord{"queued", Standing::Open},
    StatusWord{"not started", Standing::Open},
    StatusWord{"blocked", Standing::Open},
    StatusWord{"reopened", Standing::Open},
    StatusWord{"offen", Standing::Open},
    StatusWord{"geplant", Standing::Open},
    StatusWord{"pendiente", Standing::Open},
    StatusWord{"pendente", Standing::Open},
    StatusWord{"a fazer", Standing::Open},
    StatusWord{"por hacer", Standing::Open},
    StatusWord{"à faire", Standing::Open},
    StatusWord{"da fare", Standing::Open},
    StatusWord{"未着手", Standing::Open},
    StatusWord{"待办", Standing::Open},
    StatusWord{"未开始", Standing::Open},
    StatusWord{"할 일", Standing::Open},
    StatusWord{"к выполнению", Standing::Open},
    // Somebody has begun, or looks at the result.
    StatusWord{"in progress", Standing::InProgress},
    StatusWord{"inprogress", Standing::InProgress},
    StatusWord{"doing", Standing::InProgress},
    StatusWord{"started", Standing::InProgress},
    StatusWord{"active", Standing::InProgress},
    StatusWord{"wip", Standing::InProgress},
    StatusWord{"review", Standing::InProgress},
    StatusWord{"in review", Standing::InProgress},
    StatusWord{"testing", Standing::InProgress},
    StatusWord{"hooked", Standing::InProgress},
    StatusWord{"in arbeit", Standing::InProgress},
    StatusWord{"en curso", Standing::InProgress},
    StatusWord{"en progreso", Standing::InProgress},
    StatusWord{"em andamento", Standing::InProgress},
    StatusWord{"en cours", Standing::InProgress},
    StatusWord{"in corso", Standing::InProgress},
    StatusWord{"進行中", Standing::InProgress},
    StatusWord{"进行中", Standing::InProgress},
    StatusWord{"진행 중", Standing::InProgress},
    StatusWord{"진행중", Standing::InProgress},
    StatusWord{"в работе", Standing::InProgress},
    StatusWord{"done", Standing::Done},
    StatusWord{"completed", Standing::Done},
    StatusWord{"complete", Standing::Done},
    StatusWord{"closed", Standing::Done},
    StatusWord{"finished", Standing::Done},
    StatusWord{"resolved", Standing::Done},
    StatusWord{"merged", Standing::Done},
    StatusWord{"shipped", Standing::Done},
    StatusWord{"fertig", Standing::Done},
    StatusWord{"erledigt", Standing::Done},
    StatusWord{"abgeschlossen", Standing::Done},
    StatusWord{"hecho", Standing::Done},
    StatusWord{"completado", Standing::Done},
    StatusWord{"terminado", Standing::Done},
    StatusWord{"concluído", Standing::Done},
    StatusWord{"concluido", Standing::Done},
    StatusWord{"feito", Standing::Done},
    StatusWord{"terminé", Standing::Done},
    StatusWord{"fatto", Standing::Done},
    StatusWord{"完了", Standing::Done},
    StatusWord{"完成", Standing::Done},
    StatusWord{"已完成", Standing::Done},
    StatusWord{"완료", Standing::Done},
    StatusWord{"готово", Standing::Done},
    StatusWord{"выполнено", Standing::Done},
    StatusWord{"cancelled", Standing::Cancelled},
    StatusWord{"canceled", Standing::Cancelled},
    StatusWord{"wontfix", Standing::Cancelled},
    StatusWord{"won't fix", Standing::Cancelled},
    StatusWord{"won't do", Standing::Cancelled},
    StatusWord{"rejected", Standing::Cancelled},
    StatusWord{"obsolete", Standing::Cancelled},
    StatusWord{"superseded", Standing::Cancelled},
    StatusWord{"duplicate", Standing::Cancelled},
    StatusWord{"abandoned", Standing::Cancelled},
    StatusWord{"dropped", Standing::Cancelled},
    StatusWord{"abgebrochen", Standing::Cancelled},
    StatusWord{"cancelado", Standing::Cancelled},
    StatusWord{"annulé", Standing::Cancelled},
    StatusWord{"已取消", Standing::Cancelled},
    StatusWord{"отменено", Standing::Cancelled},
    StatusWord{"deferred", Standing::Deferred},
    StatusWord{"postponed", Standing::Deferred},
    StatusWord{"later", Standing::Deferred},
    StatusWord{"someday", Standing::Deferred},
    StatusWord{"icebox", Standing::Deferred},
    StatusWord{"paused", Standing::Deferred},
    StatusWord{"verschoben", Standing::Deferred},
    StatusWord{"aplazado", Standing::Deferred},
    StatusWord{"adiado", Standing::Deferred},
    StatusWord{"отложено", Standing::Deferred},
    StatusWord{"on hold", Standing::Held},
    StatusWord{"hold", Standing::Held},
    StatusWord{"draft", Standing::Held},
    StatusWord{"pinned", Standing::Held},
};

struct PriorityWord {
  std::string_view word;
  Priority priority;
};

constexpr std::array kPriorityWords{
    PriorityWord{"p0", Priority::P0},       PriorityWord{"critical", Priority::P0},
    PriorityWord{"urgent", Priority::P0},   PriorityWord{"blocker", Priority::P0},
    PriorityWord{"highest", Priority::P0},  PriorityWord{"kritisch", Priority::P0},
    PriorityWord{"dringend", Priority::P0}, PriorityWord{"crítica", Priority::P0},
    PriorityWord{"urgente", Priority::P0},  PriorityWord{"critique", Priority::P0},
    PriorityWord{"紧急", Priority::P0},     PriorityWord{"critico", Priority::P0},
    PriorityWord{"p1", Priority::P1},       PriorityWord{"high", Priority::P1},
    PriorityWord{"hoch", Priority::P1},     PriorityWord{"alta", Priority::P1},
    PriorityWord{"alto", Priority::P1},     PriorityWord{"haute", Priority::P1},
    PriorityWord{"高", Priority::P1},       PriorityWord{"높음", Priority::P1},
    PriorityWord{"высокий", Priority::P1},  PriorityWord{"p2", Priority::P2},
    PriorityWord{"medium", Priority::P2},   PriorityWord{"normal", Priority::P2},
    PriorityWord{"mittel", Priority::P2},   PriorityWord{"media", Priority::P2},
    PriorityWord{"média", Priority::P2},    PriorityWord{"médio", Priority::P2},
    PriorityWord{"moyenne", Priority::P2},  PriorityWord{"中", Priority::P2},
    PriorityWord{"보통", Priority::P2},     PriorityWord{"средний", Priority::P2},
    PriorityWord{"p3", Priority::P3},       PriorityWord{"p4", Priority::P3},
    PriorityWord{"low", Priority::P3},      PriorityWord{"lowest", Priority::P3},
    PriorityWord{"niedrig", Priority::P3},  PriorityWord{"baja", Priority::P3},
    PriorityWord{"baixa", Priority::P3},    PriorityWord{"basse", Priority::P3},
    PriorityWord{"bassa", Priority::P3},    PriorityWord{"低", Priority::P3},
    PriorityWord{"낮음", Priority::P3},     PriorityWord{"низкий", Priority::P3},
};

std::string plain(std::string_view word) {
  std::string text = lower(trim(word));
  std::ranges::replace(text, '-', ' ');
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace

std::optional<Standing> standing_of(std::string_view word) {
  const std::string wanted = plain(word);
  const auto found = std::ranges::find(kStatusWords, std::string_view(wanted), &StatusWord::word);
  if (found == kStatusWords.end()) return {};
  return found->standing;
}

std::optional<Priority> priority_of(std::string_view word) {
  const std::string wanted = plain(word);
  const auto found =
      std::ranges::find(kPriorityWords, std::string_view(wanted), &PriorityWord::word);
  if (found == kPriorityWords.end()) return {};
  return found->priority;
}

}  // namespace orch::tasks
