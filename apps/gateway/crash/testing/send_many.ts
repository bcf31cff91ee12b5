import { inParallel } from "@countersign/host";
import { type EmailRequest, sendCarefully } from "./careful_client.ts";
import type { CrashStack } from "./crash_stack.ts";

/** What to send, and where. */
export interface SendManyOptions {
  readonly emails: number;
  /** The sandbox's names of what goes wrong, each as often as the others. */
  readonly faults: readonly string[];
  /** Resolves when it is the nth email's turn. */
  readonly turn: (n: number) => Promise<void>;
  /** A gateway that serves. */
  readonly url: () => string | Promise<string>;
}

/** How many emails are on their way together. */
const AT_ONCE = 8;

/** One email in so many finds MultiMail in trouble. */
const FAULT_EVERY = 5;

/** Sends emails no two of which are alike, and has MultiMail fail one call in five. Resolves with the receipts. */
export async function sendMany(
  stack: CrashStack,
  { emails, faults, turn, url }: SendManyOptions,
): Promise<readonly string[]> {
  const inbound = { mailbox_id: "mbx-open", from: "ann@acme.example", subject: "Question", markdown: "?" };
  const { id: question } = (await stack.control("POST", "/sandbox/inbound", inbound)) as { id: string };
  const receipts: string[] = [];
  const sendOne = async (n: number) => {
    await turn(n);
    if (Math.random() < 1 / FAULT_EVERY) await stack.control("POST", "/sandbox/faults", oneOf(faults));
    const request = emailRequest(n, stack, question);
    receipts.push(await sendCarefully(request, url));
    // Some ask again although they were answered.
    if (n % 10 === 0) receipts.push(await sendCarefully(request, url));
  };
  await inParallel(Array(emails).keys(), sendOne, { atOnce: AT_ONCE });
  return receipts;
}

function oneOf(faults: readonly string[]) {
  const fault = faults[Math.floor(Math.random() * faults.length)];
  // Sometimes longer than the gateway waits.
  return { fault, count: 1, delay_ms: Math.floor(Math.random() * 800) };
}

/** Sent at once, held for a person, or a reply; with a key of the client's own, or without. */
function emailRequest(n: number, { keyOf }: CrashStack, question: string): EmailRequest {
  const body = {
    body: `This is email ${n}`,
    ...(n % 2 === 0 && { idempotency_key: `email-${n}` }),
  };
  if (n % 8 === 7) {
    return { key: keyOf("open/open-bot"), path: "/v1/reply", body: { ...body, message_id: question } };
  }
  const key = keyOf(n % 4 === 1 ? "gated/gated-bot" : "open/open-bot");
  // Many have the same recipient and subject: only their body tells them apart.
  const to = `person-${n % 20}@acme.example`;
  return { key, path: "/v1/send", body: { ...body, to, subject: `News for ${to}` } };
}
