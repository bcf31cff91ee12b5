import { isAsStrictAs, keyPrefix, type OversightMode, type TeamPolicy, whereOf } from "../policy/mod.ts";
import type { Direction, PolicyChange, TeamPair } from "./policy_change.ts";

/** Changes of somebody's rights that no request can show: who has a key, who decides, whose mailbox it is. */
export function rightsChanges({ before, after }: TeamPair): readonly PolicyChange[] {
  if (before === undefined && after === undefined) return [];
  const team = after?.team ?? before?.team ?? "";
  const change = (direction: Direction, sentence: string, path = ""): PolicyChange => ({
    ...{ direction, verdict: "stated" as const, team, sentence, scope: [] },
    ...(before && { before: whereOf(before, path) }),
    ...(after && { after: whereOf(after, path) }),
  });
  if (before === undefined)
    return [
      change("wider", `Team ${team} is new: its assistants may use the mailbox ${after?.mailbox.address}`),
    ];
  if (after === undefined)
    return [change("tighter", `Team ${team} is gone: its assistants may do nothing any more`)];
  const changes: PolicyChange[] = [];
  if (before.team !== after.team)
    changes.push(change("wider", `Team ${before.team} is now called ${after.team}; it has the same mailbox`));
  if (before.mailbox.id !== after.mailbox.id || before.mailbox.address !== after.mailbox.address)
    changes.push(
      change(
        "wider",
        `It acts in another mailbox: ${after.mailbox.address} instead of ${before.mailbox.address}`,
        "mailbox",
      ),
    );
  if (before.mailbox.apiKeyEnv !== after.mailbox.apiKeyEnv)
    changes.push(
      change(
        "wider",
        `The mailbox is used with the key in ${after.mailbox.apiKeyEnv} instead of ${before.mailbox.apiKeyEnv}`,
        "mailbox.api_key_env",
      ),
    );
  for (const [index, assistant] of [...after.assistants.values()].entries()) {
    const was = before.assistants.get(assistant.id);
    const path = `assistants[${index}].keys`;
    const added = assistant.keys.filter((key) => !was?.keys.includes(key));
    const removed = (was?.keys ?? []).filter((key) => !assistant.keys.includes(key));
    if (added.length > 0)
      changes.push(
        change("wider", `Whoever has the key ${prefixes(added)} may act as ${assistant.id}`, path),
      );
    if (removed.length > 0)
      changes.push(
        change("tighter", `The key ${prefixes(removed)} no longer lets anybody act as ${assistant.id}`, path),
      );
    if (was !== undefined && was.dustAgent !== assistant.dustAgent)
      changes.push(
        change(
          "wider",
          `${assistant.id} is another agent in Dust: ${assistant.dustAgent ?? "none is named"} instead of ${was.dustAgent ?? "none"}`,
          `assistants[${index}].dust_agent`,
        ),
      );
  }
  changes.push(...oversightChanges(before, after, change), ...composeChanges(before, after, change));
  changes.push(...copyChanges(before, after, change), ...approvalChanges(before, after, change));
  return changes;
}

/** What a mode means besides for email that is sent, which requests show. */
const MODES: Readonly<Record<OversightMode, string>> = {
  read_only: "nothing can be sent",
  gated_all: "a person approves email before it leaves, and email that comes in before an assistant sees it",
  gated_send: "a person approves email before it leaves; email that comes in is shown at once",
  monitored: "email leaves at once, and somebody gets a copy; email that comes in is shown at once",
  autonomous: "email leaves at once, and nobody gets a copy; email that comes in is shown at once",
};

function oversightChanges(
  { oversight: was }: TeamPolicy,
  { oversight: will }: TeamPolicy,
  change: (direction: Direction, sentence: string, path?: string) => PolicyChange,
): readonly PolicyChange[] {
  if (was === will) return [];
  const direction = isAsStrictAs(will, was) ? "tighter" : "wider";
  return [
    change(direction, `Oversight is ${will}: ${MODES[will]}. It was ${was}: ${MODES[was]}`, "oversight"),
  ];
}

/** What every email gets, which nobody is asked about. */
function composeChanges(
  before: TeamPolicy,
  after: TeamPolicy,
  change: (direction: Direction, sentence: string, path?: string) => PolicyChange,
): readonly PolicyChange[] {
  const texts = ({ compose }: TeamPolicy): readonly string[] => [
    ...(compose?.subjectPrefix
      ? [`begins its subject with ${JSON.stringify(compose.subjectPrefix.value)}`]
      : []),
    ...(compose?.footers ?? []).map(({ value }) => `ends with ${JSON.stringify(shortened(value))}`),
  ];
  const copies = ({ compose }: TeamPolicy): readonly string[] =>
    (compose?.copies ?? []).map(({ field, address }) => `${address.address} (${field})`);
  const [was, will] = [texts(before), texts(after)];
  const [copied, copying] = [copies(before), copies(after)];
  return [
    ...was
      .filter((one) => !will.includes(one))
      .map((one) => change("wider", `No longer true of every email: it ${one}`, "compose")),
    ...will
      .filter((one) => !was.includes(one))
      .map((one) => change("tighter", `Newly, every email ${one}`, "compose")),
    ...copied
      .filter((one) => !copying.includes(one))
      .map((one) => change("wider", `${one} no longer gets a copy of every email`, "compose")),
    ...copying
      .filter((one) => !copied.includes(one))
      .map((one) => change("wider", `${one} newly gets a copy of every email`, "compose")),
  ];
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What MultiMail itself copies, which mail from outside counts, and by which channels people are told. */
function copyChanges(
  before: TeamPolicy,
  after: TeamPolicy,
  change: (direction: Direction, sentence: string, path?: string) => PolicyChange,
): readonly PolicyChange[] {
  const copies = (
    [
      ["autoCc", "auto_cc"],
      ["autoBcc", "auto_bcc"],
    ] as const
  ).flatMap(([key, path]) => {
    const [was, will] = [before.mailbox[key], after.mailbox[key]];
    if (was?.toLowerCase() === will?.toLowerCase()) return [];
    const sentence =
      will === undefined
        ? `MultiMail no longer sends a copy of every email to ${was}`
        : `MultiMail sends a copy of every email to ${will}${was === undefined ? "" : ` instead of ${was}`}`;
    return [change(will === undefined ? "tighter" : "wider", sentence, `mailbox.${path}`)];
  });
  const [was, will] = [before.afterOutsideMail?.inbound, after.afterOutsideMail?.inbound];
  const inbound =
    was === undefined || will === undefined || was === will
      ? []
      : [
          change(
            will === "outside" ? "wider" : "tighter",
            will === "outside"
              ? "After received mail was read that claims to come from inside, somebody new may be written to as if nothing was read"
              : "Received mail counts as mail from outside too where it claims to come from inside",
            "after_outside_mail.inbound",
          ),
        ];
  const told = ({ notify = [] }: TeamPolicy) => notify.map(({ value }) => value);
  const gone = told(before).filter((name) => !told(after).includes(name));
  const added = told(after).filter((name) => !told(before).includes(name));
  return [
    ...copies,
    ...inbound,
    ...gone.map((name) =>
      change("wider", `Whoever approves is no longer told by the channel "${name}"`, "notify"),
    ),
    ...added.map((name) =>
      change("wider", `What waits for approval is told by the channel "${name}" too`, "notify"),
    ),
  ];
}

function prefixes(keys: readonly string[]): string {
  return keys.map((key) => keyPrefix(key)).join(", ");
}

function approvalChanges(
  before: TeamPolicy,
  after: TeamPolicy,
  change: (direction: Direction, sentence: string, path?: string) => PolicyChange,
): readonly PolicyChange[] {
  const stands = ({ delegates = [] }: TeamPolicy) =>
    delegates.map(
      ({ from, to, until }) => `${to.address} decides in place of ${from.address} until ${until}`,
    );
  const escalates = ({ approval: { escalate } }: TeamPolicy) =>
    escalate
      ? [
          `${escalate.to.map(({ address }) => address).join(", ")} may decide too after ${escalate.after.text}`,
        ]
      : [];
  const compared = (
    [
      [stands, "delegates"],
      [escalates, "approval.escalate"],
    ] as const
  ).flatMap(([of, path]) => {
    const [was, will] = [of(before), of(after)];
    return [
      ...will.filter((one) => !was.includes(one)).map((one) => change("wider", `Newly, ${one}`, path)),
      ...was
        .filter((one) => !will.includes(one))
        .map((one) => change("tighter", `No longer true: ${one}`, path)),
    ];
  });
  const order = ["always", "reject", "never"];
  const [was, will] = [order.indexOf(before.approval.reason), order.indexOf(after.approval.reason)];
  const reason =
    was === will
      ? []
      : [
          change(
            will > was ? "wider" : "tighter",
            `Whoever decides must say why: ${WHEN[after.approval.reason]}, before: ${WHEN[before.approval.reason]}`,
            "approval.reason",
          ),
        ];
  const [expired, expires] = [
    before.approval.expires?.ms ?? Number.POSITIVE_INFINITY,
    after.approval.expires?.ms ?? Number.POSITIVE_INFINITY,
  ];
  const expiry =
    expired === expires
      ? []
      : [
          change(
            expires > expired ? "wider" : "tighter",
            `Email that nobody decided on waits ${after.approval.expires?.text ?? "for ever"} instead of ${before.approval.expires?.text ?? "for ever"}`,
            "approval.expires",
          ),
        ];
  return [...compared, ...reason, ...expiry];
}

const WHEN = { always: "always", reject: "if they reject", never: "never" } as const satisfies Record<
  TeamPolicy["approval"]["reason"],
  string
>;
