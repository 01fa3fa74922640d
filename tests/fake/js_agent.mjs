#!/usr/bin/env node
// Stands in for `pi` and `opencode`, whichever it is called as: it loads our extension or plugin from where the real
// one does, fires the events of that one at it, and draws the rows that its profile knows.
//
// The lines of the ```steps block of its prompt are what it goes through:
//
//   busy           its turn begins
//   run COMMAND    runs it in a shell
//   ask TEXT       asks for a permission, until the steps go on
//   answer         it is answered
//   child          opencode: a session below its own works and ends
//   use INPUT OUTPUT DOLLARS   an answer of the model with so many tokens, and what it has cost
//   call TOOL TEXT => END   a call of a tool with that command (write, edit: that file), which ends so: ok, error or
//                  malformed; nothing is done but that it is told
//   calls NUMBER TOOL TEXT => END   the same so many times
//   fail TEXT      its turn fails
//   over           its turn ends; the next step waits until a message of our extension has it go on
//   wait FILE      until there is such a file in $LEDGER
//
// What our extension sent it is appended to $LEDGER/sent.
import { execSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const name = basename(process.argv[1]); // a link to this file
const session = name === "pi" ? "01a22623-fa42" : "ses_dd9e07b83ffe";
const wait = (ms) => new Promise((over) => setTimeout(over, ms));
const handlers = new Map();
const on = (type, handle) => handlers.set(type, handle);
const fire = (type, event, ...more) => handlers.get(type)?.(event, ...more);
const draw = (...rows) => process.stdout.write("\x1b[2J\x1b[H" + rows.join("\r\n"));
let wake = () => {};
let called = 0;

/** A call as a step names it, in the words of the program: `file` is how that calls the path of a file. */
function callOf(step, file) {
  const [, tool, text, end] = step.match(/^(\S+) (.*) => (\w+)$/);
  const input = end === "malformed" ? { wrong: text } : { [/^(write|edit)$/.test(tool) ? file : "command"]: text };
  return { id: `call_${++called}`, tool, input, end };
}

/** The module as the real program takes it, which does not mind how its file is called. */
async function load(file) {
  const text = readFileSync(file).toString("base64");
  return (await import(`data:text/javascript;base64,${text}`)).default;
}

const pi = {
  async start() {
    const at = process.argv.indexOf("--extension");
    const sendUserMessage = (text) => {
      appendFileSync(join(process.env.LEDGER, "sent"), text + "\n");
      wake();
    };
    (await load(process.argv[at + 1]))({ on, sendUserMessage });
    this.say("session_start", { reason: "startup" });
    this.idle();
  },
  entries: [{ type: "model_change" }],
  say(type, event) {
    const sessionManager = { getSessionId: () => session, getEntries: () => this.entries };
    fire(type, event, { sessionManager, model: { contextWindow: 200000 } });
  },
  use(figures) {
    const [input, output, total] = figures.split(" ").map(Number);
    const usage = { input, output, cacheRead: 0, cacheWrite: 0, cost: { total } };
    const message = { role: "assistant", model: "m-1", usage };
    this.say("message_end", { message });
    this.entries.push({ type: "message", message });
  },
  call(step) {
    const { id, tool, input, end } = callOf(step, "path");
    const texts = { ok: "done", error: "no", malformed: `Validation failed for tool "${tool}":` };
    this.say("tool_execution_start", { toolCallId: id, toolName: tool, args: input });
    const result = { content: [{ type: "text", text: texts[end] }] };
    this.say("tool_execution_end", { toolCallId: id, toolName: tool, result, isError: end !== "ok" });
  },
  idle: () => draw("0.0%/200k (auto)"),
  busy() {
    draw(" ⠋ Working...", "0.0%/200k (auto)");
    this.say("agent_start", {});
  },
  end(message) {
    this.say("agent_end", { messages: [{ role: "user" }, { role: "assistant", ...message }] });
  },
  fail(text) {
    draw(` Error: ${text}`, "", "0.0%/200k (auto)");
    this.end({ stopReason: "error", errorMessage: text });
  },
  over() {
    this.idle();
    this.end({ stopReason: "stop" });
  },
};

const opencode = {
  async start() {
    const settings = process.env.OPENCODE_TUI_CONFIG;
    const plugin = await load(join(dirname(settings), JSON.parse(readFileSync(settings)).plugin[0]));
    const get = (id) => (id === session ? { id } : { id, parentID: session });
    await plugin.tui({ event: { on }, state: { session: { get } } });
    this.idle();
  },
  say: (type, properties) => fire(type, { type, properties: { sessionID: session, ...properties } }),
  idle: () => draw("  ╹▀▀▀▀", " ctrl+p commands"),
  busy() {
    draw(" esc interrupt");
    this.say("session.status", { status: { type: "busy" } });
  },
  ask(text) {
    draw("a dialog that no rule knows");
    this.say("permission.asked", { id: "1", permission: "bash", patterns: ["x"], metadata: { command: text } });
  },
  answer() {
    draw(" esc interrupt");
    this.say("permission.replied", { requestID: "1", reply: "once" });
  },
  call(step) {
    const { id, tool, input, end } = callOf(step, "filePath");
    const part = { type: "tool", callID: id, sessionID: session, tool };
    // One that runs is told of again and again.
    const states = [{ status: "pending", input: {} }, { status: "running", input }, { status: "running", input }];
    const refused = { status: "error", input, error: `The ${tool} tool was called with invalid arguments: SchemaError` };
    const completed = { status: "completed", input, metadata: { exit: end === "error" ? 1 : 0 } };
    states.push(end === "malformed" ? refused : completed);
    for (const state of states) this.say("message.part.updated", { part: { ...part, state } });
  },
  answers: 0,
  use(figures) {
    const [input, output, cost] = figures.split(" ").map(Number);
    const tokens = { input, output, reasoning: 0, cache: { read: 0, write: 0 } };
    const info = { id: `msg_${++this.answers}`, sessionID: session, role: "assistant", modelID: "m-1", cost: 0 };
    // It comes in by and by.
    this.say("message.updated", { info: { ...info, tokens: { ...tokens, input: 0, output: 0 } } });
    this.say("message.updated", { info: { ...info, tokens, cost } });
  },
  child() {
    for (const type of ["busy", "idle"]) this.say("session.status", { sessionID: "ses_child", status: { type } });
  },
  fail(text) {
    draw("  ▣  Build · Model", "  ╹▀▀▀▀");
    this.say("session.error", { error: { name: "APIError", data: { message: text } } });
    this.say("session.status", { status: { type: "idle" } });
  },
  over() {
    this.idle();
    this.say("session.status", { status: { type: "idle" } });
  },
};

const agent = name === "pi" ? pi : opencode;
const steps = process.argv.at(-1).match(/```steps\n(.*?)```/s)[1].trim().split("\n");
setInterval(() => {}, 1000); // it stays at its prompt
await agent.start();
await wait(300);
for (const step of steps) {
  const [, word, rest] = step.trim().match(/^(\S+) ?(.*)$/);
  if (word === "run") execSync(rest, { stdio: "ignore" });
  else if (word === "calls") {
    const [, number, call] = rest.match(/^(\d+) (.*)$/);
    for (let i = 0; i < Number(number); ++i) agent.call(call);
  } else if (word === "wait") while (!existsSync(join(process.env.LEDGER, rest))) await wait(50);
  else agent[word](rest);
  if (word === "over") await new Promise((over) => (wake = over));
}
