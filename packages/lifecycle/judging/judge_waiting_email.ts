import { parseAddress } from "@countersign/core/address";
import { type Decision, judgeAgain, type LiveMailbox, scanOrder } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import type { Inspector } from "@countersign/documents";
import type { Email } from "@countersign/multimail";
import {
  type IntentData,
  isOf,
  type StoredRecord,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import { actionOfIntent, askerOfIntent, commitmentsOf } from "../email/action_of_intent.ts";
import { isLater, receiptState } from "../record/receipt_state.ts";

/** Knowledge of a mailbox that is older decides nothing here: it is asked for again. */
const LIVE_MS = 3 * 60_000;

/** What leaves so soon is judged as of then. With `LIVE_MS` it is less than the age at which `mailbox.verified` denies. */
const SOON_MS = 90_000;

/** What judging an email again needs of the world. */
export interface JudgingWorld {
  readonly trail: TrailStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A mailbox as MultiMail shows it, looked at anew where what is known is not fresh. */
  readonly live: { readonly get: (policy: TeamPolicy) => Promise<LiveMailbox | undefined> };
  /** Why nothing may leave a mailbox, by its id; undefined: it is not stopped. */
  readonly stopOf: (mailboxId: string) => string | undefined;
  readonly inspector: Inspector;
}

/** An email at MultiMail that, as far as the trail knows, has not left. */
export interface Waiting {
  readonly receipt: string;
  readonly intent: TrailRecord<"intent">;
  readonly data: IntentData;
  readonly emailId: string;
  /** MultiMail's id. */
  readonly mailbox: string;
  readonly records: readonly StoredRecord[];
}

/**
 * The email behind a receipt, if it waits at MultiMail; undefined: it left, was ended, or never got there.
 *
 * @throws {TrailUnavailableError}
 */
export async function readWaiting(
  receipt: string,
  { trail, clock }: Pick<JudgingWorld, "trail" | "clock">,
): Promise<Waiting | undefined> {
  const records = await trail.recordsOf(receipt);
  const state = receiptState(records);
  const intent = records.find(isOf("intent"))?.record;
  if (state?.emailId === undefined || intent === undefined) return undefined;
  const data = intent.data;
  const isDue = !isLater(data.send_at, new Date(clock()).toISOString());
  const waits = state.status === "pending" || state.status === "scheduled";
  if (!waits && (state.status !== "queued" || isDue)) return undefined;
  if (data.mailbox === null) return undefined;
  return { receipt, intent, data, emailId: state.emailId, mailbox: data.mailbox, records };
}

/** Whether a person sees it first, or saw it, as far as the trail knows. */
export function wasHeld({ data, records }: Waiting): boolean {
  return (
    data.held ||
    records.some(
      ({ record }) => record.kind === "lifecycle" && ["held", "approved"].includes(record.data.event),
    )
  );
}

/**
 * The decision on an email that waits, by the policies given, as `judgeAgain` makes it. Undefined: nobody can say now. `email`
 * is it as MultiMail shows it: of a reply, only MultiMail knows the subject.
 *
 * @throws {TrailUnavailableError}
 */
export async function judgeWaitingEmail(
  { receipt, intent, data }: Waiting,
  { policies, held, email }: { readonly policies: PolicySet; readonly held: boolean; readonly email?: Email },
  world: JudgingWorld,
): Promise<Decision | undefined> {
  const [team, assistant] = [intent.team ?? "", intent.assistant ?? ""];
  const values = await world.trail.unseal(commitmentsOf(data));
  const rebuilt = actionOfIntent(data, values);
  const policy = policies.teams.get(team);
  const now = leavesSoon(data.send_at, world.clock());
  const context = { now, team, assistant, ...askerOfIntent(data, values) };
  if (policy === undefined || rebuilt === undefined) return denial(policies, rebuilt === undefined);
  // A time that the hours gave it is not one that anybody asked for.
  const { sendAt: _, ...undated } = rebuilt.draft;
  const draft = data.findings.some(({ rule }) => rule === "hours") ? undated : rebuilt.draft;
  const action = { ...rebuilt, draft, ...(data.mailbox !== null && { mailboxId: data.mailbox }) };
  const people = data.recipients.map(({ field, address }) => {
    const text = values.get(address) ?? "";
    return { field, text, parsed: parseAddress(text) };
  });
  // A reply reaches those who were on record when it was allowed, whatever became of the email replied to.
  const original = {
    ok: true,
    participants: people.filter(({ field }) => field === "participant"),
    status: "read",
    subject: email?.subject ?? "",
  } as const;
  const inspection = await world.inspector.inspect(scanOrder(policy, action, { original }), { team, now });
  if (inspection?.ok === false) return undefined;
  const live = await world.live.get(policy);
  if (live === undefined || isStale(live, world.clock())) return undefined;
  const stopped = world.stopOf(policy.mailbox.id);
  return judgeAgain(
    policies,
    { receipt, action, askedAt: Date.parse(intent.at), held },
    {
      ...context,
      live,
      ...(stopped !== undefined && { stopped }),
      ...(inspection !== undefined && { inspection }),
      ...(action.name === "reply" && { original }),
      knownContacts: new Set(people.flatMap(({ parsed }) => (parsed.ok ? [parsed.address.base] : []))),
    },
  );
}

/** What is in force when it leaves counts, if that is about now. */
function leavesSoon(sendAt: string | null, now: number): number {
  const at = sendAt === null ? now : Date.parse(sendAt);
  return at > now && at - now <= SOON_MS ? at : now;
}

function isStale({ seenAt }: LiveMailbox, now: number): boolean {
  return !(now - seenAt <= LIVE_MS);
}

/** What cannot be judged may not leave. */
function denial(policies: PolicySet, isErased: boolean): Decision {
  const message = isErased
    ? "Its content was erased, so nobody can say whether it may leave"
    : "No policy names this team any more";
  const finding = { rule: "caller", effect: "deny", message } as const;
  return { effect: "deny", held: false, findings: [finding], recipients: [], policy: policies.hash };
}
