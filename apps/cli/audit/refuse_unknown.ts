import { createHash } from "node:crypto";
import { parseAddress } from "@countersign/core/address";
import type { PolicyFile, PolicyLoadResult } from "@countersign/core/policy";
import { suggest } from "@countersign/core/suggest";
import { parseEnv } from "@countersign/host/env";
import {
  findRecords,
  PERSON_KINDS,
  personOf,
  policyFiles,
  type RecordFilter,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import { printable } from "../terminal/printable.ts";
import { UsageError } from "../terminal/usage_error.ts";

// What reads policies is imported where something was not found, so that no list waits for it.

/** Of so many records, the newest, names are suggested. */
const LOOKED_AT = 5_000;

/** What beside a policy's rules a record calls so. */
const OTHER_RULES = ["duplicate", "idempotency", "caller"];

/**
 * Called when a filter found nothing: whether that is so because it names what there is not.
 *
 * @throws {UsageError} that names the nearest there is
 */
export async function refuseUnknown(trail: TrailStore, filter: RecordFilter): Promise<void> {
  const { team, assistant, rule, receipt, email, by, recipient } = filter;
  const has = (one: RecordFilter) => isThere(trail, one);
  const seen = (read: (record: TrailRecord) => readonly (string | null)[], among: RecordFilter = {}) =>
    namesIn(trail, among, read);
  const isOfTeams = team !== undefined || assistant !== undefined;
  const teams = isOfTeams ? await knownTeams(trail) : new Map<string, readonly string[]>();
  if (team !== undefined && !teams.has(team) && !(await has({ team })))
    throw unknown("team", team, [...teams.keys(), ...(await seen((record) => [record.team]))]);
  if (assistant !== undefined) {
    const ids = team === undefined ? [...teams.values()].flat() : (teams.get(team) ?? []);
    const within = team === undefined ? {} : { team };
    if (!ids.includes(assistant) && !(await has({ ...within, assistant })))
      throw unknown(team === undefined ? "assistant" : `assistant of team ${team}`, assistant, [
        ...ids,
        ...(await seen((record) => [record.assistant], within)),
      ]);
  }
  if (rule !== undefined && !(await has({ rule }))) {
    const { RULE_NAMES } = await import("@countersign/core/policy");
    const rules = [...Object.keys(RULE_NAMES), ...OTHER_RULES];
    if (!rules.includes(rule)) throw unknown("rule", rule, rules);
  }
  if (receipt !== undefined && !(await has({ receipt })))
    throw unknown("receipt", receipt, await seen((record) => [record.receipt]));
  if (email !== undefined && !(await has({ email })))
    throw unknown("email", email, await seen(({ data }) => [textOf(data.email), textOf(data.about)]));
  if (by !== undefined && !(await has({ by }))) throw unknown("person", by, await personsIn(trail));
  if (recipient !== undefined && !recipient.startsWith("@") && !parseAddress(recipient).ok) {
    if (!(await has({ recipient })))
      throw new UsageError(printable(`"${recipient}" is no address: write one like jane@client.example`));
  }
}

/** The nearest domain to which something was asked to be sent, when nothing was to this recipient's. */
export async function nearestDomain(trail: TrailStore, recipient: string): Promise<string | undefined> {
  const domain = recipient.slice(recipient.lastIndexOf("@") + 1).toLowerCase();
  if (await isThere(trail, { recipient: `@${domain}` })) return undefined;
  const domains = await namesIn(trail, { kind: "intent" }, ({ kind, data }) =>
    kind === "intent" ? data.recipients.map((one) => one.domain) : [],
  );
  return suggest(domain, domains);
}

function unknown(what: string, value: string, known: readonly string[]): UsageError {
  const names = [...new Set(known)];
  const near = suggest(value, names) ?? names.find((name) => value !== "" && name.startsWith(value));
  const some =
    names.length <= 8 && names.length > 0
      ? `known are ${names.join(", ")}`
      : "the trail has none of that name";
  return new UsageError(
    printable(`Unknown ${what} "${value}": ${near === undefined ? some : `did you mean "${near}"?`}`),
  );
}

async function isThere(trail: TrailStore, filter: RecordFilter): Promise<boolean> {
  for await (const _record of findRecords(trail, { ...filter, limit: 1 })) return true;
  return false;
}

async function namesIn(
  trail: TrailStore,
  filter: RecordFilter,
  read: (record: TrailRecord) => readonly (string | null)[],
): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { record } of trail.records({ ...filter, newestFirst: true, limit: LOOKED_AT }))
    for (const name of read(record)) if (name !== null) names.add(name);
  return [...names];
}

async function personsIn(trail: TrailStore): Promise<readonly string[]> {
  const commitments = await namesIn(trail, { kinds: PERSON_KINDS }, (record) => [personOf(record) ?? null]);
  return [...new Set((await trail.unseal(commitments)).values())];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Assistants by team, of the policies in `TEAMS_DIR` and of those on record last: who never asked for anything is known, too. */
async function knownTeams(trail: TrailStore): Promise<ReadonlyMap<string, readonly string[]>> {
  const teams = new Map<string, readonly string[]>();
  for (const result of [await inForce(trail), await configured()])
    for (const { team, assistants } of result?.ok ? result.policies.teams.values() : [])
      teams.set(team, [...(teams.get(team) ?? []), ...assistants.keys()]);
  return teams;
}

async function configured(): Promise<PolicyLoadResult | undefined> {
  try {
    const { loadTeams } = await import("@countersign/host/teams");
    return await loadTeams(parseEnv(process.env, ["teamsDir"]).teamsDir);
  } catch {
    return undefined;
  }
}

async function inForce(trail: TrailStore): Promise<PolicyLoadResult | undefined> {
  for await (const { record } of trail.records({ kind: "policy", newestFirst: true })) {
    const { policy, data } = record;
    const files = policy === null || data.result !== "loaded" ? undefined : await policyFiles(trail, policy);
    if (files === undefined) continue;
    const texts: PolicyFile[] = [];
    for (const [name, hash] of files) {
      const text = await trail.policyText(hash);
      if (text !== undefined) texts.push({ name, file: name, bytes: Buffer.from(text) });
    }
    const { loadPolicies } = await import("@countersign/core/policy");
    return loadPolicies(texts, { sha256: (bytes) => createHash("sha256").update(bytes).digest("hex") });
  }
  return undefined;
}
