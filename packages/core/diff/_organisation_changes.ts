import { canonicalText } from "../classes/mod.ts";
import type { Access, OrganisationPolicy, PolicySet, TeamPolicy, Where } from "../policy/mod.ts";
import type { Direction, PolicyChange } from "./policy_change.ts";

/** Changes of rights that are no single team's: who reads the trail, who looks after mailboxes, which assistant moved. */
export function organisationChanges(before: PolicySet, after: PolicySet): readonly PolicyChange[] {
  const [was, will] = [before.organisation, after.organisation];
  return [
    ...accessChanges("may read the whole trail", was?.auditors, will?.auditors),
    ...accessChanges("may look after mailboxes", was?.operators, will?.operators),
    ...channelChanges(was, will),
    ...standInChanges(was, will),
    ...movedAssistants(before, after),
  ];
}

const ORGANISATION = "the organisation";

function stated(
  direction: Direction,
  sentence: string,
  { before, after }: { readonly before?: Where | undefined; readonly after?: Where | undefined },
): PolicyChange {
  return {
    ...{ direction, verdict: "stated" as const, team: ORGANISATION, sentence, scope: [] },
    ...(before && { before }),
    ...(after && { after }),
  };
}

function accessChanges(
  right: string,
  before: Access | undefined,
  after: Access | undefined,
): readonly PolicyChange[] {
  const [was, will] = [named(before), named(after)];
  return [
    ...[...will]
      .filter(([name]) => !was.has(name))
      .map(([name, where]) => stated("wider", `${name} newly ${right}`, { after: where })),
    ...[...was]
      .filter(([name]) => !will.has(name))
      .map(([name, where]) => stated("tighter", `${name} no longer ${right}`, { before: where })),
  ];
}

function named(access: Access | undefined): ReadonlyMap<string, Where> {
  return new Map([
    ...(access?.people ?? []).map(({ address, where }) => [address, where] as const),
    ...(access?.claims ?? []).map(
      ({ value, where }) => [`Whoever signs in as one of the group ${value}`, where] as const,
    ),
  ]);
}

function channelChanges(
  before: OrganisationPolicy | undefined,
  after: OrganisationPolicy | undefined,
): readonly PolicyChange[] {
  const [was, will] = [before?.channels ?? new Map(), after?.channels ?? new Map()];
  const names = new Set<string>([...was.keys(), ...will.keys()]);
  return [...names].flatMap((name) => {
    const [old, next] = [was.get(name), will.get(name)];
    if (canonicalText(old) === canonicalText(next)) return [];
    const places = { before: old?.where, after: next?.where };
    if (next === undefined)
      return [stated("tighter", `Nobody is told by the channel "${name}" any more`, places)];
    const what = old === undefined ? "is new" : "leads elsewhere";
    return [stated("wider", `The channel "${name}" by which people are told ${what}`, places)];
  });
}

function standInChanges(
  before: OrganisationPolicy | undefined,
  after: OrganisationPolicy | undefined,
): readonly PolicyChange[] {
  const texts = (organisation: OrganisationPolicy | undefined): ReadonlyMap<string, Where> =>
    new Map(
      (organisation?.delegates ?? []).map(({ from, to, until, where }) => [
        `${to.address} decides in place of ${from.address} until ${until}, in every team`,
        where,
      ]),
    );
  const [was, will] = [texts(before), texts(after)];
  return [
    ...[...will]
      .filter(([text]) => !was.has(text))
      .map(([text, where]) => stated("wider", `Newly, ${text}`, { after: where })),
    ...[...was]
      .filter(([text]) => !will.has(text))
      .map(([text, where]) => stated("tighter", `No longer true: ${text}`, { before: where })),
  ];
}

/** Whoever had a key of one team's assistant acts in another team with it. */
function movedAssistants(before: PolicySet, after: PolicySet): readonly PolicyChange[] {
  return [...after.keys].flatMap(([key, ref]) => {
    const was = before.keys.get(key);
    if (was === undefined || (was.team === ref.team && was.assistant === ref.assistant)) return [];
    const where = (teams: ReadonlyMap<string, TeamPolicy>, { team, assistant }: typeof ref) =>
      teams.get(team)?.assistants.get(assistant)?.where;
    const sentence = `The key of ${was.team}/${was.assistant} is now that of ${ref.team}/${ref.assistant}: whoever has it acts there`;
    return [stated("wider", sentence, { before: where(before.teams, was), after: where(after.teams, ref) })];
  });
}
