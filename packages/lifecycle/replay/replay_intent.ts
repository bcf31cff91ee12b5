import {
  ACTION_NAMES,
  type Action,
  type EmailAction,
  isAskedFor,
  isEmailAction,
} from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import { composeEmail, type Decision, decide, type OriginalEmail } from "@countersign/core/decision";
import type { PolicySet } from "@countersign/core/policy";
import {
  type Commitment,
  type IntentData,
  type IntentFacts,
  isReadable,
  type TrailRecord,
} from "@countersign/trail";
import { actionOfIntent, askerOfIntent } from "../email/action_of_intent.ts";
import { readSettings, type WorldThen, worldOf } from "./world_of.ts";

/** Why a request cannot be judged again exactly. */
export type Unreplayable = "erased" | "without_facts" | "beyond_policy" | "not_looked_up";

/** A recorded request, judged again by other policies; or why that cannot be done exactly. */
export type ReplayedIntent =
  | { readonly ok: true; readonly decision: Decision }
  | {
      readonly ok: false;
      readonly why: Unreplayable;
      /** For `not_looked_up`: what those policies ask about that those of then did not. */
      readonly wanting: readonly string[];
    };

/**
 * Judges a recorded request by other policies, in the world as it was then. A setting of the mailbox that was then as its
 * policy declared it counts as these policies declare it: `countersign apply` sets it so.
 *
 * @param values those behind `replayCommitments`, as far as they were not erased
 */
export function replayIntent(
  record: TrailRecord<"intent">,
  values: ReadonlyMap<Commitment, string>,
  policies: PolicySet,
): ReplayedIntent {
  if (!isReadable(record)) return cannot("without_facts");
  const { data } = record;
  const { facts } = data;
  if (facts === undefined) return cannot("without_facts");
  if (facts.beyond) return cannot("beyond_policy");
  if (replayCommitments(data).some((commitment) => !values.has(commitment))) return cannot("erased");
  const settings = readSettings(values.get(facts.live ?? ""));
  const asked = askedAction(data, facts, values);
  if (settings === undefined || asked === undefined) return cannot("without_facts");
  const { action: plain, original } = asked;
  const [team, assistant] = [record.team ?? "", record.assistant ?? ""];
  const by = { team, assistant, ...askerOfIntent(data, values) };
  const now = Date.parse(record.at) + facts.after;
  const policy = policies.teams.get(team);
  if (policy === undefined) return { ok: true, decision: decide(policies, plain, { ...by, now }) };
  const action = isEmailAction(plain) ? composeEmail(policy, plain, original) : plain;
  const then: WorldThen = { by, data, facts, now, original, settings, values };
  const { likely, strictest, wanting } = worldOf(then, action, policy);
  const decision = decide(policies, action, likely);
  if (facts.unasked && !decision.findings.some(({ rule }) => rule === "users" || rule === "caller"))
    return cannot("not_looked_up", ["users"]);
  if (strictest === undefined) return { ok: true, decision };
  const other = decide(policies, action, strictest);
  const isSame = other.effect === decision.effect && other.held === decision.held;
  return isSame ? { ok: true, decision } : cannot("not_looked_up", wanting);
}

/** The commitments of an intent that `replayIntent` needs the values of. What files say is not among them. */
export function replayCommitments({
  recipients,
  subject,
  original_subject,
  body,
  person,
  facts,
}: IntentData): readonly Commitment[] {
  return [
    ...recipients.filter(isAskedFor).map(({ address }) => address),
    ...Object.values(person ?? {}),
    ...[subject, original_subject, body, facts?.live].filter((one) => one !== undefined && one !== null),
  ];
}

function cannot(why: Unreplayable, wanting: readonly string[] = []): ReplayedIntent {
  return { ok: false, why, wanting };
}

/** What was asked for, before a policy added to it; undefined: nobody can tell. */
function askedAction(
  data: IntentData,
  facts: IntentFacts,
  values: ReadonlyMap<Commitment, string>,
): { readonly action: Action; readonly original?: OriginalEmail } | undefined {
  const inMailbox =
    facts.named === undefined
      ? {}
      : { mailboxId: facts.named === "own" ? (data.mailbox ?? ELSEWHERE) : ELSEWHERE };
  const name = ACTION_NAMES.find((known) => known === data.action);
  switch (name) {
    case undefined: {
      if (data.action !== "invalid") return undefined;
      const attempted = data.attempted ?? "";
      return { action: { name: "invalid", code: "invalid_request", attempted, problems: [], ...inMailbox } };
    }
    case "inbox":
      return { action: { name, limit: 1, ...inMailbox } };
    case "read":
      return { action: { name, emailId: "", ...inMailbox } };
    case "thread":
      return { action: { name, threadId: "", ...inMailbox } };
    case "status":
    case "cancel":
      return { action: { name, ...inMailbox } };
    default: {
      const action = emailOf(data, facts, values);
      const original = name === "reply" ? originalOf(data, facts, values) : undefined;
      return action && { action: { ...action, ...inMailbox }, ...(original && { original }) };
    }
  }
}

/** A mailbox that is no team's. */
const ELSEWHERE = "elsewhere ";

/** The email as it was asked for: what its policy added is taken away, and files are known by the facts. */
function emailOf(
  data: IntentData,
  facts: IntentFacts,
  values: ReadonlyMap<Commitment, string>,
): EmailAction | undefined {
  const files = data.attachments.flatMap(({ content, name }) => [name, content]);
  const whole = new Map([...files.map((file) => [file, ""] as const), ...values]);
  const asked = { ...data, recipients: data.recipients.filter(isAskedFor), about: data.about ?? "" };
  const email = actionOfIntent(asked, whole);
  if (email === undefined) return undefined;
  const { added = { subject: 0, body: 0 }, sendAt, subject, markdown, attachments } = email.draft;
  const time = facts.send_at === undefined ? sendAt : (facts.send_at ?? undefined);
  return {
    ...email,
    draft: {
      subject: subject.slice(added.subject),
      markdown: markdown.slice(0, markdown.length - added.body),
      attachments,
      ...(time !== undefined && { sendAt: time }),
    },
  };
}

/** The email replied to, as far as a decision goes by it; those whom only the mailbox itself stands for are not in it. */
function originalOf(
  data: IntentData,
  { original, unasked }: IntentFacts,
  values: ReadonlyMap<Commitment, string>,
): OriginalEmail | undefined {
  if (unasked || original === "") return undefined;
  if (original !== undefined) return { ok: false, message: original };
  const participants = data.recipients
    .filter(({ field }) => field === "participant")
    .map(({ address }) => {
      const text = values.get(address) ?? "";
      return { text, parsed: parseAddress(text) };
    });
  const subject = values.get(data.original_subject ?? "") ?? "";
  return { ok: true, participants, status: "read", subject };
}
