"""What an agent is started with: its environment, its prompt, what it may run."""
from lab import equal, script, test


@test
def an_agent_that_hides_the_users_configuration_commits_as_the_user(lab):
    lab.git("config", "--unset", "user.name")
    lab.git("config", "--unset", "user.email")
    settings = lab.home / "gitconfig"
    settings.write_text("[user]\n\tname = Ada\n\temail = ada@localhost\n")
    lab.tasks(script(
        "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1",
        "echo x > x.txt; git add x.txt; git commit -qm hidden",
    ))
    lab.up(env={"GIT_CONFIG_GLOBAL": str(settings)}).ended_with(0)
    equal(lab.git("log", "--format=%an <%ae>", "--grep=hidden", "main").split("\n")[0], "Ada <ada@localhost>")
