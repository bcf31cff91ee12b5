/**
 * Reloads many teams while requests are served, and prints how long the event loop stood still at most.
 * `node --import tsx apps/gateway/bench/reload_bench.ts [teams = 10000]`
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createAssistantKey, loadTeams, parseEnv } from "@countersign/host";
import { startGateway } from "../start_gateway.ts";

const TEAMS = Number(process.argv[2] ?? 10_000);
const dir = mkdtempSync(join(tmpdir(), "countersign-"));
const [dataDir, teamsDir] = [join(dir, "data"), join(dir, "teams")];
const { key, hash } = createAssistantKey();
mkdirSync(teamsDir);
await writeTeams("");

const sandboxFile = join(dataDir, "sandbox/sandbox.json");
const sandbox = spawn(
  process.execPath,
  [resolve(import.meta.dirname, "../../cli/countersign.js"), "sandbox"],
  { env: { ...process.env, DATA_DIR: dataDir, TEAMS_DIR: teamsDir, SANDBOX_PORT: "0" }, stdio: "inherit" },
);
process.on("exit", () => {
  sandbox.kill();
  rmSync(dir, { recursive: true });
});
const { url, api_key: apiKey } = await readWhenThere(sandboxFile);
const loaded = await loadTeams(teamsDir);
if (!loaded.ok) throw new Error("The generated teams have problems");
const gateway = await startGateway({
  settings: parseEnv({ PORT: "0", DATA_DIR: dataDir, MULTIMAIL_API_URL: url, LOG_LEVEL: "error" }),
  policies: loaded.policies,
  teamsDir,
  env: { MULTIMAIL_API_KEY: apiKey },
  // Listing 10,000 mailboxes at MultiMail has stalls of its own.
  refreshMs: 600_000,
});
await measure("at rest", () => sleep(10_000));
await writeFile(join(teamsDir, "team-7.yaml"), `${team(7)}# changed\n`);
await measure("one team changed", () => gateway.reload());
await sleep(2_000);
await writeTeams("# changed again\n");
await measure("all teams changed", () => gateway.reload());
await gateway.close();
// While it runs, this process does not end.
sandbox.kill();

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const took: number[] = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      const startedAt = performance.now();
      const headers = { Authorization: `Bearer ${key}` };
      await (await fetch(`${gateway.url}/v1/receipts/rcp_none`, { headers })).text();
      took.push(performance.now() - startedAt);
      await sleep(20);
    }
  })();
  const startedAt = performance.now();
  delay.enable();
  const result = await work();
  delay.disable();
  over = true;
  await asking;
  took.sort((a, b) => a - b);
  console.log(
    `${what}: ${result ?? ""} ${ms(performance.now() - startedAt)}; ` +
      `loop stood still p99 ${ms(delay.percentile(99) / 1e6)}, max ${ms(delay.max / 1e6)}; ` +
      `${took.length} requests, p99 ${ms(took[Math.floor(took.length * 0.99)] ?? 0)}, max ${ms(took.at(-1) ?? 0)}; ` +
      `heap ${Math.round(process.memoryUsage().heapUsed / 1e6)} MB`,
  );
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

async function readWhenThere(file: string): Promise<{ url: string; api_key: string }> {
  for (;;) {
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch {
      await sleep(200);
    }
  }
}

async function writeTeams(comment: string): Promise<void> {
  for (let n = 0; n < TEAMS; n++) await writeFile(join(teamsDir, `team-${n}.yaml`), team(n) + comment);
}

/** About as much as a real team says. */
function team(n: number): string {
  return `team: team-${n}
description: Team number ${n}
mailbox: { id: mbx-${n}, address: team-${n}@acme.multimail.dev }
oversight: gated_all
approvers: [lead-${n}@acme.example]
assistants:
  - id: chaser-${n}
    keys: ["${n === 0 ? hash : `sha256:${n.toString(16).padStart(64, "0")}`}"]
    actions: [send, reply, inbox, read, thread, status, cancel]
    recipients: { allow: ["*@suppliers.example"] }
    limits: { per_assistant: 20/day }
  - id: helper-${n}
recipients:
  internal: [acme.example]
  external: require_approval
  allow: ["*@suppliers.example", "engagement@auditors.example", "*@acme.example"]
  deny: ["*@old-suppliers.example"]
content: { block: [private_key, api_key, credit_card], flag: [iban] }
attachments: { allow: [application/pdf, text/csv], max_count: 5, max_bytes: 5MB }
limits: { per_assistant: 50/day, per_recipient: 5/day, team: 500/day }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris, outside: schedule }
overlap: { window: 24h, similarity: 0.6, action: flag }
first_contact: flag
`;
}
