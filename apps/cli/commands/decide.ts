import { readJson } from "@countersign/core/action";
import type { Finding } from "@countersign/core/decision";
import { formatWhere, type PolicySet } from "@countersign/core/policy";
import {
  type PlayedAction,
  parseCaller,
  parseScenario,
  playScenario,
  type Scenario,
} from "@countersign/core/what-if";
import { Command } from "commander";
import { findAssistant, parseTeamAssistant } from "../policy/find_assistant.ts";
import { inspect } from "../policy/inspect.ts";
import { requirePolicies } from "../policy/require_policies.ts";
import { parseZone } from "../terminal/parse_time.ts";
import { parseUser } from "../terminal/parse_user.ts";
import { printable } from "../terminal/printable.ts";
import { readBounded } from "../terminal/read_bounded.ts";
import { paint, type Tone } from "../terminal/talk.ts";
import { readTime } from "../terminal/time_options.ts";

/** A denial, which is no failure of the command. */
const DENIED = 3;

/** An email with its attachments is not larger. */
const MAX_BYTES = 32 * 1024 ** 2;

interface DecideFlags {
  readonly as: string;
  readonly user?: string;
  readonly claim?: readonly string[];
  readonly now?: string;
  readonly tz: string;
  readonly json?: boolean;
}

/** `countersign decide --as team/assistant <request.json>`: what would happen, with the trace; nothing is sent. */
export function decideCommand(): Command {
  return new Command("decide")
    .description("Tells what would be decided about a request, and why. Nothing is sent.")
    .argument("<request.json>", "a file, or - for standard input")
    .requiredOption("--as <team/assistant>", "who asks", parseTeamAssistant)
    .option(
      "--user <address>",
      "the person who asks the assistant, signed in (default: as in the scenario)",
      parseUser,
    )
    .option(
      "--claim <group>",
      "a group of that person, as the identity provider calls it; once for each",
      (group: string, others: readonly string[] | undefined) => [...(others ?? []), group],
    )
    .option("--now <time>", "what time it is: 2026-11-23T10:00, tomorrow (default: now)")
    .option("--tz <zone>", "time zone of --now, like Europe/Berlin", parseZone, "UTC")
    .option("--json", 'print {"effect": …, "held": …, "decisions": [one for each action]}')
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, { as, json, ...flags }: DecideFlags, command: Command) => {
      const clock = { now: Date.now(), zone: flags.tz };
      const now = flags.now === undefined ? clock.now : readTime(command, "--now <time>", flags.now, clock);
      const policies = await requirePolicies();
      warnOfStranger(policies, as);
      const given = parseScenario(await parseJson(await readBounded(file, MAX_BYTES), file));
      const scenario = { ...given, ...userOf(flags, given) };
      const played = await playScenario(policies, parseCaller(as, ""), scenario, { now, inspect });
      const allowed = played.every(({ decision }) => decision.effect === "allow");
      process.exitCode = allowed ? 0 : DENIED;
      if (!json) {
        console.log(played.map(formatDecision).join("\n"));
        return;
      }
      const decisions = played.map(({ action, decision }) => ({ action: action.name, ...decision }));
      const held = decisions.some((decision) => decision.held);
      console.log(JSON.stringify({ effect: allowed ? "allow" : "deny", held, decisions }));
    });
}

const EXAMPLES = `
The request is what an assistant would send to /v1/send, /v1/reply or /v1/report, or a scenario as in the tests
beside policies: {"send": {…}, "user": "jane@acme.example", "given": {…}}. Exits 0 when it would be allowed, 3 when it would be denied.

Examples:
  $ countersign decide --as finance/invoice-chaser request.json
  $ echo '{"to":"jane@client.example","subject":"Hello","body":"Hello"}' | countersign decide --as sales/account-manager -
  $ countersign decide --as sales/deal-desk --user jane@acme.example --claim sales request.json
  $ echo '{"reply":{"body":"Thanks"},"given":{"original":{"from":"jane@client.example"}}}' |
      countersign decide --as sales/account-manager -`;

/** Who signed in by the flags; of what they do not say, the scenario does. */
function userOf(
  { user, claim }: Pick<DecideFlags, "user" | "claim">,
  given: Scenario,
): Pick<Scenario, "user"> {
  if (user === undefined && claim === undefined) return {};
  const before = typeof given.user === "string" ? { address: given.user } : given.user;
  return {
    user: {
      ...before,
      ...(user !== undefined && { address: user }),
      ...(claim !== undefined && { claims: claim }),
    },
  };
}

/** Somebody whom no policy names is denied; more often the name is misspelt. */
function warnOfStranger(policies: PolicySet, as: string): void {
  try {
    findAssistant(policies, as);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
}

function formatDecision({ action, decision }: PlayedAction): string {
  const { effect, held, sendAt, findings } = decision;
  const tone = effect === "deny" ? "bad" : held ? "careful" : "good";
  const verdict = [`${action.name}: ${effect}`];
  if (effect === "allow" && held) verdict.push("held for a person");
  if (effect === "allow" && sendAt !== undefined) verdict.push(`leaves at ${sendAt}`);
  return [paint(tone, verdict.join(", ")), ...findings.map(formatFinding)].join("\n");
}

const TONES: Readonly<Record<Finding["effect"], Tone | undefined>> = {
  deny: "bad",
  flag: "careful",
  warn: "careful",
  note: undefined,
};

function formatFinding({ rule, effect, message, detail, where, about }: Finding): string {
  const lines = [`${rule}: ${message}`];
  if (detail !== undefined) lines.push(`       ${detail}`);
  if (about !== undefined) lines.push(`       recipients ${about.map((index) => index + 1).join(", ")}`);
  const place = where && `       ${paint("place", printable(formatWhere(where)))}`;
  const shown = [...lines.map(printable), ...(place === undefined ? [] : [place])].join("\n");
  return `  ${paint(TONES[effect], effect.padEnd(4))} ${shown}`;
}

/** As the gateway's doors do: what they would refuse to read is refused here. */
async function parseJson(text: string, file: string): Promise<unknown> {
  const name = file === "-" ? "standard input" : `"${file}"`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(printable(`Cannot read ${name} as JSON: ${why}`), { cause: error });
  }
  const read = await readJson(Buffer.from(text));
  const [problem] = read.ok ? read.problems : [{ field: "", message: read.message }];
  if (problem === undefined) return value;
  throw new Error(
    printable(`Cannot take ${name}: ${problem.field === "" ? "" : `${problem.field}: `}${problem.message}`),
  );
}
