"""explain: what a captured screen is taken for."""
import json

import tui
from lab import equal, test


@test
def explain_says_which_rule_reads_a_screen(lab):
    screen = lab.folder / "screen.txt"
    screen.write_text("● Done\n────\n\x1b[1m❯\x1b[0m\u00a0\n────\n  ⏵⏵ accept edits on (shift+tab to cycle)\n")
    words = ("explain", "--agent", "claude", "--screen", screen)
    lab.run(*words, check=0).says("claude: idle by rule 'prompt'", "row 3: ")
    busy = json.loads(lab.run(*words, "--title", "◐ job", "--json", check=0).out)
    equal((busy["state"], busy["rule"], busy["confidence"]), ("busy", "title-busy", "high"))
    lab.run(*words, "--dead", check=0).says("claude: exited")
    lab.run("explain", "--agent", "cluade", "--screen", screen).ended_with(2).says("there is no agent 'cluade'", "did you mean 'claude'?")
    lab.run("explain", "--agent", "claude", "--screen", lab.folder / "none").ended_with(1).says("none")
    own = lab.home / ".config/tmux-orch/config.toml"
    own.parent.mkdir(parents=True)
    own.write_text("[[agents.claude.screen]]\nname = 'mine'\nstate = 'error'\npattern = 'Done'\n")
    lab.run(*words, check=0).says("claude: error by rule 'mine'")
    own.write_text("[[agents.claude.screen]]\nname = 'mine'\nstate = 'error'\npattern = '(Done'\n")
    lab.run(*words).ended_with(1).says("config.toml:4:11: 'agents.claude.screen.pattern' is not a pattern")


@test
def explain_reads_the_screen_of_a_task_as_it_is_now(lab):
    tui.configure(lab)
    lab.tasks(tui.task("ask permission true", "busy 30"))
    lab.begin("--wait-user", "forever")
    tui.until_turn(lab, "T1", "asking", "permission")
    read = json.loads(lab.run("explain", "T1", "--json", check=0).out)
    equal((read["agent"], read["state"]), ("tui", "permission"))
    lab.run("explain", "T9").ended_with(1).says("T9")
    lab.run("explain").ended_with(2).says("a task, or a file and its agent?", "tmux-orch explain T3")
    lab.run("explain", "T1", "--screen", "x").ended_with(2)
    lab.run("abort", "T1", check=0)
    lab.until_state("T1", "aborted")
    lab.run("explain", "T1").ended_with(1).says("no agent is at work on T1", "tmux-orch logs T1 --screen")
