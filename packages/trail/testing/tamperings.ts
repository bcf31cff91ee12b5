import { seal } from "../record/sealed.ts";
import type { TrailStore } from "../store/store.ts";
import type { TrailProblem } from "../store/trail_problem.ts";
import { Frontier } from "../tree/mod.ts";
import { erasure, intent, lifecycle, NOON, outcome } from "./entries.ts";
import { edit, insert, put, rewriteTree, type Shell, shift } from "./tamper.ts";

const DAY = 24 * 60 * 60_000;

type Found = readonly [seq: number | null, what: TrailProblem["what"]];

/** Of the trail that is tampered with: two full tiles and a part, more than two pages. */
export const TAMPERED_SIZE = 600;

const SIZE = TAMPERED_SIZE;

/** The person on record 3, whom record 4 erases. */
const ERASED = seal("Ann", "text");

/** What somebody does, what is found first, and how many problems there are. */
export type Tampering = readonly [
  tamper: string | ((db: Shell) => Promise<unknown>),
  first: Found,
  count?: number,
];

/** What somebody does who may write all of the database, in the SQL that all databases speak. */
export const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  // Records
  "changes a record": [(db) => edit(db, 300, { team: "sales" }, false), [300, "changed"], 1],
  "changes a record and its leaf": [(db) => edit(db, 300, { team: "sales" }), [256, "rewritten"], 1],
  "changes a record of the last tile and its leaf": [
    (db) => edit(db, 590, { team: "sales" }),
    [576, "rewritten"],
    1,
  ],
  "changes the last record and its leaf": [(db) => edit(db, 599, { team: "sales" }), [592, "rewritten"], 1],
  "changes a record, its leaf and its tile": [
    async (db) => {
      await edit(db, 300, { team: "sales" });
      const tile = new Frontier();
      const sql = "SELECT leaf FROM records WHERE seq >= 256 AND seq < 512 ORDER BY seq";
      for (const { leaf } of await db.all<{ leaf: Uint8Array }>(sql)) tile.append(leaf);
      await db.run("UPDATE nodes SET hash = ? WHERE idx = 1", tile.root());
    },
    [0, "rewritten"],
  ],
  "changes a record and everything above it but the root": [
    async (db) => {
      await edit(db, 300, { team: "sales" });
      await rewriteTree(db, (frontier) => ["UPDATE head SET frontier = ?", Buffer.concat(frontier.hashes)]);
    },
    [null, "changed"],
    1,
  ],
  "changes a leaf": [
    (db) => db.run("UPDATE records SET leaf = ? WHERE seq = 300", Buffer.alloc(32)),
    [300, "changed"],
    1,
  ],
  "shortens a leaf": [
    (db) => db.run("UPDATE records SET leaf = ? WHERE seq = 300", Buffer.from("00", "hex")),
    [300, "changed"],
    1,
  ],
  "puts a space into a record, with its leaf": [
    async (db) => put(db, 300, (await db.jsonOf(300)).replace('"kind":', '"kind": ')),
    [300, "changed"],
  ],
  "puts a member twice, with its leaf": [
    async (db) =>
      put(
        db,
        300,
        (await db.jsonOf(300)).replace('"kind":"lifecycle"', '"kind":"intent","kind":"lifecycle"'),
      ),
    [300, "changed"],
  ],
  "adds a member, with its leaf": [(db) => edit(db, 300, { zone: 1 } as object), [300, "changed"]],
  "says another kind, with its leaf": [(db) => edit(db, 300, { kind: "note" } as object), [300, "changed"]],
  "removes a record": ["DELETE FROM records WHERE seq = 300", [300, "removed"], 1],
  "removes the first record": ["DELETE FROM records WHERE seq = 0", [0, "removed"], 1],
  "removes several": ["DELETE FROM records WHERE seq BETWEEN 250 AND 520", [250, "removed"], 1],
  "removes a record and closes the gap": [
    async (db) => {
      await db.run("DELETE FROM records WHERE seq = 300");
      await shift(db, 301, -1);
    },
    [300, "removed"],
    1,
  ],
  "removes a record, closes the gap and numbers anew": [
    async (db) => {
      await db.run("DELETE FROM records WHERE seq = 300");
      await shift(db, 301, -1);
      for (let seq = 300; seq < SIZE - 1; seq++) await edit(db, seq, { seq });
    },
    [256, "rewritten"],
  ],
  "adds a record in between": [
    async (db) => {
      await shift(db, 300, 1);
      await insert(db, 300, 300);
    },
    [300, "added"],
    1,
  ],
  "adds a record at the end": [(db) => insert(db, SIZE, SIZE), [SIZE, "added"], 1],
  "adds a record before the first": [(db) => insert(db, -1, 0), [-1, "added"], 1],
  "adds a record far away": [(db) => insert(db, 2 ** 50, 2 ** 50), [SIZE, "removed"]],
  "swaps two records": [(db) => db.swap(290, 310, "json", "leaf"), [290, "reordered"], 2],
  "swaps two neighbours": [(db) => db.swap(255, 256, "json", "leaf"), [255, "reordered"], 2],
  "swaps two records, not their leaves": [(db) => db.swap(290, 310, "json"), [290, "reordered"], 2],
  "swaps two records and numbers them anew": [
    async (db) => {
      await db.swap(290, 310, "json", "leaf");
      for (const seq of [290, 310]) await edit(db, seq, { seq });
    },
    [256, "rewritten"],
    1,
  ],
  "cuts the tail off": ["DELETE FROM records WHERE seq >= 597", [597, "cut_off"], 1],
  "cuts everything off": ["DELETE FROM records", [0, "cut_off"], 1],
  "cuts the tail off and sets the head back": [
    async (db) => {
      await db.run("DELETE FROM records WHERE seq >= 597");
      await rewriteTree(db);
    },
    // The sealed values that the cut left behind give it away.
    [597, "removed"],
  ],
  "cuts the tail off, erases what belonged to it and sets the head back": [
    async (db) => {
      for (const table of ["records", "sealed", "recipients", "rules"])
        await db.run(`DELETE FROM ${table} WHERE seq >= 597`);
      await rewriteTree(db);
    },
    [597, "removed"],
  ],
  // The tree
  "changes the head's root": [
    (db) => db.run("UPDATE head SET root = ?", Buffer.alloc(32)),
    [null, "changed"],
    1,
  ],
  "changes the head's size": ["UPDATE head SET size = 601", [600, "cut_off"], 1],
  "sets the head's size back": ["UPDATE head SET size = 599", [599, "added"], 1],
  "removes the head": ["DELETE FROM head", [0, "added"]],
  "changes the frontier": [
    (db) => db.run("UPDATE head SET frontier = ?", Buffer.alloc(128)),
    [0, "rewritten"],
  ],
  "makes the frontier longer": [
    async (db) => {
      const [head] = await db.all<{ frontier: Uint8Array }>("SELECT frontier FROM head");
      await db.run(
        "UPDATE head SET frontier = ?",
        Buffer.concat([head?.frontier ?? Buffer.of(), Buffer.alloc(32)]),
      );
    },
    [null, "changed"],
    1,
  ],
  "changes a node": [
    (db) => db.run("UPDATE nodes SET hash = ? WHERE idx = 1", Buffer.alloc(32)),
    [256, "rewritten"],
    1,
  ],
  "removes a node": ["DELETE FROM nodes WHERE idx = 0", [0, "rewritten"], 1],
  // What lies beside
  "changes a sealed value": [
    "UPDATE sealed SET value = 'Invoice 43' WHERE kind = 'subject' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "changes a sealed address": [
    "UPDATE sealed SET value = 'eve@rival.example' WHERE kind = 'address' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "changes a salt": [
    (db) => db.run("UPDATE sealed SET salt = ? WHERE kind = 'body' AND seq = 597", Buffer.alloc(32)),
    [597, "changed"],
    1,
  ],
  "changes a kind": [
    "UPDATE sealed SET kind = 'text' WHERE kind = 'body' AND seq = 597",
    [597, "changed"],
    1,
  ],
  "breaks a compressed value": [
    (db) => db.run("UPDATE sealed SET value = ? WHERE kind = 'body' AND seq = 0", Buffer.from("00ff", "hex")),
    [0, "changed"],
    1,
  ],
  "seals another value under a new commitment": [
    async (db) => {
      const { commitment, salt, kind, value } = seal("Pay me", "body");
      await db.run(
        "UPDATE sealed SET commitment = ?, salt = ?, value = ? WHERE kind = ? AND seq = 597",
        Buffer.from(commitment, "hex"),
        salt,
        value,
        kind,
      );
    },
    [597, "added"],
    2,
  ],
  "erases a body without an erasure": [
    "DELETE FROM sealed WHERE kind = 'body' AND seq = 0",
    [0, "removed"],
    1,
  ],
  "erases everything that was sealed": [
    async (db) => {
      await db.run("DELETE FROM sealed");
      await db.run("DELETE FROM recipients");
    },
    [0, "removed"],
  ],
  "says afterwards that it was erased": [
    async (db) => {
      const [sealed] = await db.all<{ commitment: Uint8Array }>(
        "SELECT commitment FROM sealed WHERE seq = 0",
      );
      const commitment = Buffer.from(sealed?.commitment ?? []).toString("hex");
      for (const table of ["sealed", "recipients"]) await db.run(`DELETE FROM ${table} WHERE seq = 0`);
      const data = {
        because: "person",
        by: null,
        reason: null,
        commitments: [commitment],
        below: null,
      };
      await edit(db, 300, { kind: "erasure", data });
    },
    [0, "removed"],
  ],
  "puts an erased value back": [
    async (db) => {
      const { commitment, salt, kind, value } = ERASED;
      const bytes = Buffer.from(commitment, "hex");
      await db.run(
        "INSERT INTO sealed (id, commitment, salt, kind, value) VALUES (?, ?, ?, ?, ?)",
        3 * 65_536,
        bytes,
        salt,
        kind,
        value,
      );
    },
    [3, "added"],
    1,
  ],
  "hides a record from a search by recipient": [
    "DELETE FROM recipients WHERE seq = 597",
    [597, "removed"],
    1,
  ],
  "lets a search by recipient find another record": [
    "INSERT INTO recipients VALUES (5, 'x@y.example')",
    [5, "added"],
    1,
  ],
  "hides a record from a search by rule": ["DELETE FROM rules WHERE seq = 598", [598, "removed"], 1],
  "lets a search by rule find another record": [
    "UPDATE rules SET rule = 'x' WHERE seq = 598",
    [598, "removed"],
    2,
  ],
  "hides an open intent": ["DELETE FROM open_intents WHERE seq = 598", [598, "removed"], 1],
  "opens a settled intent": ["INSERT INTO open_intents VALUES ('first', 0)", [0, "added"], 1],
  "hides a watched email": ["DELETE FROM watched_emails WHERE seq = 1", [1, "removed"], 1],
  "watches an email that is none": ["INSERT INTO watched_emails VALUES ('second', 599)", [599, "added"], 1],
  "plants a hash of records to come": [
    (db) => db.run("INSERT INTO nodes VALUES (8, 2, ?)", Buffer.alloc(32)),
    [600, "added"],
    1,
  ],
  "plants a hash far away": [
    (db) => db.run("INSERT INTO nodes VALUES (16, 3, ?)", Buffer.alloc(32)),
    [3 * 65_536, "added"],
    1,
  ],
  "plants a reservation for an email that there is not": [
    (db) => db.run("INSERT INTO reservations VALUES ('team', ?, 'no', ?)", NOON, NOON + DAY),
    [null, "added"],
    1,
  ],
  "plants a reservation for an email of another time": [
    (db) => db.run("INSERT INTO reservations VALUES ('team', ?, 'third', ?)", NOON + 1, NOON + DAY),
    [null, "added"],
    1,
  ],
  "plants one more reservation for an email": [
    (db) => db.run("INSERT INTO reservations VALUES ('other', ?, 'third', ?)", NOON, NOON + DAY),
    [598, "added"],
    1,
  ],
  "removes a reservation": ["DELETE FROM reservations WHERE counter = 'team'", [598, "removed"], 1],
  "gives a reservation to another email": ["UPDATE reservations SET receipt = 'r5'", [598, "removed"], 2],
  "lets marks say that more are reserved": [
    (db) => db.run("INSERT INTO reservation_marks VALUES ('team', ?, 0), ('team', ?, 3)", NOON - 1, NOON + 1),
    [null, "added"],
    1,
  ],
  "lets marks say that fewer are reserved": [
    (db) =>
      db.run("INSERT INTO reservation_marks VALUES ('team', ?, 0), ('team', ?, -9)", NOON - 1, NOON + 1),
    [null, "removed"],
    1,
  ],
  "plants a claim": [
    (db) => db.run("INSERT INTO claims VALUES ('content:x', 'x', 'no', ?)", NOON + DAY),
    [null, "added"],
    1,
  ],
  "changes a policy text": ["UPDATE policy_texts SET text = 'allow: everything'", [2, "changed"], 1],
  "removes a policy text": ["DELETE FROM policy_texts", [2, "removed"], 1],
  "adds a policy text": ["INSERT INTO policy_texts VALUES ('ab', 'allow: everything')", [null, "changed"], 1],
};

/** Appends the trail that is tampered with. */
export async function appendTamperedTrail(store: TrailStore): Promise<void> {
  const text = "version: 1\n";
  const hash = "09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847";
  const rejected = lifecycle("other", "rejected");
  const others = Array.from({ length: SIZE - 8 }, (_, n) => lifecycle(`r${n}`, "sent"));
  await Promise.all(
    [
      intent("first", { body: "A long text. ".repeat(500) }),
      outcome("first"),
      {
        ...lifecycle("", "sent"),
        kind: "policy" as const,
        receipt: null,
        data: { result: "loaded" as const, files: [{ name: "finance.yaml", hash }] },
        policyTexts: [{ hash, text }],
      },
      { ...rejected, data: { ...rejected.data, by: ERASED.commitment }, sealed: [ERASED] },
      erasure({ commitments: [ERASED.commitment] }),
      ...others,
      intent("second"),
      intent("third", {
        claims: [{ key: "content:third", fingerprint: "third", expiresAt: NOON + 600_000 }],
        reservations: ["team", "assistant"].map((counter) => ({ counter, windowMs: 60_000, max: 5 })),
      }),
      outcome("second", "unknown"),
    ].map((entry) => store.tryAppend(entry)),
  );
}
