import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "../address/mod.ts";
import { type Context, type Decision, decide } from "../decision/mod.ts";
import { loadFiles } from "./testing/load_files.ts";

/** A question to a team whose policy is nearly empty: everything may leave at once, unseen. */
interface Found {
  /** Keys of the team's file in flow style. */
  readonly policy: string;
  readonly to?: readonly string[];
  readonly subject?: string;
  readonly markdown?: string;
  readonly context?: Partial<Context>;
  /** When the question is asked (default: a Saturday noon). */
  readonly now?: string;
  readonly want: Answer;
}

interface Answer {
  readonly effect: "allow" | "deny";
  readonly denying?: readonly string[];
  readonly sendAt?: string;
}

const NOON = Date.parse("2026-11-21T12:00:00Z");
const PEOPLE = ["ana@client.example", "ana+inv@client.example"];
const EXCEPTION = "reason: FIN-212, owner: lead@acme.example, expires: 2026-12-31";
const WEEKDAYS = 'days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris, outside: schedule';
const EVERY_DAY = "days: mon-sun, outside: schedule";

/** What the comparison with the reference once found, in its smallest form. */
const FOUND: Readonly<Record<string, Found>> = {
  "flags a look-alike domain, and without a gated mailbox denies": {
    policy: "",
    to: ["ana@\u0430cme.example"],
    want: { effect: "deny", denying: ["recipients.address"] },
  },
  "scans the subject that a reply has from the email replied to": {
    policy: "content: { block: [{ name: codename, pattern: falcon }] }",
    subject: "falcon",
    want: { effect: "deny", denying: ["content.block"] },
  },
  "keeps apart what is blocked and what is flagged under one name": {
    policy:
      "content: { block: [{ name: codename, pattern: falcon }], flag: [{ name: codename, pattern: heron }] }",
    markdown: "heron",
    want: { effect: "deny", denying: ["content.flag"] },
  },
  "delays nothing by hours that only warn": {
    policy: `hours: { ${WEEKDAYS} }, rules: { hours: warn }`,
    want: { effect: "allow" },
  },
  "delays nothing by hours that an exception lifts": {
    policy: `hours: { ${WEEKDAYS} }, exceptions: [{ rule: hours, ${EXCEPTION} }]`,
    want: { effect: "allow" },
  },
  "opens when the gap ends in which clocks skip the opening": {
    policy: `hours: { ${EVERY_DAY}, from: "02:15", to: "18:00", timezone: America/New_York }`,
    now: "2026-03-08T05:00:00Z",
    want: { effect: "allow", sendAt: "2026-03-08T07:00:00.000Z" },
  },
  "opens the day after clocks skipped the hours altogether": {
    policy: `hours: { ${EVERY_DAY}, from: "02:00", to: "02:45", timezone: Europe/Paris }`,
    now: "2026-03-29T00:00:00Z",
    want: { effect: "allow", sendAt: "2026-03-30T00:00:00.000Z" },
  },
  "opens the first time when clocks are set back over the hours": {
    policy: `hours: { ${EVERY_DAY}, from: "02:30", to: "03:00", timezone: Europe/Paris }`,
    now: "2026-10-24T23:00:00Z",
    want: { effect: "allow", sendAt: "2026-10-25T00:30:00.000Z" },
  },
  "excepts one plus-tag of a person from overlap, and not the other": {
    policy: `overlap: { action: deny }, exceptions: [{ rule: overlap, recipients: ["${PEOPLE[1]}"], ${EXCEPTION} }]`,
    to: PEOPLE,
    context: {
      recent: [{ receipt: "r1", team: "support", assistant: "quill", at: NOON, recipients: PEOPLE }],
    },
    want: { effect: "deny", denying: ["overlap"] },
  },
};

for (const [what, found] of Object.entries(FOUND)) {
  test(`decide() ${what}`, () => assert.deepEqual(summary(ask(found)), found.want));
}

function ask(found: Found): Decision {
  const { policy, subject, to = ["ana@client.example"], markdown = "Hello", context } = found;
  const now = found.now === undefined ? NOON : Date.parse(found.now);
  const recipients = to.map((text) => ({ field: "to" as const, text, parsed: parseAddress(text) }));
  const draft = { subject: "Hello", markdown, attachments: [] };
  const isReply = subject !== undefined;
  return decide(
    loadFiles([
      { name: "finance.yaml", file: "teams/finance.yaml", bytes: new TextEncoder().encode(yaml(policy)) },
    ]),
    isReply
      ? { name: "reply", emailId: "e1", recipients: [], draft: { ...draft, subject: "" } }
      : { name: "send", recipients, draft },
    {
      now,
      team: "finance",
      assistant: "chaser",
      live: { oversight: "autonomous", allowlist: [], active: true, seenAt: now },
      ...(isReply && { original: { ok: true, participants: recipients, status: "read", subject } }),
      ...context,
    },
  );
}

function yaml(policy: string): string {
  return `{ team: finance, mailbox: { id: m1, address: finance@acme.example }, oversight: autonomous,
  assistants: [{ id: chaser }], recipients: { external: allow }, ${policy} }`;
}

function summary({ effect, findings, sendAt }: Decision): Answer {
  const denying = findings.filter((finding) => finding.effect === "deny").map(({ rule }) => rule);
  return { effect, ...(denying.length > 0 && { denying }), ...(sendAt !== undefined && { sendAt }) };
}
