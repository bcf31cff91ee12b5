import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { intent, NOON, outcome } from "../../testing/entries.ts";
import { leafHash } from "../../tree/mod.ts";
import { verifyTrail } from "../../verify/mod.ts";
import { openSqliteTrail } from "./open_trail.ts";
import { rawDatabase } from "./raw_database.ts";

/** How a backup is taken while a gateway appends: what the `sqlite3` shell's `.backup` does, and `VACUUM INTO`. */
const WAYS: Readonly<Record<string, (path: string, copy: string) => Promise<unknown>>> = {
  ".backup": async (path, copy) => {
    const db = rawDatabase(path, { readonly: true });
    // In few steps: one that comes after a commit begins the copy anew.
    await db.backup(copy, { progress: () => 1_000_000 });
    db.close();
  },
  "VACUUM INTO": async (path, copy) => {
    const db = rawDatabase(path);
    db.prepare("VACUUM INTO ?").run(copy);
    db.close();
  },
};

for (const [way, back] of Object.entries(WAYS)) {
  test(`A backup by ${way} while a gateway appends is one moment of the trail, and it goes on from there`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "trail-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const [path, copy] = [join(folder, "trail.sqlite"), join(folder, "copy.sqlite")];
    const claims = [{ key: "k", fingerprint: "f", expiresAt: NOON + 600_000 }];
    const gateway = await openSqliteTrail(path);
    await gateway.tryAppend(intent("before", { claims }));
    let stopped = false;
    const appending = (async () => {
      for (let n = 0; !stopped; n++) await gateway.append(intent(`r${n}`));
      return (await gateway.head()).size;
    })();
    while ((await gateway.head()).size < 200) await new Promise(setImmediate);
    await back(path, copy);
    stopped = true;
    const size = await appending;
    await gateway.append(outcome("before"));
    await gateway.tryAppend(intent("after", { claims: claims.map((claim) => ({ ...claim, key: "after" })) }));

    const restored = await openSqliteTrail(copy);
    const { size: kept } = await restored.head();
    assert.ok(kept >= 200 && kept <= size);
    assert.ok((await verifyTrail(restored)).ok);
    assert.equal((await restored.recordsOf("before")).length, 1);
    const isOpen = (await restored.openIntents()).some(({ record }) => record.receipt === "before");
    assert.ok(isOpen, "what was settled since is open again, and is asked about");
    assert.equal((await restored.tryAppend(intent("x", { claims }))).ok, false, "its claims are kept");
    const lost = { claims: claims.map((claim) => ({ ...claim, key: "after" })) };
    assert.equal(
      (await restored.tryAppend(intent("again", lost))).ok,
      true,
      "those of later emails are lost",
    );
    assert.ok((await verifyTrail(restored)).ok);

    // The same up to the backup, and another one after it: whoever kept a later head can tell.
    const [first, other] = await Promise.all([gateway.hashes(0, 0, kept), restored.hashes(0, 0, kept + 1)]);
    assert.deepEqual(other.slice(0, kept), first);
    const [, next] = await gateway.hashes(0, kept - 1, 2);
    assert.notDeepEqual(other[kept], next ?? leafHash(""));
    await gateway.close();
    await restored.close();
  });
}
