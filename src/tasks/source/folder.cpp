// Reads each file for itself, then resolves the names between them.
#include "tasks/source/folder.hpp"

#include "orch/base/text.hpp"
#include "tasks/conventions/backlog.hpp"
#include "tasks/conventions/beans.hpp"
#include "tasks/conventions/box_lists.hpp"
#include "tasks/conventions/ccpm.hpp"
#include "tasks/conventions/data_list.hpp"
#include "tasks/conventions/detect.hpp"
#include "tasks/conventions/front_task.hpp"
#include "tasks/conventions/reader.hpp"
#include "tasks/items/fields.hpp"
#include "tasks/items/item_text.hpp"
#include "tasks/items/record_status.hpp"
#include "tasks/items/references.hpp"
#include "tasks/items/script.hpp"
#include "tasks/model/problem_list.hpp"
#include "tasks/source/folder_files.hpp"
#include "tasks/text/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace orch::tasks {

namespace {

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

/// What a file of the folder is read as.
struct FileKind {
  std::string_view format;  ///< empty: no front matter and no record
  Reading (*read)(const Source& source) = nullptr;
};

FileKind kind_of(const Source& source) {
  if (is_task_record(source.path)) return {"trellis", read_json};
  if (is_yaml_name(source.path)) return {"yaml", read_yaml_file};
  if (source.path.ends_with(".json")) return {"json", read_json};
  const FrontMatter front = front_matter_of(source.text);
  if (is_epic(front)) return {};
  if (is_bean(front, source.path)) return {"beans", read_beans};
  if (is_backlog_task(front)) return {"backlog", read_backlog};
  if (is_front_task(front) || has_status(front)) return {"ccpm", read_ccpm};
  return {};
}

std::string_view reason_of(std::string_view format) {
  if (format == "folder") return "each file in the folder is a task";
  if (format == "yaml") return "each file in the folder is a task in YAML";
  if (format == "json") return "each file in the folder is a task in JSON";
  if (format == "trellis") return "each folder in it has a task.json";
  return "its files have front matter of tasks";
}

/// The value of `Status: done` or `- **Status:** Done`; empty if the line is none.
std::string_view status_in(std::string_view line) {
  constexpr std::string_view kAround = " \t-*_`";
  constexpr std::string_view kName = "status";
  line.remove_prefix(std::min(line.find_first_not_of(kAround), line.size()));
  if (lower(line.substr(0, kName.size())) != kName) return {};
  line.remove_prefix(kName.size());
  const std::size_t colon = line.find_first_not_of("*_ ");
  if (colon == std::string_view::npos || line[colon] != ':') return {};
  const std::size_t first = line.find_first_not_of(kAround, colon + 1);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kAround) - first + 1);
}

/// Among the first lines below the heading.
void take_status(Item& item, const Outline& outline, int heading) {
  constexpr int kLines = 30;
  const int last = std::min(outline.line_count(), heading + kLines);
  for (int number = heading + 1; number <= last; ++number) {
    const std::string_view value = status_in(outline.line(number));
    const std::optional<Standing> standing = standing_of_record(value);
    if (!standing) continue;
    item.status = value;
    item.standing = *standing;
    item.mark = Mark{.done = item.done(),
                     .offset = outline.offset_of(value),
                     .length = value.size(),
                     .ticked = item.done() ? item.status : "done",
                     .unticked = item.done() ? "open" : item.status};
    return;
  }
}

/// A file without front matter: its first heading, and all that is below.
Reading read_plain(const Source& source) {
  const Document document(source.text);
  Reading reading{.problems = document.problems};
  Draft draft{.last_line = document.line_count()};
  if (!document.sections.empty()) draft.text_line = document.sections.front().text_line;
  ItemText text = text_of(document, {draft}, 0, FieldUse::TakeOut);
  Item item{.id = id_of_file(source.path)};
  item.title = document.sections.empty() ? item.id : std::string(document.sections[0].title);
  item.line = std::max(draft.text_line, 1);
  item.body = std::move(text.body);
  item.script = std::move(text.script);
  for (const FieldValue& field : text.stated.fields) {
    apply_own_field(item, field, reading.problems);
    if (field.kind == FieldKind::Depends)
      for (const std::string& id : listed_ids(field.value))
        add_id(item.depends, id);
  }
  take_status(item, document.outline(), draft.text_line);
  reading.items.push_back(std::move(item));
  return reading;
}

/// The one task that a reader of whole files finds in it, if that is its first heading.
Reading read_without_front(const Source& source) {
  Reading plain = read_plain(source);
  Reading reading = find_reader(convention_of(source).name)->read(source);
  const bool is_same = reading.items.size() == 1 && reading.items[0].has_id &&
                       reading.items[0].line == plain.items[0].line;
  return is_same ? reading : plain;
}

std::vector<DataField> fields_of(const NamedText& file, const FileKind& kind) {
  if (kind.format == "yaml") return fields_of_yaml(file.text).fields;
  if (kind.format != "json" && kind.format != "trellis") return front_matter_of(file.text).fields;
  const JsonText json(file.text);
  LineCounter lines(file.text);
  return json.problem() ? std::vector<DataField>() : data_of(json.root(), lines).fields;
}

struct TextBeside {
  std::string folder;
  std::string_view text;
};

class Folder {
 public:
  explicit Folder(std::span<const NamedText> files) : files_(files) {}

  FolderReading read();

 private:
  void read_files();
  void read_file(const NamedText& file, const FileKind& kind);
  void take_text_beside(Item& item) const;
  void add_names(const Item& item);
  void add_name(std::string name, const std::string& id);
  void resolve_all();
  void resolve(std::vector<std::string>& ids) const;
  std::string resolved(std::string_view wanted) const;
  void settle_duplicates();
  void order_alone();
  std::string_view format() const;

  std::span<const NamedText> files_;
  std::vector<FileKind> kinds_;
  std::vector<TextBeside> texts_beside_;
  std::vector<Item> items_;
  ProblemList problems_;
  std::vector<std::pair<std::string, std::string>> waits_;  // who is waited for, by which item
  std::unordered_map<std::string, std::string> names_;      // to an id; empty: several have it
};

FolderReading Folder::read() {
  for (const NamedText& file : files_) {
    const bool is_text = is_text_beside(file.name) && check_text(file.text).empty();
    if (is_text)
      texts_beside_.push_back({file.name.substr(0, file.name.rfind('/') + 1), file.text});
    const bool is_task = !is_no_task_file(file.name) && check_text(file.text).empty();
    kinds_.push_back(is_task ? kind_of({file.text, file.name}) : FileKind{});
  }
  std::ranges::sort(texts_beside_, {}, &TextBeside::folder);
  read_files();
  settle_duplicates();
  resolve_all();
  order_alone();
  if (items_.empty()) {
    problems_.add(Severity::Error, 0, "there are no tasks in this folder",
                  "one task a file: tasks/add-cache.md, with '# Add a cache' at its top");
  }
  FolderReading folder{.format = std::string(format()), .reason = std::string(reason_of(format()))};
  folder.reading.items = std::move(items_);
  folder.reading.problems = problems_.take();
  return folder;
}

/// That of most files.
std::string_view Folder::format() const {
  std::map<std::string_view, int> counts;
  for (const FileKind& kind : kinds_) {
    if (!kind.format.empty()) ++counts[kind.format];
  }
  const auto most =
      std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  return most == counts.end() ? std::string_view("folder") : most->first;
}

void Folder::read_files() {
  const bool has_records = format() != "folder";
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const NamedText& file = files_[i];
    if (is_text_beside(file.name) && format() == "trellis") continue;
    if (is_no_task_file(file.name)) {
      problems_.add(Severity::Note, 0, file.name + ": by its name this is no task");
    } else if (const auto problems = check_text(file.text); !problems.empty()) {
      Problem problem = problems.front();
      problem.message.insert(0, file.name + ": ");
      problems_.add(std::move(problem));
    } else if (has_records && kinds_[i].format.empty()) {
      problems_.add(Severity::Warning, 0,
                    file.name + ": this file has no front matter of a task and is none",
                    "give it 'status: ..' as the others have it");
    } else {
      read_file(file, kinds_[i]);
    }
  }
}

void Folder::resolve_all() {
  for (const Item& item : items_)
    add_names(item);
  for (Item& item : items_) {
    resolve(item.depends);
    resolve(item.conflicts);
    if (!item.parent.empty()) item.parent = resolved(item.parent);
  }
  std::unordered_map<std::string_view, Item*> by_id;
  for (Item& item : items_)
    by_id.emplace(item.id, &item);
  for (const auto& [waiting, id] : waits_) {
    const auto found = by_id.find(resolved(waiting));
    if (found == by_id.end() || found->second->id == id) continue;
    std::vector<std::string>& depends = found->second->depends;
    if (std::ranges::find(depends, id) == depends.end()) depends.push_back(id);
  }
}

/// `parallel: false`: at work alone, in the order of the files.
void Folder::order_alone() {
  const bool any =
      std::ranges::any_of(items_, [](const Item& item) { return !item.parallel.value_or(true); });
  if (!any) return;
  std::vector<int> all(items_.size());
  std::iota(all.begin(), all.end(), 0);
  order_in_runs(items_, all, "parallel: false", true);
}

/// The text of a task that is a folder stands beside its record.
void Folder::take_text_beside(Item& item) const {
  const std::string folder = item.file.substr(0, item.file.rfind('/') + 1);
  const auto text = std::ranges::lower_bound(texts_beside_, folder, {}, &TextBeside::folder);
  if (text == texts_beside_.end() || text->folder != folder) return;
  item.body += fmt::format("{}{}", item.body.empty() ? "" : "\n\n", trim(text->text));
  item.script += script_of(text->text);
}

void Folder::read_file(const NamedText& file, const FileKind& kind) {
  const Source source{file.text, file.name};
  Reading reading = kind.read != nullptr ? kind.read(source) : read_without_front(source);
  if (kind.read != nullptr && reading.items.size() == 1) {
    for (std::string& id : ids_that_wait(fields_of(file, kind)))
      waits_.emplace_back(std::move(id), reading.items[0].id);
  }
  for (Problem& problem : reading.problems) {
    problem.message.insert(0, file.name + ": ");
    problems_.add(std::move(problem));
  }
  for (Item& item : reading.items) {
    item.file = file.name;
    if (kind.format == "trellis") take_text_beside(item);
    item.group = -1;
    items_.push_back(std::move(item));
  }
}

/// The later ones get names of their own, so that nobody after this says it again.
void Folder::settle_duplicates() {
  std::unordered_map<std::string, std::string_view> files;
  for (Item& item : items_) {
    const auto [place, is_new] = files.emplace(item.id, item.file);
    if (is_new) continue;
    problems_.add(
        Severity::Error, 0,
        fmt::format("{}: its id {} is that of {}", item.file, one_line(item.id, 60), place->second),
        "give one of them another id");
    const std::string id = item.id;
    for (int number = 2; !files.emplace(item.id, item.file).second; ++number)
      item.id = fmt::format("{}-{}", id, number);
  }
}

std::string without_zeros(std::string_view number) {
  const std::size_t first = number.find_first_not_of('0');
  return std::string(first == std::string_view::npos ? "0" : number.substr(first));
}

/// The number that a name begins or ends with: "7" of "007-cache" and of "BACK-7"; else nothing.
std::string number_of(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t first = std::min(name.find_first_not_of(kDigits), name.size());
  if (first > 0 && (first == name.size() || name[first] == '-' || name[first] == '_'))
    return without_zeros(name.substr(0, first));
  const std::size_t last = name.find_last_not_of(kDigits);
  if (last == std::string_view::npos || last + 1 == name.size()) return {};
  if (name[last] != '-' && name[last] != '_') return {};
  return without_zeros(name.substr(last + 1));
}

void Folder::add_names(const Item& item) {
  const std::string id = lower(item.id);
  const std::string stem = lower(id_of_file(item.file));
  add_name(id, item.id);
  add_name(stem, item.id);
  for (const std::string& name : {id, stem}) {
    const std::string number = number_of(name);
    if (!number.empty()) add_name("#" + number, item.id);
  }
}

void Folder::add_name(std::string name, const std::string& id) {
  const auto [place, is_new] = names_.emplace(std::move(name), id);
  if (!is_new && place->second != id) place->second.clear();
}

/// "back-7", "007", "007-cache.md" to the id that this task has here; as it is if nobody has it.
std::string Folder::resolved(std::string_view wanted) const {
  std::string name = lower(last_part(wanted));
  if (name.ends_with(".md")) name.resize(name.size() - 3);
  const bool is_number = !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
  const auto find = [this](const std::string& key) {
    const auto found = names_.find(key);
    return found == names_.end() ? std::string() : found->second;
  };
  std::string id = find(name);
  if (id.empty() && is_number) id = find("#" + without_zeros(name));
  return id.empty() ? std::string(wanted) : id;
}

void Folder::resolve(std::vector<std::string>& ids) const {
  for (std::string& id : ids)
    id = resolved(id);
}

}  // namespace

FolderReading read_folder(std::span<const NamedText> files) {
  return Folder(files).read();
}

bool is_no_task_file(std::string_view name) {
  constexpr std::array<std::string_view, 8> kNames{
      "readme.md", "index.md",    "epic.md",           "claude.md",
      "agents.md", "template.md", "github-mapping.md", "execution-status.md"};
  const std::string file = lower(last_part(name));
  return std::ranges::find(kNames, file) != kNames.end() || file.ends_with("-analysis.md");
}

}  // namespace orch::tasks
