/**
 * Loads folders of teams, large and small ones, and prints how long it takes as a ratio to parsing the same YAML with the
 * `yaml` library alone: `node --import tsx packages/host/teams/teams_bench.ts [teams = 10000]`.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyLoadResult, PolicySet } from "@countersign/core/policy";
import { parse } from "yaml";
import { manyTeams } from "../testing/many_teams.ts";
import { loadChangedTeams } from "./load_changed_teams.ts";
import { loadManyTeams } from "./load_many_teams.ts";
import { SeenTeams } from "./seen_teams.ts";

const MANY = Number(process.argv[2] ?? 10_000);
const YAML = "parsing the same bytes with yaml alone";

for (const count of [1_000, MANY]) {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(manyTeams(count))) writeFileSync(join(dir, name), text);
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
