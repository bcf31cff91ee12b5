import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
import { startTestConsole } from "../testing/start_test_console.ts";
import { openConsoleKey } from "./console_key.ts";
import { type ConsoleStore, IDLE_MS, SESSION_MS, type Session } from "./console_store.ts";
import { openPostgresStore } from "./open_postgres_store.ts";
import { openSqliteStore } from "./open_sqlite_store.ts";

const NOW = 1_800_000_000_000;
const LATER = NOW + 86_400_000;
const LEAD: Session = {
  ...{ issuer: "link", subject: "lead@acme.example", address: "lead@acme.example", groups: ["a", "b"] },
  ...{ auth: "link", createdAt: NOW, seenAt: NOW },
};
const ATTEMPT = { state: "s", nonce: "n", verifier: "v", returnTo: "/queue?team=a" };

const folder = await mkdtemp(join(tmpdir(), "countersign-"));
const server = await startPostgres();
after(async () => {
  for (const { stores } of opened) for (const store of stores) await store.close();
  await server.remove();
  await rm(folder, { recursive: true });
});

/** Two consoles' views of one store, in each kind of database. */
const STORES: Readonly<Record<string, () => Promise<readonly [ConsoleStore, ConsoleStore]>>> = {
  "in SQLite": async () => {
    const path = join(folder, "console.sqlite");
    return [openSqliteStore(path), openSqliteStore(path)];
  },
  "in PostgreSQL": async () => {
    const url = await server.createDatabase();
    // At once, as consoles are started.
    const [one, two] = await Promise.all([openPostgresStore(url), openPostgresStore(url)]);
    return [one.store, two.store];
  },
};

const opened = await Promise.all(
  Object.entries(STORES).map(async ([where, open]) => ({ where, stores: await open() })),
);

for (const {
  where,
  stores: [one, two],
} of opened) {
  test(`a link and an attempt ${where} are taken once, by one of several consoles, and in time`, async () => {
    await one.addLink({ hash: "link", address: "lead@acme.example", expiresAt: NOW + 1 });
    const taken = await Promise.all([one, two, one, two].map((store) => store.takeLink("link", NOW)));
    assert.deepEqual(
      taken.filter((address) => address !== undefined),
      ["lead@acme.example"],
    );
    await one.addLink({ hash: "old", address: "lead@acme.example", expiresAt: NOW });
    assert.equal(await two.takeLink("old", NOW), undefined);
    await one.addAttempt({ hash: "attempt", expiresAt: NOW + 1, ...ATTEMPT });
    const back = await Promise.all([two, one].map((store) => store.takeAttempt("attempt", NOW)));
    assert.deepEqual(
      back.filter((attempt) => attempt !== undefined),
      [ATTEMPT],
    );
    await one.addAttempt({ hash: "old", expiresAt: NOW, ...ATTEMPT });
    assert.equal(await two.takeAttempt("old", NOW), undefined);
  });

  test(`a session ${where} is known to every console, until it is idle, old or ended`, async () => {
    await one.addSession("s", LEAD);
    assert.deepEqual(await two.useSession("s", NOW + 1), LEAD);
    assert.equal(await two.useSession("nobody", NOW), undefined);
    // Use is noted for all.
    await two.useSession("s", NOW + IDLE_MS - 1);
    assert.equal((await one.useSession("s", NOW + IDLE_MS + 1))?.seenAt, NOW + IDLE_MS - 1);
    await one.useSession("s", NOW + 2 * IDLE_MS - 2, { isUnseen: true });
    assert.equal(await one.useSession("s", NOW + 2 * IDLE_MS - 1), undefined);
    await one.addSession("t", { ...LEAD, seenAt: NOW + SESSION_MS });
    assert.equal(await two.useSession("t", NOW + SESSION_MS), undefined);
    await one.addSession("u", LEAD);
    await two.endSession("u");
    assert.equal(await one.useSession("u", NOW), undefined);
  });

  test(`what was opened and is to be told ${where} is a session's own, as it was last, and ends with it`, async () => {
    for (const hash of ["a", "b"]) await one.addSession(hash, LEAD);
    await one.noteOpened("a", { receipt: "r1", content: "c0", judgement: "j0" });
    const opened = { receipt: "r1", content: "c1", judgement: "j1" };
    await two.noteOpened("a", opened);
    assert.deepEqual([...(await one.openedIn("a", ["r0", "r1"]))], [["r1", opened]]);
    assert.equal((await one.openedIn("a", [])).size, 0);
    assert.equal((await two.openedIn("b", ["r1"])).size, 0);
    for (const [hash, session] of [
      ["x", "a"],
      ["y", "b"],
      ["z", "b"],
    ] as const)
      await one.addTold({ hash, session, text: `to ${session}`, expiresAt: NOW + 10 });
    assert.equal(await two.toldBy("x", "a", NOW), "to a");
    assert.equal(await two.toldBy("x", "b", NOW), undefined);
    await one.endSession("a");
    assert.equal((await two.openedIn("a", ["r1"])).size, 0);
    assert.equal(await two.toldBy("x", "a", NOW), undefined);
    assert.equal(await one.toldBy("z", "b", NOW + 10), undefined);
    await two.noteOpened("b", opened);
    await one.addSession("c", { ...LEAD, createdAt: LATER, seenAt: LATER });
    assert.equal((await two.openedIn("b", ["r1"])).size, 0);
  });

  test(`a shell ${where} acts as who confirmed its code, once, and in time`, async () => {
    const shell = { hash: "h", code: "c", asker: "ann on laptop", askedAt: NOW, expiresAt: NOW + 10 };
    await one.addShell(shell);
    assert.equal(await two.takeShell("h", NOW), "waits");
    assert.deepEqual(await two.shellOf("c", NOW), { asker: "ann on laptop", askedAt: NOW });
    const confirmed = await Promise.all([one, two].map((store) => store.confirmShell("c", LEAD, NOW)));
    assert.deepEqual(confirmed.toSorted(), [false, true]);
    assert.equal(await one.shellOf("c", NOW), undefined);
    const taken = await Promise.all([one, two].map((store) => store.takeShell("h", NOW)));
    assert.deepEqual(
      taken.filter((session) => session !== undefined),
      [LEAD],
    );
    await one.addShell(shell);
    assert.equal(await two.confirmShell("c", LEAD, NOW + 10), false);
    assert.equal(await two.takeShell("h", NOW + 10), undefined);
    // Two that show the same code: neither.
    await one.addShell({ ...shell, hash: "i" });
    await one.addShell({ ...shell, hash: "j" });
    assert.equal(await two.shellOf("c", NOW), undefined);
  });

  test(`preferences ${where} are a person's, in every session, and the usual for others`, async () => {
    assert.deepEqual(await one.preferencesOf(LEAD), { hasKeys: true });
    for (const hasKeys of [false, true, false]) {
      await one.setPreferences(LEAD, { hasKeys });
      assert.deepEqual(await two.preferencesOf(LEAD), { hasKeys });
    }
    const other = { ...LEAD, issuer: "https://id.acme.example" };
    assert.deepEqual(await two.preferencesOf(other), { hasKeys: true });
  });
}

test("consoles on one database sign with one key: that of the folder of the first, or a new one", async () => {
  const [old, fresh] = [join(folder, "old"), join(folder, "fresh")];
  for (const path of [old, fresh]) await mkdir(path);
  const before = await openConsoleKey(old);
  const database = await openPostgresStore(await server.createDatabase());
  const agree = database.agreeOnKey;
  assert.equal((await openConsoleKey(old, agree)).verifier.text, before.verifier.text);
  assert.equal((await openConsoleKey(fresh, agree)).verifier.text, before.verifier.text);
  await database.store.close();
  const empty = await openPostgresStore(await server.createDatabase());
  const keys = await Promise.all([1, 2].map(() => openConsoleKey(fresh, empty.agreeOnKey)));
  assert.equal(new Set(keys.map(({ verifier }) => verifier.text)).size, 1);
  await assert.rejects(
    openConsoleKey(old, empty.agreeOnKey),
    /is another key than the one that the consoles/,
  );
  await empty.store.close();
});

test("openPostgresStore() does not show the address of a database that it cannot use", async () => {
  await assert.rejects(openPostgresStore("postgres://ann:secret@127.0.0.1:9/x"), (error: Error) => {
    assert.match(error.message, /^Cannot use the database of CONSOLE_DATABASE_URL: /);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test("who signed in at one of several consoles is signed in at all, with the same form token, and out of all", async (t) => {
  const [trail, own] = [await server.createDatabase(), await server.createDatabase()];
  const variables = { DATABASE_URL: trail, CONSOLE_DATABASE_URL: own };
  const [here, there] = [await startTestConsole(t, { variables }), await startTestConsole(t, { variables })];
  const link = new URL(await here.running.link("sales-lead@acme.example"));
  const port = new URL(here.url).port;
  // Behind a proxy they have one address, and one cookie.
  const cookieThere = (cookie: string) => cookie.replaceAll(port, new URL(there.url).port);
  const lead = here.nobody;
  assert.equal((await lead.get(link.pathname)).status, 303);
  const Cookie = cookieThere(lead.cookie());
  const [page, same] = [await lead.get("/policies"), await there.nobody.get("/policies", { Cookie })];
  const tokenOf = ({ text }: { readonly text: string }) =>
    /name="form_token" value="([^"]+)"/.exec(text)?.[1];
  assert.equal(same.status, 200);
  assert.equal(tokenOf(same), tokenOf(page));
  assert.equal((await there.nobody.get(link.pathname)).status, 403);
  await lead.post("/sign-out");
  assert.equal((await there.nobody.get("/policies", { Cookie })).status, 303);
});
