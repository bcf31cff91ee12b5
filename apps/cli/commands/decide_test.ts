import assert from "node:assert/strict";
import { symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommands } from "../testing/run_commands.ts";
import { runProcess } from "../testing/run_process.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const CROWD = Array.from({ length: 11 }, (_, index) => `p${index}@acme.example`);

const cwd = tempFolder({
  "teams/ops.yaml": OPS,
  "send.json": JSON.stringify({ to: "jane@client.example", subject: "Hello", body: "Hello" }),
  "rival.json": JSON.stringify({ to: "ceo@rival.example", subject: "Hello", body: "Hello" }),
  "reply.json": JSON.stringify({
    reply: { body: "Thanks" },
    given: { original: { from: "jane@client.example", cc: ["ceo@rival.example"] } },
  }),
  "report.json": JSON.stringify({
    report: { period: "May", metrics: { a: 1 } },
    recipients: ["a@acme.example"],
  }),
  "crowd.json": JSON.stringify({ to: CROWD, subject: "Hello", body: "Hello" }),
  "escape.json": JSON.stringify({ to: "\u001b[2Jjane@client.example", subject: "Hello", body: "Hello" }),
  "bad.json": '{"to": csk_0123456789abcdefghij',
  "list.json": "[1, 2]",
  "two.json": '{"send": {}, "reply": {}}',
  "latin1.json": "",
  "huge.json": "",
});
truncateSync(join(cwd, "huge.json"), 8 * 1024 ** 3);
symlinkSync("/dev/zero", join(cwd, "zero.json"));

const ask = (as: string, ...args: readonly string[]) => ({ args: ["decide", "--as", as, ...args], cwd });
const UNREADABLE = ["bad", "list", "two", "latin1", "huge", "zero", "none"];
const [held, rival, reply, report, json, crowd, stranger, escaping, ...unreadable] = await runCommands([
  ask("ops/writer", "send.json"),
  ask("ops/writer", "rival.json"),
  ask("ops/writer", "reply.json"),
  ask("ops/writer", "report.json"),
  ask("ops/writer", "rival.json", "--json"),
  ask("ops/writer", "crowd.json"),
  ask("ops/writr", "send.json"),
  ask("ops/writer", "escape.json"),
  ...UNREADABLE.map((name) => ask("ops/writer", `${name}.json`)),
]);

test("decide exits 0 when the request would be allowed, and says whether a person sees it", () => {
  assert.equal(held?.code, 0, held?.stderr);
  assert.match(held.stdout, /^send: allow, held for a person\n {2}note recipients\.external: /);
});

test("decide exits 3 when it would be denied, with every rule and its line", () => {
  assert.equal(rival?.code, 3);
  assert.match(
    rival.stdout,
    /^send: deny\n {2}deny recipients\.deny: .*\n(?: {7}.*\n)* {7}teams\/ops\.yaml:15:10\n/,
  );
  assert.equal(reply?.code, 3);
  assert.match(reply.stdout, /^reply: deny\n {2}deny recipients\.deny: /);
  assert.equal(report?.code, 3);
  assert.match(report.stdout, /^report: deny\n {2}deny actions: /);
});

test("decide --json gives the verdict and one decision for each action", () => {
  assert.equal(json?.code, 3);
  const { effect, held, decisions } = JSON.parse(json.stdout);
  assert.deepEqual([effect, held, decisions.length], ["deny", true, 1]);
  assert.deepEqual([decisions[0].action, decisions[0].findings[0].rule], ["send", "recipients.deny"]);
});

test("decide does as if an exception whose day has passed were not there", () => {
  assert.equal(crowd?.code, 3);
  assert.match(crowd.stdout, /deny recipients\.max_per_email: /);
});

test("decide denies somebody whom no policy names, and suggests who was meant", () => {
  assert.equal(stranger?.code, 3);
  assert.match(stranger.stdout, /deny caller: /);
  assert.equal(stranger.stderr, 'Unknown assistant of team ops "writr": did you mean "writer"?\n');
});

test("decide writes nothing of a request to the terminal that it would obey", () => {
  assert.equal(escaping?.code, 3);
  assert.ok(!escaping.stdout.includes("\u001b"));
});

test("decide says what is wrong with a request that it cannot read", () => {
  const said = unreadable.map(({ code, stdout, stderr }) => [code, stdout, stderr.trimEnd()] as const);
  assert.ok(said.every(([code, stdout]) => code === 1 && stdout === ""));
  const wanted = [
    /^Cannot read "bad\.json" as JSON: /,
    /^Cannot read the request: it must be a JSON object$/,
    /^Cannot tell what is asked for: exactly one of /,
    /^Cannot read "latin1\.json" as JSON: /,
    /^Cannot read "huge\.json": it must not be larger than 32 MiB$/,
    /^Cannot read "zero\.json": it is not a regular file$/,
    /^Cannot read "none\.json": there is no such file$/,
  ];
  for (const [index, pattern] of wanted.entries()) assert.match(said[index]?.[2] ?? "", pattern);
  assert.ok(!said.flat().join().includes("csk_0123456789"));
});

test("decide reads standard input", async () => {
  const input = '{"to":"jane@acme.example","subject":"Hello","body":"Hello"}';
  const { code, stdout } = await runProcess({ ...ask("ops/writer", "-"), input });
  assert.deepEqual([code, stdout], [0, "send: allow\n"]);
});

test("decide --user and --claim say who signed in, besides what the scenario says", async () => {
  const users = "users: { sign_in: required, claims: [sales], shared: [bot@acme.example] }";
  const folder = tempFolder({
    "teams/ops.yaml": OPS.replace("keys: []          # none yet", `keys: []\n    ${users}`),
    "send.json": JSON.stringify({ to: "jane@client.example", subject: "Hello", body: "Hello" }),
    "unproven.json": JSON.stringify({
      send: { to: "jane@client.example", subject: "Hello", body: "Hello" },
      user: { address: "ann@acme.example", claims: ["sales"], key: false },
    }),
  });
  const sales = ["--claim", "staff", "--claim", "sales", "--user"];
  const results = await runCommands(
    [
      ["send.json"],
      ["send.json", "--user", "ann@acme.example"],
      ["send.json", ...sales, "ann@acme.example"],
      ["send.json", ...sales, "bot@acme.example"],
      ["unproven.json"],
      ["unproven.json", ...sales, "bob@acme.example"],
      ["send.json", "--user", "ann"],
      // A group takes nothing of what stands behind it.
      ["--user", "ann@acme.example", "--claim", "sales", "send.json"],
    ].map((args) => ({ args: ["decide", "--as", "ops/writer", ...args], cwd: folder })),
  );
  assert.deepEqual(
    results.map(({ code }) => code),
    [3, 3, 0, 3, 3, 3, 64, 0],
  );
  for (const { code, stdout } of results)
    if (code === 3) assert.match(stdout, /^send: deny\n {2}deny users: .*\n {7}teams\/ops\.yaml:\d+:\d+\n$/);
});
