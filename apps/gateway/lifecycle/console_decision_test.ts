import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CONSOLE_VERIFIER_FILE } from "@countersign/host";
import { type Email, MultiMailClient } from "@countersign/multimail";
import {
  type ApprovalEntryOptions,
  approvalEntry,
  createVerifierKey,
  isAppliedChange,
  isOf,
  keyLabel,
  type LifecycleData,
  type VerifierKey,
} from "@countersign/trail";
import { startWorld } from "../testing/start_world.ts";
import { type ConsoleKeys, openConsoleKeys } from "./console_keys.ts";
import { EmailTagger } from "./email_tagger.ts";
import { lookAtEmail } from "./look_at_email.ts";
import { MailboxAlarms } from "./mailbox_alarms.ts";

function team(needed: number): Readonly<Record<string, string>> {
  return {
    "ops.yaml": `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example, deputy@acme.example]
approval: { needed: ${needed} }
assistants: [{ id: writer, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: allow }
`,
  };
}

interface Key {
  readonly key: KeyObject;
  readonly verifier: VerifierKey;
}

function createKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  return {
    key: privateKey,
    verifier: createVerifierKey("countersign/console", Buffer.from(x, "base64url")),
  };
}

interface Case {
  readonly needed?: number;
  readonly action?: "approve" | "reject";
  /** Whom MultiMail names. */
  readonly shown?: Partial<Email>;
  /** What the console has on record; absent: nothing. */
  readonly record?: Partial<ApprovalEntryOptions>;
  readonly signedBy?: Key;
  readonly keys: ConsoleKeys;
}

/** What the gateway makes of a decision on a held email. */
async function decided(t: TestContext, options: Case) {
  const { needed = 1, action = "approve", shown = {}, record, signedBy, keys: consoleKeys } = options;
  const stack = await startWorld(t, team(needed));
  const { world, sandbox } = stack;
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversightKey });
  t.after(() => lead.close());
  const outcome = await stack.ask("ops/writer", { to: "ann@client.example", subject: "Offer", body: "Good" });
  assert.ok(outcome.kind === "taken" && outcome.emailId !== undefined, JSON.stringify(outcome));
  const { receipt, emailId } = outcome;
  const [intent] = (await world.trail.recordsOf(receipt)).filter(isOf("intent"));
  assert.ok(intent !== undefined);
  if (record !== undefined && signedBy !== undefined) {
    const entry = approvalEntry(
      {
        ...{ decision: "approve", email: emailId, mailbox: "mbx-ops", by: "deputy@acme.example" },
        ...{ identity: { issuer: "https://login.acme.example", subject: "u1" }, auth: "oidc" },
        ...{ content: "c", judgement: "j", required: [], findings: [], counts: [] },
        ...{ completes: true, due: null, ...record },
      },
      { ...intent.record, at: world.clock() },
      { key: keyLabel(signedBy.verifier), sign: (text) => sign(null, Buffer.from(text), signedBy.key) },
    );
    await world.trail.append(entry);
  }
  await lead.decide(emailId, action);
  const alarms = new MailboxAlarms(world);
  const clientFor: typeof world.clientFor = (policy) =>
    new Proxy(world.clientFor(policy), {
      get: (client, name) =>
        name === "getEmail"
          ? async (mailbox: string, id: string) => ({ ...(await client.getEmail(mailbox, id)), ...shown })
          : Reflect.get(client, name).bind(client),
    });
  const look = { ...world, clientFor, alarms, tagger: new EmailTagger(world), consoleKeys };
  await lookAtEmail(receipt, { learntBy: "polling" }, look);
  const records = (await world.trail.recordsOf(receipt)).map(({ record }) => record);
  const events = records.flatMap(({ kind, data }): readonly LifecycleData[] =>
    kind === "lifecycle" && data.event !== "unknown" ? [data] : [],
  );
  const found = events.find(({ event }) => event === "approved" || event === "rejected");
  assert.ok(found !== undefined, JSON.stringify(events));
  const drift = records.flatMap(({ kind, data }) =>
    kind === "drift" && !isAppliedChange(data) ? [`${data.result} ${data.settings}`] : [],
  );
  const values = await world.trail.unseal([found.by, found.reason].filter((one) => one !== null));
  const { event, decided_by } = found;
  return {
    ...{ event, decided_by, drift },
    by: values.get(found.by ?? ""),
    reason: values.get(found.reason ?? ""),
  };
}

const OURS = createKey();
const keys: ConsoleKeys = async () => [createKey().verifier, OURS.verifier];
const OTHER = { approvedBy: "mallory@evil.example" };

test("lookAtEmail() holds what the console signed never against what MultiMail shows", async (t) => {
  for (const needed of [1, 2]) {
    const approved = await decided(t, { needed, shown: OTHER, record: {}, signedBy: OURS, keys });
    const want = { event: "approved", decided_by: "approver", by: "deputy@acme.example" };
    assert.deepEqual(approved, { ...want, drift: [], reason: undefined });
  }
  for (const decision of ["reject", "ask_for_changes"] as const) {
    const record = { decision, reason: "Too dear" };
    const shown = { rejectedBy: "mallory@evil.example" };
    const rejected = await decided(t, { action: "reject", shown, record, signedBy: OURS, keys });
    const want = { event: "rejected", decided_by: "approver", by: "deputy@acme.example" };
    assert.deepEqual(rejected, { ...want, drift: [], reason: "Too dear" });
  }
});

test("lookAtEmail() gives nothing on an approval that is forged, incomplete, of another email, or the opposite", async (t) => {
  const cases: readonly (readonly [name: string, more: Partial<Case>])[] = [
    ["none", {}],
    ["signed by another", { record: {}, signedBy: createKey() }],
    ["no key is known", { record: {}, signedBy: OURS, keys: async () => [] }],
    ["one of two", { record: { completes: false }, signedBy: OURS }],
    ["of another email", { record: { email: "em-other" }, signedBy: OURS }],
    ["a rejection", { record: { decision: "reject" }, signedBy: OURS }],
  ];
  for (const [name, more] of cases) {
    const { decided_by, by, drift } = await decided(t, { shown: OTHER, keys, ...more });
    assert.deepEqual(
      [decided_by, by, drift],
      ["other", OTHER.approvedBy, ["decided_by_other approvers"]],
      name,
    );
  }
});

test("lookAtEmail() raises an alarm where one person approves at MultiMail what several must", async (t) => {
  const alone = { approvedBy: "lead@acme.example" };
  const cases: readonly (readonly [name: string, more: Partial<Case>])[] = [
    ["an approver alone", { needed: 2, shown: alone }],
    ["nobody knows who", { needed: 2 }],
    ["with the first of two here", { needed: 2, shown: alone, record: { completes: false }, signedBy: OURS }],
    [
      "of a class that needs two",
      {
        shown: alone,
        record: { completes: false, required: [{ class: "attachments", needed: 2 }] },
        signedBy: OURS,
      },
    ],
  ];
  for (const [name, more] of cases) {
    const { decided_by, drift } = await decided(t, { keys, ...more });
    assert.deepEqual([decided_by, drift], ["other", ["decided_by_other approval.needed"]], name);
  }
  const rejected = await decided(t, { needed: 2, action: "reject", keys });
  assert.deepEqual([rejected.decided_by, rejected.drift], ["unknown", []], "one rejection is enough");
});

test("openConsoleKeys() takes what is set, or else the console's file, also when it appears later", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [one, two] = [createKey().verifier, createKey().verifier];
  const texts = async (keys: ConsoleKeys) => (await keys()).map(({ text }) => text);
  const fromFile = openConsoleKeys({ consoleVerifierKeys: [], consoleDataDir: folder });
  const named = openConsoleKeys({ consoleVerifierKeys: [one.text, two.text], consoleDataDir: folder });
  assert.deepEqual(await texts(fromFile), []);
  writeFileSync(join(folder, CONSOLE_VERIFIER_FILE), `${two.text}\n`);
  assert.deepEqual(await texts(fromFile), [two.text]);
  writeFileSync(join(folder, CONSOLE_VERIFIER_FILE), "half a k");
  assert.deepEqual(await texts(fromFile), []);
  assert.deepEqual(await texts(named), [one.text, two.text]);
  const wrong = { consoleVerifierKeys: [one.text.replace(one.id, "00000000")], consoleDataDir: folder };
  assert.throws(() => openConsoleKeys(wrong), /Cannot use CONSOLE_VERIFIER_KEY: copy it/);
});
