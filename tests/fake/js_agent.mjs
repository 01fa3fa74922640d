#!/usr/bin/env node
// Stands in for `pi`: it loads our extension as the real one does, fires its events at it, and draws the rows that its
// profile knows.
//
// The lines of the ```steps block of its prompt are what it goes through:
//
//   busy           its turn begins
//   run COMMAND    runs it in a shell
//   fail TEXT      its turn fails
//   over           its turn ends; the next step waits until a message of our extension has it go on
//   wait FILE      until there is such a file in $LEDGER
//
// What our extension sent it is appended to $LEDGER/sent.
import { execSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const session = "01a22623-fa42";
const wait = (ms) => new Promise((over) => setTimeout(over, ms));
const handlers = new Map();
const on = (type, handle) => handlers.set(type, handle);
const fire = (type, event, ...more) => handlers.get(type)?.(event, ...more);
const draw = (...rows) => process.stdout.write("\x1b[2J\x1b[H" + rows.join("\r\n"));
let wake = () => {};

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
  say: (type, event) => fire(type, event, { sessionManager: { getSessionId: () => session } }),
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

const steps = process.argv.at(-1).match(/```steps\n(.*?)```/s)[1].trim().split("\n");
setInterval(() => {}, 1000); // it stays at its prompt
await pi.start();
await wait(300);
for (const step of steps) {
  const [, word, rest] = step.trim().match(/^(\S+) ?(.*)$/);
  if (word === "run") execSync(rest, { stdio: "ignore" });
  else if (word === "wait") while (!existsSync(join(process.env.LEDGER, rest))) await wait(50);
  else pi[word](rest);
  if (word === "over") await new Promise((over) => (wake = over));
}
