import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { incomingReceipt } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { approvalEntry, createVerifierKey, keyLabel } from "@countersign/trail";
import type { ReadEmail } from "../enforce/world.ts";
import { startWorld } from "../testing/start_world.ts";
import { InboundReleases, type InboundReleasesOptions } from "./inbound_releases.ts";

test("InboundReleases holds what the console released, and signed, never against what MultiMail shows", async (t) => {
  const { world } = await startWorld(t, TEAMS);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const verifier = createVerifierKey("countersign/console", Buffer.from(x, "base64url"));
  const policy = world.policies().teams.get("finance");
  assert.ok(policy !== undefined);
  const release = async (id: string, email: string) => {
    const entry = approvalEntry(
      {
        ...{ decision: "approve", email, mailbox: "mbx-finance", by: "lead@acme.example", auth: "oidc" },
        ...{ identity: { issuer: "https://id.acme.example", subject: "u1" }, content: "c", judgement: "j" },
        ...{ required: [], findings: [], counts: [], completes: true, due: null, incoming: true },
      },
      { at: world.clock(), team: "finance", assistant: null, receipt: incomingReceipt(id), policy: null },
      { key: keyLabel(verifier), sign: (text) => sign(null, Buffer.from(text), privateKey) },
    );
    await world.trail.append(entry);
  };
  await release("ours", "ours");
  // About another email: it explains nothing.
  await release("theirs", "ours");
  const alarms: unknown[] = [];
  const counted: unknown[] = [];
  const releases = new InboundReleases({
    ...{ trail: world.trail, consoleKeys: async () => [verifier], live: world.live },
    metrics: { happened: ({ decided_by }: { decided_by: unknown }) => counted.push(decided_by) },
    alarms: {
      knowsEmail: () => false,
      decidedByOther: async (_: unknown, other: unknown) => void alarms.push(other),
    },
  } as unknown as InboundReleasesOptions);
  for (const id of ["ours", "theirs"]) {
    const email = { id, approvedBy: "mallory@evil.example" };
    await releases.look({ policy, email, receipt: "rcp_read" } as unknown as ReadEmail);
  }
  assert.deepEqual(counted, ["approver", "other"]);
  assert.deepEqual(alarms, [
    { receipt: "rcp_read", event: "release of theirs", by: "mallory@evil.example", email: "theirs" },
  ]);
});
