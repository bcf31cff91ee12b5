import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { convertAcceptedEmail } from "./accepted_email.ts";
import { convertAccount } from "./account.ts";
import { convertAllowlist } from "./allowlist_entry.ts";
import { convertApiKeys } from "./api_key.ts";
import { convertAppliedDecision } from "./applied_decision.ts";
import { convertAuditPage } from "./audit_page.ts";
import { convertEmail, toWireEmail } from "./email.ts";
import { convertEmailPage, convertEmailQuery, toWireEmailPage } from "./email_page.ts";
import { convertEmailSummary, toWireEmailSummary } from "./email_summary.ts";
import {
  convertCreatedMailbox,
  convertMailbox,
  convertMailboxChange,
  convertMailboxes,
  toWireMailbox,
} from "./mailbox.ts";
import { convertOutgoingEmail, convertOutgoingReply } from "./outgoing_email.ts";
import { parseWebhookEvent } from "./parse_webhook_event.ts";
import { convertPendingEmails } from "./pending_email.ts";
import { convertStatus } from "./status.ts";
import { convertTags } from "./tags.ts";
import { convertThread, toWireThread } from "./thread.ts";
import { convertUsage } from "./usage.ts";
import { convertWebhook, convertWebhooks } from "./webhook.ts";

interface Shape {
  readonly read: (wire: unknown) => unknown;
  readonly write?: (value: never) => unknown;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  accepted_email: { read: convertAcceptedEmail },
  account: { read: convertAccount },
  allowlist: { read: convertAllowlist },
  api_keys: { read: convertApiKeys },
  applied_decision: { read: convertAppliedDecision },
  audit_page: { read: convertAuditPage },
  created_mailbox: { read: convertCreatedMailbox },
  email: { read: convertEmail, write: toWireEmail },
  email_page: { read: convertEmailPage, write: toWireEmailPage },
  email_summary: { read: (wire) => convertEmailSummary(wire), write: toWireEmailSummary },
  mailbox: { read: convertMailbox, write: toWireMailbox },
  mailboxes: { read: convertMailboxes },
  pending_emails: { read: convertPendingEmails },
  status: { read: convertStatus },
  tags: { read: convertTags },
  thread: { read: convertThread, write: toWireThread },
  usage: { read: convertUsage },
  webhook: { read: convertWebhook },
  webhook_event: { read: (wire) => parseWebhookEvent(Buffer.from(JSON.stringify(wire))) },
  webhooks: { read: convertWebhooks },
};

const WRITTEN: Readonly<Record<string, (value: never) => unknown>> = {
  email_query: convertEmailQuery,
  mailbox_change: convertMailboxChange,
  outgoing_email: convertOutgoingEmail,
  outgoing_reply: convertOutgoingReply,
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
  const text = readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8");
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
