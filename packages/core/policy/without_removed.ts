import { ORGANISATION_FILE } from "./check/check_file_name.ts";
import {
  type PeopleProblems,
  reduceOffices,
  reducePeople,
  type StandingPeople,
  standingPeople,
  standingPeopleOf,
} from "./check/standing_people.ts";
import type { PolicySet } from "./policy_set.ts";
import type { PolicyDocument } from "./read/policy_document.ts";
import type { AssistantPolicy, TeamPolicy } from "./team_policy.ts";

/** A file in a folder with problems, as far as it says who may call, and who decides. */
export interface StandingFile {
  /** In the folder: `finance.yaml`. */
  readonly name: string;
  /** Key hashes by assistant, undefined where that entry has a problem; absent: the file says it in no readable way. */
  readonly assistants?: ReadonlyMap<string, readonly string[] | undefined>;
  /** Every assistant could be read at least by its id, so that whoever is not named was removed. */
  readonly complete: boolean;
  /** Absent: nobody can read whom it names. */
  readonly people?: StandingPeople;
}

/** What is in force no longer although the new policies are refused. */
export interface RemovedRights {
  readonly teams: readonly string[];
  /** `team/assistant` */
  readonly assistants: readonly string[];
  /** `sha256:…`, of assistants that stay. */
  readonly keys: readonly string[];
  /** How many people decide no longer, stand in for nobody any more, or hold an office no longer; in all teams together. */
  readonly people: number;
}

/** Parts of an assistant's entry in which a mistake says nothing about who may call. */
const ASIDE = /^assistants\[\d+\]\.(?:dust_agent|actions|recipients|limits|hours|users)(?![\w-])/;

/** What a file with or without problems says of who may call. */
export function standingFile(
  name: string,
  document: PolicyDocument | undefined,
  { unreadable, wrong, organisation }: PeopleProblems,
): StandingFile {
  if (document === undefined || unreadable.length > 0) return { name, complete: false };
  const people = standingPeople(document, { unreadable, wrong, organisation });
  const list = document.value.assistants;
  if (!Array.isArray(list)) return { name, complete: false, people };
  const problems = wrong.map(({ path }) => path).filter((path) => !ASIDE.test(path));
  const assistants = new Map<string, readonly string[] | undefined>();
  let complete = !problems.includes("assistants");
  for (const [index, entry] of list.entries() as Iterable<[number, Partial<AssistantPolicy> | null]>) {
    const path = `assistants[${index}]`;
    const id = entry?.id;
    if (typeof id !== "string" || problems.includes(`${path}.id`)) {
      complete = false;
      continue;
    }
    const isWrong = problems.some((one) => one === path || one.startsWith(`${path}.`));
    assistants.set(id, isWrong || assistants.has(id) ? undefined : (entry?.keys ?? []));
  }
  return { name, assistants, complete, people };
}

/** The same of policies without problems: of every team. */
export function standingFiles({ teams }: PolicySet): readonly StandingFile[] {
  return [...teams.values()].map(standingTeam);
}

/** The same of one policy. */
export function standingTeam(policy: TeamPolicy): StandingFile {
  return {
    name: `${policy.team}.yaml`,
    assistants: new Map([...policy.assistants].map(([id, { keys }]) => [id, keys])),
    complete: true,
    people: standingPeopleOf(policy),
  };
}

/**
 * The policies in force without the keys, assistants, teams and people that the files in the folder no longer have, whatever
 * else is wrong with these files: a mistake anywhere must not keep a key alive, nor let somebody decide who left. What is new
 * in them is not in force.
 * The hash stays: it names the files that were in force as a whole.
 */
export function withoutRemoved(
  policies: PolicySet,
  files: readonly StandingFile[],
): { readonly policies: PolicySet; readonly removed: RemovedRights } {
  const standing = new Map(files.map((file) => [canonicalName(file.name), file]));
  const teams = new Map<string, TeamPolicy>();
  const removed = { teams: [] as string[], assistants: [] as string[], keys: [] as string[], people: 0 };
  for (const [name, policy] of policies.teams) {
    const file = standing.get(`${name}.yaml`);
    if (file === undefined) {
      removed.teams.push(name);
      continue;
    }
    const { policy: left, gone } = reducePeople(reduceTeam(policy, file, removed), file.people ?? {});
    teams.set(name, left);
    removed.people += gone;
  }
  const offices = standing.get(ORGANISATION_FILE)?.people ?? {};
  const bounding = policies.organisation && reduceOffices(policies.organisation, offices);
  removed.people += bounding?.gone ?? 0;
  if (removed.teams.length + removed.assistants.length + removed.keys.length + removed.people === 0)
    return { policies, removed };
  const keys = [...policies.keys].filter(([key, { team, assistant }]) =>
    teams.get(team)?.assistants.get(assistant)?.keys.includes(`sha256:${key}`),
  );
  const organisation = bounding && { organisation: bounding.policy };
  return { policies: { ...policies, teams, keys: new Map(keys), ...organisation }, removed };
}

function reduceTeam(
  policy: TeamPolicy,
  { assistants: left, complete }: StandingFile,
  removed: Record<"assistants" | "keys", string[]>,
): TeamPolicy {
  if (left === undefined) return policy;
  let isReduced = false;
  const assistants = new Map(
    [...policy.assistants].map(([id, assistant]) => {
      if (!left.has(id)) {
        if (!complete) return [id, assistant];
        isReduced = true;
        removed.assistants.push(`${policy.team}/${id}`);
        // Its entry stays, since places in the file are counted by it; it may do nothing, and nobody may use it.
        const { users: _, ...rest } = assistant;
        return [id, { ...rest, keys: [], actions: new Set<never>() }];
      }
      const known = left.get(id);
      const gone = known === undefined ? [] : assistant.keys.filter((key) => !known.includes(key));
      if (gone.length === 0) return [id, assistant];
      isReduced = true;
      removed.keys.push(...gone);
      return [id, { ...assistant, keys: assistant.keys.filter((key) => !gone.includes(key)) }];
    }),
  );
  return isReduced ? { ...policy, assistants } : policy;
}

/** A file that was only misnamed was not removed. */
function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.yml$/, ".yaml");
}
