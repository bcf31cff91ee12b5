import { readFile } from "node:fs/promises";
import type { Finding } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import { parseCaller, parseScenario, playScenario } from "@countersign/core/what-if";
import { parseEnv } from "@countersign/host";
import { Command } from "commander";
import { loadPolicies } from "../load_policies.ts";

/** A denial, which is no failure of the command. */
const DENIED = 3;

interface DecideFlags {
  readonly as: string;
  readonly now?: string;
  readonly json?: boolean;
}

/** `countersign decide --as team/assistant <request.json>`: what would happen, with the trace; nothing is sent. */
export function decideCommand(): Command {
  return new Command("decide")
    .description("tell what would be decided about a request, and why; nothing is sent. Exits 3 when denied")
    .argument(
      "<request.json>",
      'a file, or - for standard input: {"send": {…}, "given": {…}} or the body of a send',
    )
    .requiredOption("--as <team/assistant>", "who asks")
    .option("--now <time>", "ISO 8601 in UTC (default: now)")
    .option("--json", "print one JSON value")
    .action(async (file: string, { as, now, json }: DecideFlags) => {
      if (!as.includes("/"))
        throw new Error(`Cannot tell who asks: --as must be team/assistant, got "${as}"`);
      const at = now === undefined ? Date.now() : Date.parse(now);
      if (Number.isNaN(at))
        throw new Error(`Cannot read --now "${now}": it must be like 2026-11-23T10:00:00Z`);
      const policies = await loadPolicies(parseEnv(process.env).teamsDir);
      const scenario = parseScenario(await readJson(file));
      const played = playScenario(policies, parseCaller(as, ""), scenario, { now: at });
      process.exitCode = played.every(({ decision }) => decision.effect === "allow") ? 0 : DENIED;
      if (json) {
        console.log(JSON.stringify(played.map(({ decision }) => decision)));
        return;
      }
      for (const { action, decision } of played) {
        const sendAt = decision.sendAt === undefined ? "" : `, leaves at ${decision.sendAt}`;
        console.log(
          `${action.name}: ${decision.effect}${decision.held ? ", held for a person" : ""}${sendAt}`,
        );
        for (const finding of decision.findings) console.log(formatFinding(finding));
      }
    });
}

function formatFinding({ rule, effect, message, detail, where, about }: Finding): string {
  const lines = [`  ${effect.padEnd(4)} ${rule}: ${message}`];
  if (detail !== undefined) lines.push(`       ${detail}`);
  if (about !== undefined) lines.push(`       recipients ${about.map((index) => index + 1).join(", ")}`);
  if (where !== undefined) lines.push(`       ${formatWhere(where)}`);
  return lines.join("\n");
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file === "-" ? "/dev/stdin" : file, "utf8");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot read "${file}" as JSON: ${error instanceof Error ? error.message : error}`);
  }
}
