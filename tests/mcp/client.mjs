// A client of the official SDK (npm: @modelcontextprotocol/sdk) that uses all that `tmux-orch mcp` offers.
// node client.mjs PROGRAM REPOSITORY
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// From the folder that it is called in, where the SDK is installed.
const from = createRequire(process.cwd() + "/");
const load = (name) => import(pathToFileURL(from.resolve("@modelcontextprotocol/sdk/" + name)));
const { Client } = await load("client/index.js");
const { StdioClientTransport } = await load("client/stdio.js");

const [program, repository] = process.argv.slice(2);
const client = new Client({ name: "tmux-orch-test", version: "1.0.0" });
await client.connect(
  new StdioClientTransport({ command: program, args: ["mcp"], cwd: repository, env: process.env, stderr: "inherit" }));

const call = async (name, action, args = {}, options = {}) => {
  const result = await client.callTool({ name, arguments: { action, args } }, undefined, options);
  return { failed: result.isError, text: result.content[0].text };
};

assert.equal(client.getServerVersion().name, "tmux-orch");
const { tools } = await client.listTools();
assert.deepEqual(tools.map((tool) => tool.name), ["worktree", "coordinate"]);
for (const tool of tools) assert.equal(tool.inputSchema.type, "object");

assert.match((await call("worktree", "dashboard")).text, /T1 {2}running/);
const made = JSON.parse((await call("worktree", "spawn", {
  tasks: ["one", "two"],
  agent: "sh",
  prompt: "echo {{task}} > {{task}}; git add .; git commit -qm {{task}}",
})).text);
assert.deepEqual(made.spawned.map((each) => each.id), ["one", "two"]);

const told = [];
const waited = JSON.parse((await call("worktree", "wait", { tasks: ["one", "two"], seconds: 60 },
  { onprogress: (progress) => told.push(progress), timeout: 90000 })).text);
assert.equal(waited.complete, true);
assert.ok(told.length > 0 && told.at(-1).total === 2, JSON.stringify(told));

const cancel = new AbortController();
const waiting = call("worktree", "wait", { seconds: 600 }, { signal: cancel.signal });
setTimeout(() => cancel.abort(), 300);
await assert.rejects(waiting);

const refused = await call("worktree", "abort", { task: "T9" });
assert.equal(refused.failed, true);
assert.match(refused.text, /there is no task 'T9'/);

const { resources } = await client.listResources();
assert.ok(resources.some((each) => each.uri === "orch://logs/T1"));
const { contents } = await client.readResource({ uri: "orch://tasks/one" });
assert.equal(JSON.parse(contents[0].text).state, "merged");
await assert.rejects(client.readResource({ uri: "orch://nothing" }));
const { resourceTemplates } = await client.listResourceTemplates();
assert.equal(resourceTemplates.length, 2);

const stopped = JSON.parse((await call("coordinate", "agents", { operation: "stop", tasks: ["T1"] })).text);
assert.equal(stopped.status, "success");
await client.close();
console.log(`the SDK's client found ${tools.length} tools and ${resources.length} resources, and all was as it should be`);
