import { suggest } from "@countersign/core/policy";
import type { Environment } from "@countersign/host";
import { EnvError, loadTeams, parseEnv, SETTING_VARIABLES } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "environment";

/** What begins like one of ours and is none is probably mistyped. */
const OURS = /^(?:MULTIMAIL|AUDIT|TEAMS|DATA|DATABASE|PUBLIC|OAUTH|CONSOLE|OIDC)_/;

/** Every variable that is set can be used, and none is mistyped. */
export async function checkEnvironment(env: Environment): Promise<readonly Diagnosis[]> {
  const variables = Object.values(SETTING_VARIABLES);
  const set = variables.filter((name) => env[name]);
  const problems = problemsOf(env);
  const summary = `${set.length} of ${variables.length} variables are set${set.length > 0 ? `: ${set.join(", ")}` : ""}`;
  return [
    ...(problems.length === 0 ? [{ what: WHAT, level: "ok", message: summary } as const] : []),
    ...problems.map((message): Diagnosis => {
      const [name = ""] = message.split(" ");
      return { what: WHAT, level: "problem", message, todo: `Correct or unset ${name}` };
    }),
    ...(await mistyped(env, variables)),
  ];
}

function problemsOf(env: Environment): readonly string[] {
  try {
    parseEnv(env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

async function mistyped(env: Environment, variables: readonly string[]): Promise<readonly Diagnosis[]> {
  const known = new Set([...variables, ...(await variablesOfTeams(env))]);
  const strange = Object.keys(env).filter((name) => OURS.test(name) && env[name] && !known.has(name));
  return strange.flatMap((name): Diagnosis[] => {
    const meant = suggest(name, variables);
    if (meant === undefined) return [];
    return [
      { what: WHAT, level: "warning", message: `${name} is read by nothing`, todo: `Did you mean ${meant}?` },
    ];
  });
}

/** Teams may name variables of their own for their keys. */
async function variablesOfTeams(env: Environment): Promise<readonly string[]> {
  const loaded = await loadTeams(env.TEAMS_DIR || "./teams");
  return loaded.ok ? [...loaded.policies.teams.values()].map(({ mailbox }) => mailbox.apiKeyEnv) : [];
}
