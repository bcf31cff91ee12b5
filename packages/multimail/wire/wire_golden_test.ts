import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { written } from "../codec/shape.ts";
import { parseWebhookEvent } from "../webhooks/parse_webhook_event.ts";
import { readAcceptedEmail } from "./accepted_email.ts";
import { ACCOUNT } from "./account.ts";
import { readAllowlist } from "./allowlist_entry.ts";
import { readApiKeys } from "./api_key.ts";
import { APPLIED_DECISION } from "./applied_decision.ts";
import { AUDIT_PAGE } from "./audit_page.ts";
import { EMAIL } from "./email.ts";
import { EMAIL_PAGE, EMAIL_QUERY } from "./email_page.ts";
import { EMAIL_SUMMARY } from "./email_summary.ts";
import { MAILBOX, MAILBOX_CHANGE, readCreatedMailbox, readMailboxes } from "./mailbox.ts";
import { OUTGOING_EMAIL, OUTGOING_REPLY } from "./outgoing_email.ts";
import { readPendingEmails } from "./pending_email.ts";
import { STATUS } from "./status.ts";
import { readTags } from "./tags.ts";
import { THREAD } from "./thread.ts";
import { USAGE } from "./usage.ts";
import { readWebhooks, WEBHOOK } from "./webhook.ts";

interface Shape {
  readonly read: (wire: unknown) => unknown;
  readonly write?: (value: never) => unknown;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  accepted_email: { read: readAcceptedEmail },
  account: { read: ACCOUNT.read },
  allowlist: { read: readAllowlist },
  api_keys: { read: readApiKeys },
  applied_decision: { read: APPLIED_DECISION.read },
  audit_page: { read: AUDIT_PAGE.read },
  created_mailbox: { read: readCreatedMailbox },
  email: { read: EMAIL.read, write: EMAIL.write },
  email_page: { read: EMAIL_PAGE.read, write: EMAIL_PAGE.write },
  email_summary: { read: (wire) => EMAIL_SUMMARY.read(wire), write: EMAIL_SUMMARY.write },
  mailbox: { read: MAILBOX.read, write: MAILBOX.write },
  mailboxes: { read: readMailboxes },
  pending_emails: { read: readPendingEmails },
  status: { read: STATUS.read },
  tags: { read: readTags },
  thread: { read: THREAD.read, write: THREAD.write },
  usage: { read: USAGE.read },
  webhook: { read: WEBHOOK.read },
  webhook_event: { read: (wire) => parseWebhookEvent(Buffer.from(JSON.stringify(wire))) },
  webhooks: { read: readWebhooks },
};

const WRITTEN: Readonly<Record<string, (value: never) => unknown>> = {
  email_query: (value) => written(EMAIL_QUERY, value),
  mailbox_change: (value) => written(MAILBOX_CHANGE, value),
  outgoing_email: (value) => written(OUTGOING_EMAIL, value),
  outgoing_reply: (value) => written(OUTGOING_REPLY, value),
};

interface Case {
  readonly shape: string;
  /** What MultiMail says. */
  readonly wire: unknown;
  /** What it is for us; or where it is wrong. */
  readonly value?: unknown;
  readonly wrong?: string;
  /** What is handed on. */
  readonly back?: unknown;
}

function testdata<T>(name: string): readonly T[] {
  const text = readFileSync(new URL(`../testdata/${name}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** Where the first thing is that is wrong; its place is told in an error. */
function wrongAt(error: unknown): string {
  return error instanceof z.ZodError ? (error.issues[0]?.path.join(".") ?? "") : (error as Error).message;
}

test("What MultiMail says is read, and handed on, as it always was, byte for byte", () => {
  for (const { shape, wire, value, wrong, back } of testdata<Case>("wire.jsonl")) {
    const known = SHAPES[shape];
    assert.ok(known !== undefined, shape);
    const about = `${shape}: ${JSON.stringify(wire)}`;
    if (wrong !== undefined) {
      assert.throws(
        () => known.read(wire),
        (error) => wrongAt(error) === wrong,
        about,
      );
      continue;
    }
    const read = known.read(wire);
    assert.deepEqual(read, value, about);
    if (known.write !== undefined)
      assert.equal(JSON.stringify(known.write(read as never)), JSON.stringify(back), about);
  }
});

test("What MultiMail is asked is written as it always was, byte for byte", () => {
  for (const [shape, value, wire] of testdata<readonly [string, unknown, unknown]>("asked.jsonl")) {
    assert.equal(JSON.stringify(WRITTEN[shape]?.(value as never)), JSON.stringify(wire), shape);
  }
});
