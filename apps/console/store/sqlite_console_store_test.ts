import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ConsoleStore, Session } from "./console_store.ts";
import { openSqliteConsoleStore } from "./sqlite_console_store.ts";

const NOW = 1_000_000_000;
const LEAD: Session = {
  ...{ issuer: "link", subject: "lead@acme.example", address: "lead@acme.example", groups: [] },
  ...{ auth: "link", createdAt: NOW, seenAt: NOW },
};

async function openStore(t: TestContext): Promise<ConsoleStore> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-"));
  const store = openSqliteConsoleStore(join(folder, "console.sqlite"));
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return store;
}

test("openedIn() has what was opened in a session, as it was last; what it ends with is forgotten", async (t) => {
  const store = await openStore(t);
  await store.addSession("one", LEAD);
  await store.addSession("two", LEAD);
  await store.noteOpened("one", { receipt: "r1", content: "c0", judgement: "j0" });
  const opened = { receipt: "r1", content: "c1", judgement: "j1" };
  await store.noteOpened("one", opened);
  assert.deepEqual([...(await store.openedIn("one", ["r0", "r1"]))], [["r1", opened]]);
  assert.equal((await store.openedIn("two", ["r1"])).size, 0);
  await store.endSession("one");
  assert.equal((await store.openedIn("one", ["r1"])).size, 0);
  await store.noteOpened("two", opened);
  const later = NOW + 86_400_000;
  await store.addSession("three", { ...LEAD, createdAt: later, seenAt: later });
  assert.equal((await store.openedIn("two", ["r1"])).size, 0);
});

test("preferencesOf() has what a person chose, in every session, and the usual for others", async (t) => {
  const store = await openStore(t);
  assert.deepEqual(await store.preferencesOf(LEAD), { hasKeys: true });
  for (const hasKeys of [false, true, false]) {
    await store.setPreferences(LEAD, { hasKeys });
    assert.deepEqual(await store.preferencesOf(LEAD), { hasKeys });
  }
  assert.deepEqual(await store.preferencesOf({ ...LEAD, issuer: "https://id.acme.example" }), {
    hasKeys: true,
  });
});
