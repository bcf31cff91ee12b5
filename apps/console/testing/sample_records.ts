import {
  accessEntry,
  driftEntry,
  intentEntry,
  lifecycleEntry,
  outcomeEntry,
  policyEntry,
  type TrailEntry,
  type TrailStore,
} from "@countersign/trail";
import { policiesOf } from "./start_test_console.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Text that tries to be more than text: markup, script, and letters that turn others round. */
export const HOSTILE =
  '<script>document.title="owned"</script><img src=x onerror="document.title=1"> \u202ecod.exe\u202c &amp; "quoted"';

/** What an email of the sample is. */
interface SampleEmail {
  readonly receipt: string;
  readonly team: "finance" | "sales";
  readonly at: number;
  readonly subject: string;
  readonly to: string;
  readonly denied?: boolean;
  readonly event?: "approved" | "rejected";
  readonly waitedMs?: number;
  readonly by?: string;
}

/**
 * Puts eight weeks of two teams on record, up to `now` (epoch ms): email that left, waits and was denied, decisions, a stopped
 * mailbox, one that differs, and two versions of a policy. Returns the receipt of a denied email with hostile text.
 */
export async function appendSampleRecords(
  trail: TrailStore,
  { teams, now }: { readonly teams: Readonly<Record<string, string>>; readonly now: number },
): Promise<string> {
  const before = {
    ...teams,
    "finance.yaml": (teams["finance.yaml"] ?? "").replace("Invoices and reminders", "Invoices"),
  };
  let policy = "";
  const made = {
    id: "c0ffee".repeat(7).slice(0, 40),
    author: "Ann <b>Lead</b> <ann@acme.example>",
    isDirty: true,
  };
  for (const [texts, at, commit] of [
    [before, now - 60 * DAY, undefined],
    [teams, now - 20 * DAY, made],
  ] as const) {
    const { hash, files } = policiesOf(texts);
    policy = hash;
    const data = {
      result: "loaded",
      files: files.map(({ name, hash: of }) => ({ name, hash: of })),
    } as const;
    await trail.append(policyEntry(data, { at, policy, texts: files, commit }));
  }
  const line =
    1 + (teams["_organisation.yaml"] ?? "").split("\n").findIndex((text) => text.includes("deny:"));
  const entries = emails(now).flatMap((email) => entriesOf(email, { policy, line }));
  entries.push(
    driftEntry(
      { result: "stopped", mailbox: "mbx-sales", settings: ["bcc"], because: "rcp_sales_1" },
      { at: now - 2 * HOUR, team: "sales", receipt: null, policy },
    ),
    driftEntry(
      { result: "differs", mailbox: "mbx-finance", settings: ["mailbox.auto_bcc"] },
      { at: now - HOUR, team: "finance", receipt: null, policy },
    ),
    accessEntry(
      { result: "granted", asked: "bodies", over: "cli", by: "ann", reason: "Complaint 4711" },
      { at: now - HOUR / 2, team: "sales", assistant: "lead-qualifier", receipt: "rcp_sales_1" },
    ),
  );
  await trail.appendAll(entries);
  return "rcp_hostile";
}

function emails(now: number): readonly SampleEmail[] {
  const sample: SampleEmail[] = [];
  for (let week = 7; week >= 0; week--)
    for (let index = 0; index < 4 + (week % 3) * 2; index++) {
      const at = now - week * 7 * DAY - index * 5 * HOUR - HOUR;
      const team = index % 3 === 0 ? "finance" : "sales";
      const isDenied = index % 4 === 3;
      sample.push({
        ...{ receipt: `rcp_${team}_${sample.length}`, team, at },
        subject: `Your order ${4_000 + sample.length}`,
        to: index % 2 === 0 ? "jane@client.example" : "accounts@a-rather-long-name-of-a-company.example",
        ...(isDenied
          ? { denied: true }
          : {
              event: index % 5 === 4 ? ("rejected" as const) : ("approved" as const),
              waitedMs: (1 + ((week + index) % 5)) * HOUR,
              by: team === "finance" ? "finance-lead@acme.example" : "sales-lead@acme.example",
            }),
      });
    }
  sample.push({
    receipt: "rcp_hostile",
    team: "sales",
    at: now - HOUR,
    subject: HOSTILE,
    to: "x@rival.example",
    denied: true,
  });
  return sample;
}

function entriesOf(
  { receipt, team, at, subject, to, denied, event, waitedMs = 0, by }: SampleEmail,
  { policy, line }: { readonly policy: string; readonly line: number },
): TrailEntry[] {
  const frame = { team, assistant: team === "sales" ? "lead-qualifier" : "invoice-chaser", receipt, policy };
  const email = `em-${receipt}`;
  const intent = intentEntry(
    {
      ...{ call: `req_${receipt}`, door: "mcp", action: "send", attempted: null },
      effect: denied ? "deny" : "allow",
      held: !denied,
      findings: denied
        ? [
            {
              ...{ rule: "recipients.deny", effect: "deny", message: "Nobody may write to this recipient" },
              ...{
                detail: "It is on the list of the organisation",
                where: `teams/_organisation.yaml:${line}:10`,
                about: [0],
              },
            },
          ]
        : [],
      recipients: [
        { field: "to", address: to, domain: to.split("@")[1] ?? null },
        { field: "bcc", address: "archive@acme.example", domain: "acme.example" },
      ],
      ...{ mailbox: `mbx-${team}`, about: null, subject, body: `Dear Jane,\n\n${subject}\n\nKind regards` },
      attachments: [],
      ...{ send_at: null, idempotency_key: denied ? null : receipt, caller_key: null },
    },
    { ...frame, at },
  );
  if (denied) return [intent];
  const accepted = outcomeEntry(frame, at + 1_000, {
    ...{ result: "accepted", email, multimail_status: "pending_approval", code: null, message: null },
  });
  const decided = {
    email,
    learnt_by: "polling",
    decided_by: "approver",
    ...(by !== undefined && { by }),
  } as const;
  return [
    intent,
    accepted,
    ...(event === undefined
      ? []
      : [
          lifecycleEntry(frame, at + waitedMs, {
            ...decided,
            event,
            happened_at: new Date(at + waitedMs).toISOString(),
            ...(event === "rejected" && { reason: "The amount is wrong" }),
          }),
        ]),
    ...(event === "approved"
      ? [
          lifecycleEntry(frame, at + waitedMs + 60_000, {
            event: "delivered",
            email,
            learnt_by: "polling",
            final: true,
          }),
        ]
      : []),
  ];
}
