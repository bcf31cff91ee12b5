import { formatProblem, formatWhere, type TeamPolicy } from "@countersign/core/policy";
import type { Environment } from "@countersign/host";
import { loadTeams, parseEnv } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";
import { warningsOf } from "../policy/warnings_of.ts";

const WHAT = "policies";

/** More problems than these are for `check`. */
const MAX_PROBLEMS = 20;

/** More names than these help nobody. */
const MAX_NAMES = 10;

/** An exception that ends sooner is worth a word. */
const SOON_MS = 14 * 24 * 60 * 60_000;

/** The policies have no problem, every assistant can call, and every team's key is there. */
export async function checkPolicies(env: Environment): Promise<readonly Diagnosis[]> {
  const { teamsDir } = parseEnv(env, ["teamsDir"]);
  const loaded = await loadTeams(teamsDir);
  if (!loaded.ok) {
    return loaded.problems.slice(0, MAX_PROBLEMS).map((problem) => ({
      what: WHAT,
      level: "problem",
      message: formatProblem(problem),
      todo: 'Correct it: "countersign check" shows every problem',
    }));
  }
  const teams = [...loaded.policies.teams.values()];
  const assistants = teams.reduce((sum, team) => sum + team.assistants.size, 0);
  return [
    { what: WHAT, level: "ok", message: `${teams.length} teams with ${assistants} assistants, no problem` },
    ...warningsOf(loaded)
      .slice(0, MAX_PROBLEMS)
      .map(
        (problem): Diagnosis => ({
          what: WHAT,
          level: "warning",
          message: formatProblem(problem),
          todo: "Change it, or leave it if it is meant",
        }),
      ),
    ...missingKeys(teams, env),
    ...unlistedMailboxes(teams),
    ...idleSignIns(teams, env),
    ...teams.flatMap((team) => [...keylessAssistants(team), ...endingExceptions(team)]),
  ];
}

function missingKeys(teams: readonly TeamPolicy[], env: Environment): readonly Diagnosis[] {
  const variables = [...new Set(teams.map(({ mailbox }) => mailbox.apiKeyEnv))].filter((name) => !env[name]);
  return variables.map((name): Diagnosis => {
    const message = `${name} is not set: the gateway does not start without it`;
    return {
      what: WHAT,
      level: "problem",
      message,
      todo: `Set ${name} to a MultiMail key with the scopes read and send`,
    };
  });
}

/** Without a list, whoever may change one team's file may let it send from any mailbox of the account. */
function unlistedMailboxes(teams: readonly TeamPolicy[]): readonly Diagnosis[] {
  if (teams.length < 2 || teams.every(({ mailbox }) => mailbox.listed)) return [];
  const message = "The organisation lists no mailboxes: a team's file may name any mailbox of the account";
  const todo = 'List them in _organisation.yaml: "mailboxes: { team: { id, address, api_key_env } }"';
  return [{ what: WHAT, level: "warning", message, todo }];
}

/** Without an issuer nobody signs in, so that whatever is asked of these assistants is denied. */
function idleSignIns(teams: readonly TeamPolicy[], env: Environment): readonly Diagnosis[] {
  if (env.OAUTH_ISSUER) return [];
  const wanting = teams.flatMap(({ team, assistants }) =>
    [...assistants.values()].flatMap(({ id, users }) =>
      users === undefined ? [] : [`${team}/${id} (${formatWhere(users.where)})`],
    ),
  );
  if (wanting.length === 0) return [];
  const more = wanting.length > MAX_NAMES ? ", …" : "";
  const message = `Nobody can sign in, so that everything is denied to: ${wanting.slice(0, MAX_NAMES).join(", ")}${more}`;
  const todo = "Set OAUTH_ISSUER to the issuer of your people's tokens, or remove users";
  return [{ what: WHAT, level: "warning", message, todo }];
}

function keylessAssistants({ team, assistants }: TeamPolicy): readonly Diagnosis[] {
  const names = [...assistants.values()]
    .filter(({ keys }) => keys.length === 0)
    .map(({ id }) => `${team}/${id}`);
  if (names.length === 0) return [];
  const message = `No key, so that they cannot call, have: ${names.slice(0, MAX_NAMES).join(", ")}${names.length > MAX_NAMES ? ", …" : ""}`;
  return [{ what: WHAT, level: "warning", message, todo: `Issue one: countersign keys new ${names[0]}` }];
}

function endingExceptions({ exceptions }: TeamPolicy): readonly Diagnosis[] {
  const now = Date.now();
  return exceptions
    .filter(({ expiresAt }) => expiresAt < now + SOON_MS)
    .map(({ rule, owner, expiresAt, where }) => ({
      what: WHAT,
      level: "warning",
      message: `The exception from ${rule} ${expiresAt <= now ? "has expired" : `expires ${new Date(expiresAt).toISOString()}`} (${formatWhere(where)})`,
      todo: `Ask ${owner} whether it is still needed, and renew or remove it`,
    }));
}
