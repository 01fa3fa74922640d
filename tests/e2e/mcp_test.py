"""The tools as a server of the Model Context Protocol."""
import json
import subprocess

from lab import equal, says, script, test

WAIT = "while ! test -e $LEDGER/go; do sleep 0.05; done"


class Client:
    """A client that writes and reads lines."""

    def __init__(self, lab, version="2025-06-18"):
        self.server = lab.spawn("mcp", stdin=subprocess.PIPE)
        self.last = 0
        self.seen = []
        self.greeting = self.ask("initialize", protocolVersion=version, capabilities={},
                                 clientInfo={"name": "test", "version": "1"})["result"]
        self.write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def write(self, message):
        text = message if isinstance(message, str) else json.dumps(message)
        self.server.stdin.write(text + "\n")
        self.server.stdin.flush()

    def read(self):
        return json.loads(self.server.stdout.readline())

    def begin(self, method, **params):
        self.last += 1
        self.write({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params})
        return self.last

    def answer(self, id):
        """That to this one; what else came stays in `seen`."""
        while True:
            message = self.read()
            if message.get("id") == id and "method" not in message:
                return message
            self.seen.append(message)

    def ask(self, method, **params):
        return self.answer(self.begin(method, **params))

    def call(self, tool, action, **args):
        result = self.ask("tools/call", name=tool, arguments={"action": action, "args": args})["result"]
        return result["isError"], result["content"][0]["text"]


@test
def a_client_finds_the_tools_and_calls_them(lab):
    lab.tasks(script(WAIT, "echo one > one.txt"))
    lab.begin("--workers", "2")
    lab.until_state("T1", "running")
    client = Client(lab)
    equal(client.greeting["protocolVersion"], "2025-06-18")
    equal(sorted(client.greeting["capabilities"]), ["resources", "tools"])
    tools = {tool["name"]: tool for tool in client.ask("tools/list")["result"]["tools"]}
    equal(sorted(tools), ["coordinate", "worktree"])
    schema = tools["worktree"]["inputSchema"]
    equal((schema["type"], schema["required"]), ("object", ["action"]))
    assert "spawn" in schema["properties"]["action"]["enum"], schema
    says(tools["worktree"]["description"], "spawn(tasks, prompt, prefix?, agent?, needs?, files?)")
    failed, text = client.call("worktree", "dashboard")
    says(text, "T1  running")
    assert not failed
    failed, text = client.call("worktree", "spawn", tasks=["more"], prompt="touch more; git add more; git commit -qm more",
                               agent="sh")
    equal(json.loads(text)["spawned"][0]["id"], "more")
    lab.until_state("more", "merged")
    failed, text = client.call("worktree", "abort", task="T9")
    assert failed, text
    says(text, "there is no task 'T9'")


@test
def tasks_logs_plan_and_report_can_be_read(lab):
    lab.tasks(script("echo hello there", WAIT))
    lab.begin()
    lab.until_state("T1", "running")
    client = Client(lab)
    listed = [each["uri"] for each in client.ask("resources/list")["result"]["resources"]]
    equal(listed, ["orch://tasks", "orch://plan", "orch://report", "orch://tasks/T1", "orch://logs/T1"])
    read = lambda uri: client.ask("resources/read", uri=uri)["result"]["contents"][0]["text"]
    equal(json.loads(read("orch://tasks/T1"))["state"], "running")
    equal(json.loads(read("orch://plan"))["tasks"][0]["id"], "T1")
    equal(json.loads(read("orch://report"))["totalTasks"], 1)
    lab.until(lambda: "hello there" in read("orch://logs/T1"), "the output")
    equal(client.ask("resources/read", uri="orch://tasks/T9")["error"]["code"], -32002)
    equal(client.ask("resources/read", uri="file:///etc/passwd")["error"]["code"], -32002)
    equal(len(client.ask("resources/templates/list")["result"]["resourceTemplates"]), 2)


@test
def a_long_call_tells_how_far_it_is_and_is_cancelled(lab):
    lab.tasks(script(WAIT, "echo 1 > 1.txt"))
    lab.begin()
    lab.until_state("T1", "running")
    client = Client(lab)
    waiting = client.begin("tools/call", name="worktree", _meta={"progressToken": "p1"},
                           arguments={"action": "wait", "args": {"seconds": 600}})
    told = client.read()
    equal((told["method"], told["params"]["progressToken"], told["params"]["total"]),
          ("notifications/progress", "p1", 1.0))
    client.ask("ping")  # it answers meanwhile
    client.write({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": waiting}})
    failed, text = client.call("worktree", "status")
    assert not failed, text
    assert all(message.get("id") != waiting for message in client.seen), "an answer to what was cancelled"
    waiting = client.begin("tools/call", name="worktree", arguments={"action": "wait", "args": {"seconds": 60}})
    (lab.ledger / "go").touch()
    answered = client.answer(waiting)
    equal(json.loads(answered["result"]["content"][0]["text"])["complete"], True)


@test
def what_is_no_message_is_answered_and_changes_nothing(lab):
    lab.tasks(script(WAIT))
    lab.begin()
    client = Client(lab, version="1999-01-01")
    equal(client.greeting["protocolVersion"], "2025-11-25")
    for line, code in (("no json", -32700), ("[]", -32600), ('{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600),
                       ('{"jsonrpc":"2.0","id":7,"method":"nope"}', -32601),
                       ('{"jsonrpc":"2.0","id":7,"method":"tools/call","params":[]}', -32602),
                       ('{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"nope"}}', -32602),
                       ('{"jsonrpc":"2.0","id":7,"method":9}', -32600),
                       ("x" * (3 << 20), -32600), ("[" * 100000, -32700)):
        client.write(line)
        equal(client.read()["error"]["code"], code, line[:60])
    client.write('{"jsonrpc":"2.0","id":99,"result":{}}')  # an answer that nobody asked for
    for arguments in ({}, [], "x", {"action": 1}, {"action": "spawn", "args": {"tasks": [1], "prompt": "x"}},
                      {"action": "abort", "args": {"task": None}}):
        answer = client.ask("tools/call", name="worktree", arguments=arguments)
        equal(answer["result"]["isError"], True, str(arguments))
    equal(client.ask("ping")["result"], {})
    equal(len(lab.status()["tasks"]), 1)
    client.server.stdin.close()
    equal(client.server.wait(timeout=20), 0)


@test
def a_server_where_no_run_is_says_so_when_it_is_asked(lab):
    client = Client(lab)
    equal(client.ask("resources/list")["result"]["resources"], [])
    failed, text = client.call("worktree", "status")
    assert failed, text
    says(text, "there is no run in")


@test
def a_client_that_goes_ends_the_server(lab):
    lab.tasks(script(WAIT))
    lab.begin()
    lab.until_state("T1", "running")
    client = Client(lab)
    client.begin("tools/call", name="worktree", arguments={"action": "wait", "args": {"seconds": 600}})
    client.server.stdin.close()
    equal(json.loads(client.server.stdout.readline())["result"]["isError"], False)
    equal(client.server.wait(timeout=20), 0)
