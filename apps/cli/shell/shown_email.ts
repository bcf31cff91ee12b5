import { z } from "zod";
import { inertLines } from "../terminal/inert_lines.ts";
import { printable } from "../terminal/printable.ts";

/** Something that a rule had to say, with the policy's lines that it comes from. */
export interface ShownFinding {
  readonly rule: string;
  readonly effect: string;
  readonly message: string;
  readonly detail: string | null;
  readonly where: string | null;
  readonly lines: {
    readonly name: string;
    readonly line: number;
    readonly first: number;
    readonly lines: readonly string[];
  } | null;
}

/** An email that waits, as the console tells a shell of it; what was erased is null. Times are ISO 8601. */
export interface ShownEmail {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string | null;
  readonly written_for: string | null;
  readonly held_at: string;
  readonly expires_at: string | null;
  readonly from: string;
  readonly recipients: readonly {
    readonly field: string;
    readonly address: string | null;
    readonly inside: boolean;
    readonly first_contact: boolean;
    readonly added_by_policy: boolean;
  }[];
  readonly send_at: string | null;
  readonly subject: string | null;
  readonly body: string | null;
  readonly attachments: readonly {
    readonly name: string | null;
    readonly declared: string;
    readonly actual: string | null;
    readonly bytes: number;
    readonly sha256: string | null;
  }[];
  readonly findings: readonly ShownFinding[];
  readonly found_when_asked: readonly ShownFinding[];
  /** The policy does not deny it now. */
  readonly allowed: boolean;
  readonly differs_at_multimail: readonly string[];
  readonly required: readonly {
    readonly class: string | null;
    readonly needed: number;
    readonly missing: number;
    readonly by: readonly string[];
    readonly approved_by: readonly string[];
    readonly where: string;
  }[];
  readonly uncounted: readonly { readonly by: string; readonly why: string }[];
  readonly decided: { readonly due: string | null } | null;
  readonly you: {
    readonly address: string;
    readonly may_decide: boolean;
    readonly may_approve: boolean;
    readonly why_not: string | null;
  };
  readonly reason: "always" | "reject" | "never";
  /** SHA-256 of content and judgement: what an approval is bound to. */
  readonly shown: string;
}

const text = z.string();
const nullable = text.nullable();
const finding: z.ZodType<ShownFinding> = z.object({
  ...{ rule: text, effect: text, message: text, detail: nullable, where: nullable },
  lines: z.object({ name: text, line: z.number(), first: z.number(), lines: z.array(text) }).nullable(),
});

/** Reads what the console tells of an email. */
export const shownEmailSchema: z.ZodType<ShownEmail> = z.object({
  ...{ receipt: text, team: text, assistant: nullable, written_for: nullable },
  ...{ held_at: text, expires_at: nullable, from: text },
  recipients: z.array(
    z.object({
      ...{ field: text, address: nullable },
      ...{ inside: z.boolean(), first_contact: z.boolean(), added_by_policy: z.boolean() },
    }),
  ),
  ...{ send_at: nullable, subject: nullable, body: nullable },
  attachments: z.array(
    z.object({ name: nullable, declared: text, actual: nullable, bytes: z.number(), sha256: nullable }),
  ),
  ...{ findings: z.array(finding), found_when_asked: z.array(finding) },
  ...{ allowed: z.boolean(), differs_at_multimail: z.array(text) },
  required: z.array(
    z.object({
      ...{ class: nullable, needed: z.number(), missing: z.number() },
      ...{ by: z.array(text), approved_by: z.array(text), where: text },
    }),
  ),
  uncounted: z.array(z.object({ by: text, why: text })),
  decided: z.object({ due: nullable }).nullable(),
  you: z.object({ address: text, may_decide: z.boolean(), may_approve: z.boolean(), why_not: nullable }),
  reason: z.enum(["always", "reject", "never"]),
  shown: z.string().regex(/^[\da-f]{64}\.[\da-f]{64}$/),
});

const FIELDS: Readonly<Record<string, string>> = {
  to: "To",
  participant: "Answers",
  cc: "Cc",
  bcc: "Bcc",
};

/** An email for a terminal: everything that is decided on, and nothing in it that the terminal would obey. */
export function formatEmail(email: ShownEmail, { width = 100 }: { readonly width?: number } = {}): string {
  const fact = (name: string, value: string) => `${name.padEnd(9)} ${printable(value)}`;
  const lines = [
    fact("Receipt", email.receipt),
    fact("Written", `by ${email.assistant ?? "?"} of team ${email.team}${forWhom(email)}`),
    fact(
      "Waits",
      `since ${email.held_at}${email.expires_at === null ? "" : `, expires ${email.expires_at}`}`,
    ),
    fact("From", email.from),
    ...email.recipients.map(({ field, address, ...marks }) =>
      fact(FIELDS[field] ?? field, `${address ?? "(erased)"}  ${marksOf(marks)}`),
    ),
    ...(email.recipients.some(({ field }) => field === "bcc")
      ? ["          Bcc is from our record, not verifiable at MultiMail"]
      : []),
    ...(email.send_at === null ? [] : [fact("Leaves", `not before ${email.send_at}`)]),
    fact("Subject", email.subject ?? "(erased)"),
    "",
    ...(email.body === null ? ["The text was erased"] : inertLines(email.body, { width, prefix: "│ " })),
    "",
    ...email.attachments.flatMap(({ name, declared, actual, bytes, sha256 }) => [
      fact("File", `${name ?? "(erased)"}, ${bytes} bytes, says ${declared}, is ${actual ?? "unknown"}`),
      `          sha256 ${sha256 ?? "(erased)"}`,
    ]),
    ...email.findings.flatMap((one) => findingLines(one)),
    ...(email.found_when_asked.length === 0 ? [] : ["Found when the assistant asked:"]),
    ...email.found_when_asked.flatMap((one) => findingLines(one)),
    ...email.required.map(({ class: name, needed, missing, by, approved_by, where }) =>
      printable(
        `Approval  ${needed - missing} of ${needed}${name === null ? "" : ` since it fits "${name}"`}, of ${by.join(", ")} (${where})${approved_by.length === 0 ? "" : `; by ${approved_by.join(", ")}`}`,
      ),
    ),
    ...email.uncounted.map(({ by, why }) => printable(`          That of ${by} counts for nothing: ${why}`)),
    ...warningsOf(email),
  ];
  return lines.join("\n");
}

function forWhom({ written_for: person }: ShownEmail): string {
  return person === null ? ", for nobody who signed in" : `, for ${person}`;
}

function marksOf(marks: Omit<ShownEmail["recipients"][number], "field" | "address">): string {
  return [
    marks.inside ? "[inside]" : "[OUTSIDE]",
    ...(marks.first_contact ? ["[first contact]"] : []),
    ...(marks.added_by_policy ? ["[added by the policy]"] : []),
  ].join(" ");
}

function findingLines({
  rule,
  effect,
  message,
  detail,
  where,
  lines,
}: ShownEmail["findings"][number]): readonly string[] {
  return [
    printable(`Found     ${effect} ${rule}: ${message}`),
    ...(detail === null ? [] : [printable(`          ${detail}`)]),
    ...(where === null ? [] : [printable(`          ${where}`)]),
    ...(lines?.lines ?? []).map((line, index) => {
      const number = (lines?.first ?? 0) + index;
      return printable(`        ${number === lines?.line ? ">" : " "} ${number} ${line.slice(0, 300)}`);
    }),
  ];
}

function warningsOf(email: ShownEmail): readonly string[] {
  const { differs_at_multimail: differs, allowed, decided } = email;
  return [
    ...(differs.length > 0
      ? [printable(`ALARM: at MultiMail it is not what the assistant asked for: ${differs.join(", ")}`)]
      : []),
    ...(allowed ? [] : ["The policy does not allow it any more: nobody can approve it"]),
    ...(decided === null
      ? []
      : [printable(`It is decided already${decided.due === null ? "" : `, and kept until ${decided.due}`}`)]),
  ];
}
