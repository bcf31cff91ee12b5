import { createPrivateKey, hash } from "node:crypto";
import {
  createNoteSigner,
  type NoteSigner,
  policyEntry,
  type StoredCheckpoint,
  signingKeyEntry,
  signCheckpoint as signTree,
  type TrailEntry,
  type TrailStore,
} from "../mod.ts";
import { intent, lifecycle, NOON, outcome } from "./entries.ts";

/** Name of the sample trail. */
export const SAMPLE_ORIGIN = "countersign/sample";

/** Signs its checkpoints, with a key that is no secret: 32 bytes of 7. */
export const SAMPLE_SIGNER: NoteSigner = createNoteSigner(
  SAMPLE_ORIGIN,
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${"07".repeat(32)}`, "hex"),
    format: "der",
    type: "pkcs8",
  }),
);

/** Text of the policy of team `finance`, and of team `sales`. */
export const SAMPLE_POLICIES: readonly string[] = ["team: finance\n", "team: sales\n"];

const MINUTE = 60_000;

/**
 * Appends a trail with something of everything, one record a minute: policies, a signing key, emails of two teams, a checkpoint after
 * each 100 records, and as many as are wanted in all.
 */
export async function appendSampleTrail(trail: TrailStore, size: number): Promise<void> {
  const files = SAMPLE_POLICIES.map((text, index) => ({
    name: ["finance.yaml", "sales.yaml"][index] ?? "",
    hash: hash("sha256", text),
    text,
  }));
  const policy = hash("sha256", files.map((file) => `${file.hash}  ${file.name}\n`).join(""));
  await trail.append(
    policyEntry(
      { result: "loaded", files: files.map(({ name, hash }) => ({ name, hash })) },
      { at: NOON, policy, texts: files.map(({ hash, text }) => ({ hash, text })) },
    ),
  );
  const key = { verifier: SAMPLE_SIGNER.key.text, previous: null, vouch: null };
  await trail.append(signingKeyEntry(key, NOON + MINUTE));
  for (let seq = 2; seq < size; seq++) {
    const at = NOON + seq * MINUTE;
    if (seq % 100 === 99) await signCheckpoint(trail, at);
    else await trail.append(entryAt(seq, { at, policy }));
  }
}

/** Signs the tree as it is. */
export async function signCheckpoint(trail: TrailStore, at: number): Promise<StoredCheckpoint> {
  const head = await trail.head();
  return signTree(trail, { origin: SAMPLE_ORIGIN, signers: [SAMPLE_SIGNER], at, head });
}

function entryAt(seq: number, { at, policy }: { readonly at: number; readonly policy: string }): TrailEntry {
  const receipt = `rcp_${String(seq - (seq % 4)).padStart(26, "0")}`;
  const team = seq % 8 < 4 ? "finance" : "sales";
  const common = { at, team, assistant: `${team}-bot`, policy };
  if (seq % 4 === 1) return outcome(receipt, "accepted", common);
  if (seq % 4 === 2) return lifecycle(receipt, "approved", common);
  if (seq % 4 === 3) return lifecycle(receipt, "delivered", common);
  const isDenied = seq % 16 === 8;
  return intent(receipt, {
    ...common,
    to: [`jane${seq}@partner.example`, "=cmd@client.example"],
    subject: `Invoice ${seq}, "grüße" \u2028 ${"x".repeat(seq % 7)}`,
    body: `Body of ${seq}`,
    ...(isDenied && { effect: "deny" as const, rules: ["recipients.deny"] }),
  });
}
