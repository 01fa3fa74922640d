#!/bin/sh
# What each agent of a sequence runs, with its task and its deeds as words. Every edit has a token of its own, which
# is written down once the edit is there: from then on it must never be lost.
set -eu
task=$1
shift
echo $$ >> "$LEDGER/$task.starts"
number=$(wc -l < "$LEDGER/$task.starts")
count=0

next() {
  count=$((count + 1))
  token="<$task.$number.$count>"
  name="$task-$number-$count"
}
made() {
  echo "$token $deed" >> "$LEDGER/edits"
}
repository() {
  mkdir -p "$1"
  git -C "$1" init -q
  echo "$token" > "$1/file"
  git -C "$1" add file
  git -C "$1" -c user.name=a -c user.email=a@a commit -qm nested
  made
  next
  echo "$token" > "$1/loose"
  made
}

for deed in "$@"; do
  next
  case $deed in
    new) echo "$token" > "$name.txt"; made ;;
    folder) mkdir -p "$name/deep er"; echo "$token" > "$name/deep er/file"; made ;;
    ignored) echo "$token" > "$name.ignored"; made ;;
    ignored-folder) mkdir -p ignored/deep; echo "$token" > "ignored/deep/$name"; made ;;
    own) echo "$token" >> "$task.txt"; made ;;
    shared) echo "$token" >> shared.txt; made ;;
    replaced) rm -f replaced; mkdir replaced; echo "$token" > replaced/file; made ;;
    link) ln -s "$token" "$name.link"; made ;;
    staged) echo "an earlier text" > "$name.txt"; git add "$name.txt"; echo "$token" > "$name.txt"; made ;;
    nested) repository "$name" ;;
    nested-ignored) repository "ignored/$name" ;;
    commit) git add -A; git commit -qm "$token" --allow-empty; made ;;
    branch) git switch -qc "own/$name"; git commit -qm "$token" --allow-empty; made ;;
    detached) git switch -q --detach; git commit -qm "$token" --allow-empty; made ;;
    undone) git commit -qm "$token" --allow-empty; git reset -q --keep HEAD~1 ;;
    nap) sleep 0.1 ;;
    wait) until [ -e "$LEDGER/go" ]; do sleep 0.05; done ;;
    fails-once) [ "$number" -gt 1 ] || exit 1 ;;
    fails) exit 1 ;;
    reports) git add -A; git commit -qm "$token" --allow-empty; made; tmux-orch 'done' -m ready ;;
  esac
done
