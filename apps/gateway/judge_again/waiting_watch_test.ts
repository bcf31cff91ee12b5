import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { type Folder, startFolder, until } from "../testing/start_folder.ts";

const HOUR_MS = 3_600_000;

/** What the assistant is told of a receipt. */
async function status(folder: Folder, key: string | undefined, receipt: string | undefined) {
  const headers = { Authorization: `Bearer ${key}` };
  const response = await fetch(`${folder.gateway.url}/v1/receipts/${receipt}`, { headers });
  return (await response.json()) as { readonly status: string; readonly message: string | null };
}

/** What happened to an email, but for its being held, which its first look tells: before the denial, or after it. */
async function eventsOf(folder: Folder, receipt: string | undefined) {
  return (await folder.recordsOf(receipt ?? "")).flatMap(({ kind, data }) =>
    kind === "lifecycle" && data.event !== "held" ? [String(data.event)] : [],
  );
}

test("new policies cancel the email that waits and may not leave any more, and the assistant is told", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const [chaser, writer] = [folder.keys.get("finance/chaser"), folder.keys.get("marketing/writer")];
  const sendAt = new Date(Date.now() + 24 * HOUR_MS).toISOString();
  const held = await folder.send(chaser, "jane@client.example");
  const fine = await folder.send(chaser, "jane@other.example");
  const later = await folder.send(writer, "bob@acme.example", { send_at: sendAt });
  assert.deepEqual([held.status, fine.status, later.status], [202, 202, 202]);

  folder.write(
    "finance.yaml",
    `${folder.teams["finance.yaml"]}`.replace("*@rival.example", "*@client.example"),
  );
  folder.write("marketing.yaml", `${folder.teams["marketing.yaml"]}`.replace("external: deny", "allow: []"));
  assert.notEqual(await folder.gateway.reload(), "refused");
  await until(
    async () => (await status(folder, chaser, held.receipt)).status === "cancelled",
    "the held one",
  );
  await until(
    async () => (await status(folder, writer, later.receipt)).status === "cancelled",
    "the later one",
  );
  assert.match(
    (await status(folder, chaser, held.receipt)).message ?? "",
    /does not allow it any more: This recipient may never be written to/,
  );
  assert.equal((await status(folder, chaser, fine.receipt)).status, "pending");
  const events = await eventsOf(folder, held.receipt);
  assert.deepEqual(events.slice(-2), ["denied", "cancelled"]);
});

test("a refused reload cancels what waits of a team that is gone", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const held = await folder.send(folder.keys.get("finance/chaser"), "jane@client.example");
  rmSync(join(folder.teamsDir, "finance.yaml"));
  folder.write("broken.yaml", "team: [\n");
  assert.equal(await folder.gateway.reload(), "refused");
  await until(async () => (await eventsOf(folder, held.receipt)).includes("cancelled"), "its end");
  assert.deepEqual((await eventsOf(folder, held.receipt)).slice(-2), ["denied", "cancelled"]);
});
