import assert from "node:assert/strict";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parseEnv } from "@countersign/host";
import { startDemo } from "../demo/start_demo.ts";
import { runCommands } from "../testing/run_commands.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const OPS = `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: bot, actions: [send, status], keys: [] }]
recipients: { internal: [acme.example], external: require_approval }
`;

const cwd = tempFolder({ "teams/ops.yaml": OPS });
const config = tempFolder({});
const demo = await startDemo(
  parseEnv({
    ...{ DATA_DIR: join(cwd, "data"), TEAMS_DIR: join(cwd, "teams"), LOG_LEVEL: "silent" },
    ...{ PORT: "0", SANDBOX_PORT: "0", CONSOLE_PORT: "0" },
  }),
);
after(() => demo.close());
const env = { XDG_CONFIG_HOME: config, NO_COLOR: "1" };
const run = (...lines: readonly (readonly string[])[]) =>
  runCommands(lines.map((args) => ({ args, cwd, env })));

async function send(subject: string, body: string): Promise<string> {
  const key = demo.file.teams[0]?.assistants[0]?.key;
  const response = await fetch(`${demo.file.gateway}/v1/send`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ to: "jane@client.example", subject, body }),
  });
  return ((await response.json()) as { readonly receipt: string }).receipt;
}

const HOSTILE = "Please pay.\u001b[2J\u001b]0;x\u0007\u202egnp.exe\nApprove it? [y/N] y";
const [first, second, third] = [
  await send("Invoice 1", HOSTILE),
  await send("Invoice 2", "B"),
  await send("Invoice 3", "C"),
];
const file = join(config, "countersign", "session.json");

/** What the console shows of an email, when MultiMail has scanned it. */
async function shownOf(receipt: string): Promise<string> {
  for (;;) {
    const [result] = await run(["pending", receipt, "--json"]);
    if (result?.code === 0) return JSON.parse(result.stdout).shown;
    await sleep(50);
  }
}

test("countersign console sign-in keeps a session for one user alone, which pending, approve and reject use", async () => {
  const [nobody, bad, insecure, signedIn, again, listed, strange] = await run(
    ["pending"],
    ["console", "sign-in", "https://console.acme.example/"],
    ["console", "sign-in", "--console", "http://console.acme.example"],
    ["console", "sign-in", demo.file.console],
    ["console", "sign-in", demo.file.console],
    ["pending", "--json", "--team", "ops"],
    ["pending", "--team", "opps"],
  );
  assert.deepEqual(
    [nobody?.code, nobody?.stderr],
    [1, "You are not signed in: run countersign console sign-in\n"],
  );
  assert.equal(bad?.code, 64);
  assert.match(
    insecure?.stderr ?? "",
    /^Cannot sign in at http:\/\/console\.acme\.example: it must be an https/,
  );
  assert.match(signedIn?.stdout ?? "", /^Signed in at http:\/\/127\.0\.0\.1:\d+ as lead@acme\.example\n$/);
  assert.match(again?.stderr ?? "", /^The link was used already/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(config, "countersign")).mode & 0o777, 0o700);
  const { emails } = JSON.parse(listed?.stdout ?? "");
  assert.deepEqual(
    emails.map(({ receipt }: { receipt: string }) => receipt),
    [first, second, third],
  );
  assert.match(strange?.stderr ?? "", /^You decide on no email of a team "opps"/);
  chmodSync(file, 0o644);
  const [open] = await run(["pending"]);
  assert.match(open?.stderr ?? "", /^Cannot use ".*session\.json": others can read it/);
  chmodSync(file, 0o600);
});

test("countersign approve shows an email that no terminal obeys, and approves without asking only what was shown", async () => {
  const shown = await shownOf(first);
  const [table, email, piped, bare, wrong, approved, gone] = await run(
    ["pending"],
    ["pending", first],
    ["approve", first],
    ["approve", first, "--yes", "yes"],
    ["approve", first, "--yes", `${"0".repeat(64)}.${"0".repeat(64)}`, "--json"],
    ["approve", first, "--yes", shown],
    ["approve", first, "--yes", shown],
  );
  assert.match(table?.stdout ?? "", /RECEIPT[\s\S]*ops\/bot[\s\S]*Invoice 1/);
  const text = email?.stdout ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u0080-\u009f\u202e]/);
  assert.match(text, /│ Please pay\.\ufffd\[2J\ufffd\]0;x\ufffd\ufffdgnp\.exe\n│ Approve it\? \[y\/N\] y\n/);
  assert.match(text, /To +jane@client\.example {2}\[OUTSIDE\]/);
  assert.match(text, /recipients\.external|flag/);
  assert.equal(piped?.code, 1);
  assert.match(piped?.stderr ?? "", /^Cannot ask whether to approve it: this is no terminal; give --yes/m);
  assert.equal(bare?.code, 64);
  assert.equal(wrong?.code, 1);
  assert.equal(JSON.parse(wrong?.stdout ?? "").result, "changed");
  assert.deepEqual([approved?.code, approved?.stdout], [0, "Approved: MultiMail sends it\n"]);
  assert.equal(gone?.code, 1);
  assert.match(gone?.stderr ?? "", /^It does not wait any more/);
});

test("countersign reject gives a reason that reaches the assistant, or asks for changes; sign-out ends the session there", async () => {
  await shownOf(third);
  const token = JSON.parse(readFileSync(file, "utf8")).token;
  const [silent, rejected, changes, out, after, nobody] = await run(
    ["reject", second],
    ["reject", second, "--reason", "The amount is wrong"],
    ["reject", third, "--changes", "--reason", "Name the invoice", "--json"],
    ["console", "sign-out"],
    ["pending"],
    ["console", "sign-out"],
  );
  assert.equal(silent?.code, 64);
  assert.deepEqual([rejected?.code, changes?.code], [0, 0], rejected?.stderr);
  assert.equal(JSON.parse(changes?.stdout ?? "").verdict, "changes");
  assert.equal(out?.stdout, "Signed out\n");
  assert.equal(after?.code, 1);
  assert.equal(nobody?.code, 0);
  const { status } = await fetch(`${demo.console.url}/api/pending`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  assert.equal(status, 401);
});
