/**
 * Loads folders of teams, large and small ones, and prints how long it takes as a ratio to parsing the same YAML with the
 * `yaml` library alone: `node --import tsx packages/host/teams/teams_bench.ts [teams = 10000]`.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyLoadResult, PolicySet } from "@countersign/core/policy";
import { parse } from "yaml";
import { loadChangedTeams } from "./load_changed_teams.ts";
import { loadManyTeams } from "./load_many_teams.ts";
import { SeenTeams } from "./seen_teams.ts";

const MANY = Number(process.argv[2] ?? 10_000);
const YAML = "parsing the same bytes with yaml alone";

for (const count of [1_000, MANY]) {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  writeTeams(dir, count);
  const parsing = await timed(async () => {
    for (const name of readdirSync(dir)) parse(readFileSync(join(dir, name), "utf8"));
  });
  const loading = await timed(() => loadManyTeams(dir));
  tell(`load ${count} teams`, loading.ms, parsing.ms);
  if (count !== MANY) continue;
  const known = policiesOf(loading.result);
  // Long after the files changed, what the system says of them is believed.
  const seen = new SeenTeams(dir, () => Date.now() + 5_000);
  await seen.look();
  appendFileSync(join(dir, "team-7.yaml"), "# changed\n");
  const changed = await timed(async () => loadChangedTeams(dir, { known, look: await seen.look() }));
  if (policiesOf(changed.result).hash === known.hash) throw new Error("Nothing has changed");
  tell(`load one changed team of ${count}`, changed.ms, parsing.ms);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  console.log(`memory with ${count} teams: ${megabytes} MB`);
  process.send?.({ what: `memory after loading ${count} teams`, value: megabytes, unit: "MB" });
}

function tell(what: string, ms: number, yamlMs: number): void {
  const ratio = ms / yamlMs;
  console.log(`${what}: ${ms.toFixed(0)} ms, ${ratio.toFixed(2)} × ${YAML}`);
  process.send?.({ what, value: ms, unit: "ms", ratio, to: YAML });
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

function policiesOf(result: PolicyLoadResult): PolicySet {
  if (!result.ok) throw new Error("The generated teams have problems");
  return result.policies;
}

/** Most teams are small, every fiftieth has many assistants and exceptions. */
function writeTeams(dir: string, count: number): void {
  writeFileSync(
    join(dir, "_organisation.yaml"),
    "internal: [acme.example]\nrecipients: { external: require_approval, deny: ['*@rival.example'] }\n",
  );
  for (let n = 0; n < count; n++) writeFileSync(join(dir, `team-${n}.yaml`), team(n, n % 50 === 0 ? 25 : 2));
}

function team(n: number, size: number): string {
  const numbers = Array.from({ length: size }, (_, index) => index);
  const assistants = numbers.map(
    (index) => `  - id: helper-${index}
    keys: ["sha256:${(100 * n + index).toString(16).padStart(64, "0")}"]
    recipients: { allow: ["*@suppliers.example"] }
    limits: { per_assistant: 20/day }
`,
  );
  const exceptions = numbers
    .slice(2)
    .map(
      (index) =>
        `  - { rule: hours, reason: Close ${index}, owner: lead@acme.example, expires: 2099-12-31 }\n`,
    );
  return `team: team-${n}
mailbox: { id: mbx-${n}, address: team-${n}@acme.multimail.dev }
approvers: [lead-${n}@acme.example]
assistants:
${assistants.join("")}recipients: { allow: ["*@suppliers.example", "*@acme.example"], deny: ["*@old.example"] }
content: { block: [private_key, { name: word, pattern: "(?i)falcon-${n % 20}" }], flag: [iban] }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris }
${exceptions.length === 0 ? "" : `exceptions:\n${exceptions.join("")}`}`;
}
