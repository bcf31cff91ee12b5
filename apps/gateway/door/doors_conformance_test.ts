import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { TrailRecord } from "@countersign/trail";
import { DustClient } from "../testing/dust_client.ts";
import { SALES_MAILBOX, salesTeams } from "../testing/sales_teams.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";

/** What a door answered, in the words of neither. */
interface Answer {
  /** `HELD`, `ACCEPTED`, `DENIED`… of each email, or `OK`. */
  readonly verdicts: readonly string[];
  /** Code of a denial or failure. */
  readonly code?: string;
  /** Rules that denied, with the recipients and what would be fine. */
  readonly reasons: readonly string[];
}

/**
 * One request, made through one door and then the other. `id` is of an email received before, or its thread's; `receipt`
 * is the last one, which stands for its email where a door wants that.
 */
interface Case {
  readonly name: string;
  readonly as?: string;
  readonly action: "send" | "reply" | "report" | "inbox" | "status" | "read" | "thread" | "cancel";
  readonly args: Readonly<Record<string, unknown>>;
  readonly want: Answer;
}

const EMAIL = { to: ["ann@client.example"], subject: "Your order", body: "It is on its way." };
const REPORT = { period: "2026-W47", metrics: { Signups: 42 } };
const held: Answer = { verdicts: ["HELD"], reasons: [] };
const accepted: Answer = { verdicts: ["ACCEPTED"], reasons: [] };
const cancelled: Answer = { verdicts: ["CANCELLED"], reasons: [] };
const notFound: Answer = { verdicts: ["FAILED"], code: "not_found", reasons: [] };
const ok: Answer = { verdicts: ["OK"], reasons: [] };
const denied = (code: string, ...reasons: string[]): Answer => ({ verdicts: ["DENIED"], code, reasons });

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const PAST = "send_at: send_at is past; leave it out to send at once";

const CASES: readonly Case[] = [
  { name: "a customer", action: "send", args: EMAIL, want: held },
  { name: "what became of it", action: "status", args: {}, want: held },
  { name: "the same again", action: "send", args: EMAIL, want: { verdicts: ["DUPLICATE"], reasons: [] } },
  { name: "a colleague", action: "send", args: { ...EMAIL, to: ["bob@acme.example"] }, want: accepted },
  {
    name: "later",
    action: "send",
    args: { ...EMAIL, to: ["bob@acme.example"], subject: "Later", send_at: inDays(3) },
    want: { verdicts: ["SCHEDULED"], reasons: [] },
  },
  {
    name: "yesterday",
    action: "send",
    args: { ...EMAIL, to: ["bob@acme.example"], subject: "Past", send_at: inDays(-1) },
    want: denied("policy_denied", PAST),
  },
  {
    name: "in more than 30 days",
    action: "send",
    args: { ...EMAIL, to: ["bob@acme.example"], subject: "Far", send_at: inDays(31) },
    want: denied(
      "policy_denied",
      "send_at: send_at is too far ahead; choose an earlier time, or send it when it is due",
    ),
  },
  {
    name: "on a day that does not exist",
    action: "send",
    args: { ...EMAIL, to: ["bob@acme.example"], subject: "Never", send_at: "2027-02-30T00:00:00Z" },
    want: { verdicts: ["DENIED"], code: "invalid_request", reasons: ["request"] },
  },
  {
    name: "a key for a new email",
    action: "send",
    args: { ...EMAIL, subject: "Keyed", idempotency_key: "k" },
    want: held,
  },
  {
    name: "the key for another email",
    action: "send",
    args: { ...EMAIL, subject: "Other", idempotency_key: "k" },
    want: denied(
      "idempotency_conflict",
      "idempotency: This idempotency key was used for another email; use a new key for a new email",
    ),
  },
  {
    name: "a rival in blind copy",
    action: "send",
    args: { ...EMAIL, subject: "Blind", bcc: ["Ceo <CEO@Rival.example>"] },
    want: denied(
      "policy_denied",
      "recipients.deny: CEO@rival.example: This recipient may never be written to",
    ),
  },
  {
    name: "no address",
    action: "send",
    args: { ...EMAIL, to: ["a@b.example, c@d.example"] },
    want: { verdicts: ["DENIED"], code: "policy_denied", reasons: ["recipients.address"] },
  },
  {
    name: "unknown, missing and wrong arguments",
    action: "send",
    args: { to: ["ann@client.example"], subject: "a\nb", body: "Hi", form: 1 },
    want: denied(
      "invalid_request",
      "request: subject: The subject must be one line without control characters",
      "request: form: Unknown field",
    ),
  },
  {
    name: "attachments, which the policy does not name",
    action: "send",
    args: {
      ...EMAIL,
      subject: "File",
      attachments: [{ name: "a.txt", content_type: "text/plain", content_base64: "SGk=" }],
    },
    want: { verdicts: ["DENIED"], code: "policy_denied", reasons: ["attachments"] },
  },
  {
    name: "an assistant that may only look",
    as: "sales/other",
    action: "send",
    args: EMAIL,
    want: denied(
      "action_not_allowed",
      'actions: This assistant may not use "send"; it may use: inbox, status',
    ),
  },
  { name: "a reply", action: "reply", args: { id: "good", body: "Tomorrow." }, want: held },
  {
    name: "a reply to people as their mail programs name them",
    action: "reply",
    args: { id: "named", body: "Tomorrow, all of you." },
    want: held,
  },
  {
    name: "a reply to a name with two faces",
    action: "reply",
    args: { id: "faced", body: "Tomorrow." },
    want: { verdicts: ["DENIED"], code: "policy_denied", reasons: ["recipients.address"] },
  },
  {
    name: "a reply that reaches a rival",
    action: "reply",
    args: { id: "bad", body: "Tomorrow." },
    want: denied(
      "policy_denied",
      "recipients.deny: spy@rival.example: This recipient may never be written to",
    ),
  },
  {
    name: "a reply to nothing",
    action: "reply",
    args: { id: "01KNONE", body: "Tomorrow.", cc: ["bob@acme.example"] },
    want: { verdicts: ["DENIED"], code: "policy_denied", reasons: ["reply"] },
  },
  {
    name: "a report to three, one of them a rival",
    action: "report",
    args: { ...REPORT, recipients: ["ann@client.example", "ceo@rival.example", "bob@acme.example"] },
    want: {
      verdicts: ["HELD", "DENIED", "ACCEPTED"],
      reasons: ["recipients.deny: ceo@rival.example: This recipient may never be written to"],
    },
  },
  {
    name: "a report of nothing",
    action: "report",
    args: { period: "2026-W47", metrics: {}, recipients: [] },
    want: { verdicts: ["DENIED"], code: "invalid_request", reasons: ["request"] },
  },
  { name: "the inbox", action: "inbox", args: { limit: 5 }, want: ok },
  { name: "an email", action: "read", args: { id: "good" }, want: ok },
  { name: "an email that is none", action: "read", args: { id: "01KNONE" }, want: notFound },
  {
    name: "an email, by an assistant that may not read",
    as: "sales/other",
    action: "read",
    args: { id: "good" },
    want: denied(
      "action_not_allowed",
      'actions: This assistant may not use "read"; it may use: inbox, status',
    ),
  },
  { name: "a thread", action: "thread", args: { id: "thread" }, want: ok },
  {
    name: "another team's thread",
    as: "legal/clerk",
    action: "thread",
    args: { id: "thread" },
    want: notFound,
  },
  { name: "an email to take back", action: "send", args: { ...EMAIL, subject: "Oops" }, want: held },
  {
    name: "another team takes it back",
    as: "legal/clerk",
    action: "cancel",
    args: {},
    want: notFound,
  },
  {
    name: "an assistant that may not takes it back",
    as: "sales/other",
    action: "cancel",
    args: {},
    want: denied(
      "action_not_allowed",
      'actions: This assistant may not use "cancel"; it may use: inbox, status',
    ),
  },
  { name: "its sender takes it back", action: "cancel", args: {}, want: cancelled },
  { name: "and again", action: "cancel", args: {}, want: cancelled },
  {
    name: "an email that leaves at once",
    action: "send",
    args: { ...EMAIL, to: ["bob@acme.example"], subject: "Gone" },
    want: accepted,
  },
  {
    name: "its sender takes it back too late",
    action: "cancel",
    args: { late: "Gone" },
    want: { verdicts: ["FAILED"], code: "not_cancellable", reasons: [] },
  },
  {
    name: "too much of the inbox",
    action: "inbox",
    args: { limit: 101 },
    want: { verdicts: ["DENIED"], code: "invalid_request", reasons: ["request"] },
  },
  {
    name: "a receipt of nothing",
    action: "status",
    args: { receipt: "rcp_none" },
    want: notFound,
  },
  {
    name: "another team's receipt",
    as: "legal/clerk",
    action: "status",
    args: {},
    want: notFound,
  },
];

/** Makes a request through one door. */
type Ask = (
  stack: Stack,
  request: Case & { readonly as: string },
) => Promise<Answer & { readonly receipt?: string }>;

const STATUS_WORDS: Readonly<Record<string, string>> = {
  pending: "HELD",
  queued: "ACCEPTED",
  scheduled: "SCHEDULED",
  duplicate_of: "DUPLICATE",
  cancelled: "CANCELLED",
};

/** MultiMail's id of a receipt's email. */
async function emailOf(stack: Stack, receipt: unknown): Promise<string | undefined> {
  const records = typeof receipt === "string" ? await stack.records({ kind: "outcome", receipt }) : [];
  return records.map(({ record }) => record.data.email).find((email) => email !== null) ?? undefined;
}

async function untilDelivered(stack: Stack, subject: string): Promise<void> {
  for (let waited = 0; !(await stack.outbox()).some((email) => email.subject === subject); waited += 10) {
    assert.ok(waited < 5_000, "Waited 5 s in vain");
    await sleep(10);
  }
}

const rest: Ask = async (stack, { as, action, args }) => {
  const { id, period, metrics, receipt, limit, ...others } = args;
  const mailbox = `/v1/mailboxes/${as.startsWith("legal/") ? "mbx-legal" : SALES_MAILBOX}`;
  const [method, path, body] = {
    send: ["POST", "/v1/send", args],
    reply: ["POST", "/v1/reply", { message_id: id, ...others }],
    report: ["POST", "/v1/report", { report: { period, metrics }, ...others }],
    inbox: ["GET", `/v1/mailboxes/${SALES_MAILBOX}/inbox?limit=${limit}`, undefined],
    status: ["GET", `/v1/receipts/${receipt}`, undefined],
    read: ["GET", `${mailbox}/emails/${id}`, undefined],
    thread: ["GET", `${mailbox}/threads/${id}`, undefined],
    cancel: ["POST", `${mailbox}/emails/${await emailOf(stack, receipt)}/cancel`, undefined],
  }[action] as [string, string, unknown];
  const answer = await stack.call(method, path, { as, body });
  const emails: Record<string, unknown>[] = answer.body.results ?? [answer.body];
  const [first] = emails;
  return {
    verdicts: emails.map(({ code, reasons, status }) => {
      if (code === undefined) return STATUS_WORDS[String(status)] ?? "OK";
      return Array.isArray(reasons) && reasons.length > 0 ? "DENIED" : "FAILED";
    }),
    ...(emails.length === 1 && first?.code !== undefined && { code: String(first.code) }),
    reasons: emails.flatMap(({ reasons }) =>
      ((reasons ?? []) as { rule: string; message: string }[]).map(
        ({ rule, message }) => `${rule}: ${message}`,
      ),
    ),
    ...(typeof first?.receipt === "string" && { receipt: first.receipt }),
  };
};

const mcp: Ask = async (stack, { as, action, args }) => {
  const { id, ...others } = args;
  const [tool, toolArgs] = {
    send: ["send_email", args],
    reply: ["reply_email", { email_id: id, ...others }],
    report: ["send_report", args],
    inbox: ["check_inbox", args],
    status: ["email_status", args],
    read: ["read_email", { email_id: id }],
    thread: ["get_thread", { thread_id: id }],
    cancel: ["cancel_message", { receipt: args.receipt }],
  }[action] as [string, unknown];
  const { text, isError } = await new DustClient(stack.gateway.url, stack.keyOf(as)).call(tool, toolArgs);
  const rows = [...text.matchAll(/^\d+\. \S+: (\w+), receipt \w+(?: \(first one\))?(?: \(\w+\) - (.*))?$/gm)];
  if (action === "report" && rows.length > 0) {
    return {
      verdicts: rows.map(([, word = ""]) => word),
      reasons: rows.flatMap(([, , reason]) => reason ?? []),
    };
  }
  const [, word = "", code] = /^(\w+)(?: \((\w+)\))?: /.exec(text) ?? [];
  assert.equal(isError, word === "DENIED" || word === "FAILED");
  const receipt = /^Receipt: (\w+)/m.exec(text)?.[1];
  return {
    verdicts: [word],
    ...(code !== undefined && { code }),
    reasons: [...text.matchAll(/^- (.*)$/gm)].map(([, reason = ""]) => reason),
    ...(receipt !== undefined && { receipt }),
  };
};

/** What a call left on the trail, without what differs from one run to the next. */
function shown({ kind, team, assistant, data }: TrailRecord): unknown {
  if (kind === "outcome") {
    const { result, code } = data;
    return { kind, team, assistant, result, code };
  }
  if (kind !== "intent") return undefined;
  const { action, attempted, effect, held, findings, recipients, body_bytes } = data;
  const said = findings.map(({ rule, effect, message, about }) => ({ rule, effect, message, about }));
  const people = recipients.map(({ field, domain }) => ({ field, domain }));
  return { kind, team, assistant, action, attempted, effect, held, said, people, body_bytes };
}

/** A report's emails are on their way together: their records come in any order. */
function inOrder(records: readonly unknown[]): readonly string[] {
  return records.map((record) => JSON.stringify(record)).sort();
}

test("Both doors give the same verdicts, for the same reasons, and leave the same trail", async (t) => {
  const seen = new Map<string, { answer: Answer; trail: readonly string[] }[]>();
  for (const ask of [rest, mcp]) {
    const stack = await startStack(t, salesTeams());
    const receive = async (email: object): Promise<{ id: string; thread_id: string }> => {
      const body = {
        mailbox_id: SALES_MAILBOX,
        from: "ann@client.example",
        subject: "Hi",
        markdown: "Hi",
        ...email,
      };
      return (await stack.control("POST", "/sandbox/inbound", body)) as { id: string; thread_id: string };
    };
    const good = await receive({});
    const ids: Record<string, string> = {
      good: good.id,
      thread: good.thread_id,
      bad: (await receive({ cc: ["spy@rival.example"] })).id,
      named: (
        await receive({
          from: "Ann Lee (Acme) <ann@client.example>",
          to: ["undisclosed-recipients:;", "'ben@client.example' <ben@client.example>"],
          cc: ["carl@client.example <carl@client.example>"],
        })
      ).id,
      faced: (await receive({ from: "Ann (spy@rival.example) <ann@client.example>" })).id,
    };
    let receipt = "";
    let seq = 0;
    for (const {
      as = "sales/bot",
      args: { late, ...args },
      ...rest
    } of CASES) {
      if (typeof late === "string") await untilDelivered(stack, late);
      const given = {
        ...args,
        ...(typeof args.id === "string" && { id: ids[args.id] ?? args.id }),
        ...((rest.action === "status" || rest.action === "cancel") && { receipt: args.receipt ?? receipt }),
      };
      const { receipt: told, ...answer } = await ask(stack, { ...rest, as, args: given });
      if (rest.action === "send") receipt = told ?? receipt;
      const records = (await stack.records({ fromSeq: seq })).map(({ record }) => record);
      seq = (records.at(-1)?.seq ?? seq - 1) + 1;
      const trail = inOrder(records.filter(({ kind }) => kind === "intent" || kind === "outcome").map(shown));
      seen.set(rest.name, [...(seen.get(rest.name) ?? []), { answer, trail }]);
    }
  }
  for (const { name, want } of CASES) {
    await t.test(name, () => {
      const [first, second] = seen.get(name) ?? [];
      assert.ok(first !== undefined && second !== undefined);
      assert.deepEqual(second, first, "the doors differ");
      const reasons = first.answer.reasons.map((reason, index) =>
        want.reasons[index]?.includes(": ") ? reason : reason.replace(/: .*/, ""),
      );
      assert.deepEqual({ ...first.answer, reasons }, want);
      assert.ok(first.trail.length >= first.answer.verdicts.length, "everything is on record");
    });
  }
});
