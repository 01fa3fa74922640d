"""explain: what a captured screen is taken for."""
import json

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
    lab.run("explain", "--agent", "cluade", "--screen", screen).ended_with(1).says("there is no agent 'cluade'", "did you mean 'claude'?")
    lab.run("explain", "--agent", "claude", "--screen", lab.folder / "none").ended_with(1).says("none")
    (lab.repo / "tmux-orch.toml").write_text("[[agents.claude.screen]]\nname = 'mine'\nstate = 'error'\npattern = 'Done'\n")
    lab.run(*words, check=0).says("claude: error by rule 'mine'")
    (lab.repo / "tmux-orch.toml").write_text("[[agents.claude.screen]]\nname = 'mine'\nstate = 'error'\npattern = '(Done'\n")
    lab.run(*words).ended_with(1).says("tmux-orch.toml:4:11: 'agents.claude.screen.pattern' is not a pattern")
