import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CountersignError, emailStatus, sendEmail } from "@countersign/actions";
import { MultiMailClient } from "@countersign/multimail";
import { parseCheckpoint, verifyTrail } from "@countersign/trail";
import { signNow } from "../audit/checkpoint/sign_now.ts";
import { withWritableTrail } from "../audit/with_trail.ts";
import type { DemoTeam, RunningDemo } from "./start_demo.ts";

/** How long the local MultiMail may take to scan or deliver. */
const PATIENCE_MS = 5_000;

/**
 * Plays the main job with real requests and prints each step: an email held, approved and delivered, one refused for its
 * recipient, one for another team's mailbox, and the trail verified. Resolves to whether every step came out right.
 */
export async function playDemo(demo: RunningDemo): Promise<boolean> {
  const { gateway: baseUrl, sandbox } = demo.file;
  const finance = teamOf(demo, "finance");
  const marketing = teamOf(demo, "marketing");
  const chaser = keyOf(finance, "invoice-chaser");
  const writer = keyOf(marketing, "newsletter-writer");
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversight_key });
  let allRight = true;
  const step = async (what: string, run: () => Promise<string>) => {
    try {
      console.log(`✓ ${what}\n    ${await run()}`);
    } catch (error) {
      allRight = false;
      console.log(`✗ ${what}\n    ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  let receipt = "";
  let emailId = "";
  await step("finance/invoice-chaser asks to email billing@suppliers.example", async () => {
    const sent = await sendEmail(
      chaser,
      finance.mailbox_id,
      "billing@suppliers.example",
      "Invoice 42",
      "A reminder: invoice 42 is due.",
      { baseUrl },
    );
    expect(sent.status === "pending" && sent.id !== null, `Expected status pending, got ${sent.status}`);
    receipt = sent.receipt;
    emailId = sent.id ?? "";
    expect((await outbox(sandbox.url)).length === 0, "Expected an empty outbox before approval");
    return `held for approval, nothing has left; receipt ${receipt}`;
  });
  await step("The team lead approves it at MultiMail", async () => {
    await until("the email waits for approval", async () =>
      (await lead.listPending()).some(({ id }) => id === emailId),
    );
    const { status } = await lead.decide(emailId, "approve");
    return `MultiMail answers ${status}`;
  });
  await step("The email is delivered, once", async () => {
    await until("the email is in the outbox", async () => (await outbox(sandbox.url)).length > 0);
    const messages = await outbox(sandbox.url);
    expect(messages.length === 1, `Expected one email, got ${messages.length}`);
    const { status } = await emailStatus(chaser, receipt, { baseUrl });
    expect(status === "delivered", `Expected status delivered, got ${status}`);
    return `the outbox holds it, and the receipt says ${status}`;
  });
  await step("finance/invoice-chaser asks to email ceo@rival.example", () =>
    refusal("policy_denied", () =>
      sendEmail(chaser, finance.mailbox_id, "ceo@rival.example", "Hello", "Our figures, as promised.", {
        baseUrl,
      }),
    ),
  );
  await step("marketing/newsletter-writer asks to use finance's mailbox", () =>
    refusal("mailbox_not_allowed", () =>
      sendEmail(writer, finance.mailbox_id, "everyone@acme.example", "News", "This week at Acme.", {
        baseUrl,
      }),
    ),
  );
  await step("Three emails wait for finance's leads in the console", async () => {
    const helper = keyOf(finance, "expense-helper");
    const ask = { subject: "Figures of October", body: "Here they are, as you asked." };
    // Another team's assistant has just written to the same person.
    await send(baseUrl, writer, { to: "jane@acme.example", subject: "News", body: "This week at Acme." });
    const receipts = [
      await send(baseUrl, helper, { ...ask, ...FILES, to: "john@acme.example", bcc: "payroll@acme.example" }),
      await send(baseUrl, helper, { ...ask, to: "jane@acme.example" }),
      await send(baseUrl, chaser, {
        to: "billing@suppliers.example",
        subject: "Your account",
        body: "Is it still DE89 3704 0044 0532 0130 00?",
      }),
    ];
    return `with Bcc and a file, one that overlaps, and one that needs two people: ${receipts.join(", ")}`;
  });
  await step("The trail is signed, and verified", async () => {
    const result = await withWritableTrail(async (trail) => {
      const { latest } = await signNow(trail, { DATA_DIR: demo.dataDir });
      const since = latest && [{ name: "the demo", checkpoint: parseCheckpoint(latest.note) }];
      return verifyTrail(trail, since && { since });
    }, demo.dataDir);
    expect(result.ok && result.checkpoints.count > 0, "Expected a whole trail with a checkpoint");
    if (!result.ok) return "";
    const { size, root, checkpoints } = result;
    const hex = Buffer.from(root).toString("hex").slice(0, 16);
    return `${size} records, root ${hex}…; the checkpoint of ${checkpoints.size} records is in ${join(demo.dataDir, "checkpoints")}`;
  });
  await lead.close();
  console.log(allRight ? "\nEvery step came out right." : "\nA step went wrong.");
  return allRight;
}

async function refusal(code: string, ask: () => Promise<unknown>): Promise<string> {
  try {
    await ask();
  } catch (error) {
    const refused = error as CountersignError;
    expect(refused.code === code, `Expected ${code}, got ${refused.code ?? refused.message}`);
    const [reason] = refused.reasons;
    return `refused: ${reason?.message ?? refused.message}${reason?.where ? ` (${reason.where})` : ""}`;
  }
  throw new Error(`Expected ${code}, and it was taken`);
}

const FILES = {
  attachments: [
    {
      name: "october.csv",
      content_type: "text/csv",
      content_base64: Buffer.from("account,total\ntravel,1200\n").toString("base64"),
    },
  ],
} as const;

/** Sends as the assistant with this key, and gives the receipt. */
async function send(baseUrl: string, key: string, email: Readonly<Record<string, unknown>>): Promise<string> {
  const response = await fetch(`${baseUrl}/v1/send`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify(email),
  });
  const answer = (await response.json()) as { readonly receipt: string; readonly error?: string };
  expect(response.ok, `Expected it to be taken, got ${answer.error}`);
  return answer.receipt;
}

async function outbox(sandboxUrl: string): Promise<readonly unknown[]> {
  const response = await fetch(`${sandboxUrl}/sandbox/outbox`);
  return ((await response.json()) as { messages: unknown[] }).messages;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain until ${what}`);
    await sleep(20);
  }
}

function expect(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

function teamOf({ file }: RunningDemo, name: string): DemoTeam {
  const team = file.teams.find((candidate) => candidate.team === name);
  if (team === undefined)
    throw new Error(`Cannot play the scenario: there is no team "${name}" in TEAMS_DIR`);
  return team;
}

function keyOf({ team, assistants }: DemoTeam, id: string): string {
  const key = assistants.find((candidate) => candidate.id === id)?.key;
  if (key === undefined) throw new Error(`Cannot play the scenario: team "${team}" has no assistant "${id}"`);
  return key;
}
