import type { Environment } from "@countersign/host";
import { loadTeams, parseEnv } from "@countersign/host";
import { openAccess } from "../plan/access.ts";
import type { Diagnosis } from "../plan/diagnosis.ts";
import type { Difference } from "../plan/difference.ts";
import { makePlan, type Plan } from "../plan/make_plan.ts";
import { PLAN_SETTINGS } from "../plan/plan_settings.ts";

const WHAT = "drift";

/** For one call to MultiMail. */
const TIMEOUT_MS = 5_000;

/** More errors than these are for `plan`. */
const MAX_ERRORS = 20;

/** Every key may do what it is for and no more, and MultiMail is as the policies declare it. */
export async function checkDrift(env: Environment): Promise<readonly Diagnosis[]> {
  // Where the gateway listens is no reason not to look: it is another check's.
  const settings = parseEnv({ ...env, HOST: undefined, PORT: undefined }, PLAN_SETTINGS);
  const { teamsDir } = parseEnv(env, ["teamsDir"]);
  const loaded = await loadTeams(teamsDir);
  if (!loaded.ok) {
    const message = "It could not be looked at: the policies have problems";
    return [{ what: WHAT, level: "warning", message, todo: "Correct them, and run doctor again" }];
  }
  const access = openAccess(loaded.policies, { settings, env, timeoutMs: TIMEOUT_MS });
  try {
    const webhook = settings.multimailWebhookSecret !== undefined;
    const { findings, errors, differences } = await makePlan(loaded.policies, { access, settings, webhook });
    return [
      ...findings,
      ...judgeErrors(errors),
      ...(errors.length > 0 && differences.length === 0 ? [] : [judgeDifferences(differences)]),
    ];
  } finally {
    await access.close();
  }
}

/** What went wrong for several teams is told once. */
function judgeErrors(errors: Plan["errors"]): readonly Diagnosis[] {
  const teams = new Map<string, string[]>();
  for (const { team, message } of errors) {
    teams.set(message, [...(teams.get(message) ?? []), ...(team === null ? [] : [team])]);
  }
  return [...teams].slice(0, MAX_ERRORS).map(([message, about]) => ({
    what: WHAT,
    level: "problem",
    message: about.length === 0 ? message : `${message} (${about.slice(0, MAX_ERRORS).join(", ")})`,
    todo: "Correct this, and run countersign plan",
  }));
}

function judgeDifferences(differences: readonly Difference[]): Diagnosis {
  const stopping = differences.filter(isStopping);
  const teams = [...new Set(stopping.map(({ team }) => team))].join(", ");
  const todo = "Run countersign plan, and then countersign apply";
  if (stopping.length > 0) {
    const message = `MultiMail is not as it is declared, so that nothing is sent for: ${teams}`;
    return { what: WHAT, level: "problem", message, todo };
  }
  if (differences.length > 0) {
    const settings = [...new Set(differences.map(({ setting }) => setting))].join(", ");
    const message = `MultiMail differs from what is declared, and nothing is stopped by it: ${settings}`;
    return { what: WHAT, level: "warning", message, todo };
  }
  return { what: WHAT, level: "ok", message: "MultiMail is as it is declared" };
}

/** A stricter mode and a missing webhook stop nothing. */
function isStopping({ setting, effect }: Difference): boolean {
  return !(effect === "looser" && setting === "oversight") && setting !== "webhook";
}
