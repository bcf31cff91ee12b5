import { type Action, bareMediaType, type EmailAction, isEmailAction } from "@countersign/core/action";
import { type Address, parseAddress, parseAddressPattern } from "@countersign/core/address";
import { type AttachmentJudgement, type ContentHit, extensionsOf, scan } from "@countersign/core/content";
import {
  type Context,
  type Inspection,
  judgedRecipients,
  type LimitUsage,
  type LiveMailbox,
  limitCounters,
  type OriginalEmail,
  outsideWindow,
  overlapWindow,
  type RecentEmail,
  scanOrder,
  wantsContacts,
} from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import type { Commitment, IntentData, IntentFacts } from "@countersign/trail";
import { detectorId } from "./detector_id.ts";
import type { FileWrong } from "./file_wrongs.ts";

/** What is on record of the world of a decision. */
export interface WorldThen {
  /** Whose decision it was. */
  readonly by: Pick<Context, "team" | "assistant" | "person" | "isProven">;
  readonly data: IntentData;
  readonly facts: IntentFacts;
  /** When it was judged; epoch milliseconds. */
  readonly now: number;
  readonly original: OriginalEmail | undefined;
  readonly settings: MailboxSettings;
  readonly values: ReadonlyMap<Commitment, string>;
}

/** Those settings of the live mailbox that were not as declared. */
export interface MailboxSettings {
  readonly address?: string;
  readonly allowlist?: readonly string[];
  /** Null: none. */
  readonly auto_bcc?: string | null;
  readonly auto_cc?: string | null;
}

/** The world of then as other policies look at it. */
export interface WorldAgain {
  /** What nobody looked up then is as harmless as it can be. */
  readonly likely: Context;
  /** What nobody looked up then is as bad as it can be; absent: all that these policies ask about is known. */
  readonly strictest?: Context;
  /** Keys of the policy about which nobody knows the answer. */
  readonly wanting: readonly string[];
}

/** The world of a recorded decision, as `policy` asks about it. */
export function worldOf(then: WorldThen, action: Action, policy: TeamPolicy): WorldAgain {
  const { by, facts, now, original } = then;
  const parts: readonly Part[] = [
    personPart(then, policy),
    { likely: { ...liveOf(then, policy), ...(facts.stopped !== undefined && { stopped: facts.stopped }) } },
    ...(isEmailAction(action) && !facts.unasked ? emailParts(then, action, policy) : []),
  ];
  const context: Context = { ...by, now, ...(original && { original }) };
  const likely = Object.assign({ ...context }, ...parts.map((part) => part.likely)) as Context;
  const wanting = parts.flatMap((part) => part.wanting ?? []);
  if (wanting.length === 0) return { likely, wanting };
  const strictest = Object.assign({ ...likely }, ...parts.map((part) => part.strictest)) as Context;
  return { likely, strictest, wanting };
}

/**
 * The settings of a mailbox that a record keeps as JSON; undefined: the text is none.
 *
 * @param text absent: all were as declared
 */
export function readSettings(text: string | undefined): MailboxSettings | undefined {
  if (text === undefined) return {};
  try {
    const { address, allowlist, auto_bcc, auto_cc } = JSON.parse(text) as Record<string, unknown>;
    const isCopy = (value: unknown) => value === undefined || value === null || typeof value === "string";
    const isFit =
      (address === undefined || typeof address === "string") &&
      (allowlist === undefined ||
        (Array.isArray(allowlist) && allowlist.every((one) => typeof one === "string"))) &&
      isCopy(auto_bcc) &&
      isCopy(auto_cc);
    return isFit ? (JSON.parse(text) as MailboxSettings) : undefined;
  } catch {
    return undefined;
  }
}

/** A part of the world. */
interface Part {
  readonly likely: Partial<Context>;
  readonly strictest?: Partial<Context>;
  readonly wanting?: readonly string[];
}

/** Groups of theirs that no policy named then are not on record. */
function personPart({ by, facts }: WorldThen, policy: TeamPolicy): Part {
  const { person, assistant } = by;
  const { claims: lacked } = facts;
  if (person === undefined || lacked === undefined) return { likely: {} };
  const wanted = policy.assistants.get(assistant)?.users?.claims.map(({ value }) => value) ?? [];
  const unknown = wanted.filter((claim) => !lacked.includes(claim) && !person.claims.includes(claim));
  if (unknown.length === 0) return { likely: {} };
  const all = [...person.claims, ...unknown];
  return {
    likely: { person: { ...person, claims: all } },
    strictest: { person },
    wanting: ["assistants[].users.claims"],
  };
}

function liveOf({ facts, now, settings }: WorldThen, policy: TeamPolicy): Partial<Context> {
  const { mode, seen } = facts;
  if (seen === null) return {};
  const { mailbox, oversight, recipients } = policy;
  const allowlist = settings.allowlist?.map((text) => {
    const parsed = parseAddressPattern(text);
    return parsed.ok ? parsed.pattern : text;
  });
  const autoCc = settings.auto_cc === undefined ? mailbox.autoCc : settings.auto_cc;
  const autoBcc = settings.auto_bcc === undefined ? mailbox.autoBcc : settings.auto_bcc;
  const live: LiveMailbox = {
    oversight: mode ?? oversight,
    allowlist: allowlist ?? recipients.skipApproval.map(({ value }) => value),
    active: !facts.inactive,
    seenAt: now - (seen ?? 0),
    ...(autoCc && { autoCc }),
    ...(autoBcc && { autoBcc }),
    ...(settings.address !== undefined && { address: settings.address }),
    ...(facts.disabled && { sendingDisabled: true }),
  };
  return { live };
}

function emailParts(then: WorldThen, action: EmailAction, policy: TeamPolicy): readonly Part[] {
  const addresses = then.data.recipients.map(({ address }) => {
    const parsed = parseAddress(then.values.get(address) ?? "");
    return parsed.ok ? parsed.address : undefined;
  });
  const at = (places: readonly number[]): ReadonlySet<string> =>
    new Set(places.flatMap((index) => addresses[index]?.base ?? []));
  return [
    contactsPart(then, policy, at),
    outsidePart(then, policy, at),
    recentPart(then, policy, at),
    usedPart(then, action, { policy, addresses }),
    contentPart(then, action, policy),
  ];
}

type BasesAt = (places: readonly number[]) => ReadonlySet<string>;

function contactsPart({ data, facts }: WorldThen, policy: TeamPolicy, at: BasesAt): Part {
  if (facts.contacts !== undefined) return { likely: { knownContacts: at(facts.contacts) } };
  if (!wantsContacts(policy)) return { likely: {} };
  return {
    likely: { knownContacts: at([...data.recipients.keys()]) },
    strictest: { knownContacts: new Set() },
    wanting: ["first_contact"],
  };
}

function outsidePart({ facts, now }: WorldThen, policy: TeamPolicy, at: BasesAt): Part {
  const wanted = outsideWindow(policy);
  if (wanted === undefined) return { likely: {} };
  const { read, window = 0, written = [] } = facts.outside ?? {};
  const known: Part["likely"] =
    read === undefined ? {} : { outsideMailReadAt: now - read, writtenBefore: at(written) };
  // The first of a longer time says nothing of what was read since, when it is older than what is asked about.
  const isKnown = facts.outside !== undefined && wanted <= window && (read === undefined || read < wanted);
  if (isKnown) return { likely: known };
  return {
    likely: read !== undefined && read < wanted ? known : {},
    strictest: { outsideMailReadAt: now, writtenBefore: new Set() },
    wanting: ["after_outside_mail"],
  };
}

function recentPart({ by, data, facts, now }: WorldThen, policy: TeamPolicy, at: BasesAt): Part {
  const wanted = overlapWindow(policy);
  if (wanted === undefined) return { likely: {} };
  const recent = (facts.recent?.emails ?? []).map(
    ({ age, alike, to }): RecentEmail => ({
      receipt: "",
      team: alike === undefined ? OTHER : by.team,
      assistant: OTHER,
      at: now - age,
      recipients: [...at(to)],
      ...(alike !== undefined && { alike }),
    }),
  );
  if (facts.recent !== undefined && wanted <= facts.recent.window) return { likely: { recent } };
  const recipients = [...at([...data.recipients.keys()])];
  const worst = { receipt: "", team: OTHER, assistant: OTHER, at: now, recipients };
  return { likely: { recent }, strictest: { recent: [worst] }, wanting: ["overlap"] };
}

/** No name of a team or assistant. */
const OTHER = "another ";

function usedPart(
  { by, facts, original, now }: WorldThen,
  action: EmailAction,
  {
    policy,
    addresses,
  }: { readonly policy: TeamPolicy; readonly addresses: readonly (Address | undefined)[] },
): Part {
  const assistant = policy.assistants.get(by.assistant);
  if (assistant === undefined) return { likely: {} };
  const recipients = judgedRecipients(policy, action, { ...by, now, ...(original && { original }) });
  const counters = limitCounters(policy, assistant, { recipients, person: by.person });
  const unknown = new Set<string>();
  const usage = counters.map(({ limit, recipient, domain, rate: { windowMs } }) => {
    const of = { limit, windowMs, ...(recipient !== undefined && { recipient }), ...(domain && { domain }) };
    const known = facts.used?.find((one) => one.limit === limit && one.window === windowMs);
    if (known === undefined) {
      unknown.add(`limits.${limit}`);
      return { ...of, used: 0, isUnknown: true };
    }
    const mine = known.of?.find(([index]) => {
      const address = addresses[index];
      return address !== undefined && (address.base === recipient || address.domain === domain);
    });
    return { ...of, used: mine?.[1] ?? known.used ?? 0, isUnknown: false };
  });
  if (unknown.size === 0) return { likely: { usage } };
  const worst: readonly LimitUsage[] = usage.map(({ isUnknown, ...one }) =>
    isUnknown ? { ...one, used: Number.MAX_SAFE_INTEGER } : one,
  );
  return { likely: { usage }, strictest: { usage: worst }, wanting: [...unknown] };
}

/** What text says is looked for again; what files say is on record. */
function contentPart(
  { data, facts, now, original }: WorldThen,
  action: EmailAction,
  policy: TeamPolicy,
): Part {
  const { files, found = [], looked = [], unscanned } = facts;
  if (unscanned !== undefined) return { likely: { inspection: { ok: false, message: unscanned } } };
  if (files === undefined || data.attachments.length === 0) return { likely: {} };
  const { draft, detectors } = scanOrder(policy, action, { ...(original && { original }) });
  const inText = scan({ ...draft, attachments: [] }, detectors, { now });
  const inFiles = detectors.flatMap((detector): readonly ContentHit[] => {
    const id = detectorId(detector);
    return found
      .filter((one) => one.detector === id)
      .map(({ file, line, name }) => ({
        ...{ detector: detector.name, kind: detector.kind, index: file, line },
        part: name ? "attachment name" : "attachment",
      }));
  });
  const judged = data.attachments.map((file, index) => judgementOf(file, files[index]));
  const unread = files.flatMap(({ wrong = [] }, index): readonly ContentHit[] =>
    wrong.includes("unscannable" satisfies FileWrong)
      ? [{ detector: "unscannable", kind: "unscannable", part: "attachment", index, line: 1 }]
      : [],
  );
  const hits = [...inText, ...inFiles, ...unread];
  const inspection: Inspection = { ok: true, hits, files: judged };
  const unseen = detectors.filter((detector) => !looked.includes(detectorId(detector)));
  // Of a denied file's type only the usual ones are on record.
  const hidden = data.attachments.some(({ content_type }) => content_type === "other");
  const rare = hidden
    ? (policy.attachments?.allow ?? []).filter(({ value }) => extensionsOf(value).length === 0)
    : [];
  if (unseen.length === 0 && rare.length === 0) return { likely: { inspection } };
  const worst = unseen.map(
    ({ name, kind }): ContentHit => ({ detector: name, kind, part: "attachment", index: 0, line: 1 }),
  );
  const [type] = rare;
  const fit = judged.map((one) =>
    type !== undefined && one.declared === "other" ? { ...one, declared: type.value } : one,
  );
  return {
    likely: { inspection: { ok: true, hits, files: fit } },
    strictest: { inspection: { ok: true, hits: [...hits, ...worst], files: judged } },
    wanting: [...(unseen.length > 0 ? ["content"] : []), ...(rare.length > 0 ? ["attachments.allow"] : [])],
  };
}

function judgementOf(
  { content_type, bytes }: IntentData["attachments"][number],
  file: NonNullable<IntentFacts["files"]>[number] = {},
): AttachmentJudgement {
  const wrong = new Set(file.wrong);
  const is = (one: FileWrong) => wrong.has(one);
  const declared = bareMediaType(content_type);
  return {
    ok: wrong.size === 0,
    readable: !is("unreadable"),
    declared,
    actual: file.actual === undefined ? declared : (file.actual ?? undefined),
    bytes,
    executable: is("executable"),
    encrypted: is("encrypted"),
    macros: is("macros"),
    active: is("active"),
    unlisted: is("unlisted"),
    mismatch: is("mismatch"),
  };
}
