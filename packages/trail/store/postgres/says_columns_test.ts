import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeRecord } from "../../record/encode_record.ts";
import { toIsoTime } from "../../record/to_iso_time.ts";
import { intent, lifecycle, outcome } from "../../testing/entries.ts";
import { type DerivedColumns, saysColumns } from "./_says_columns.ts";

const ENTRIES = {
  allowed: intent("r1"),
  denied: intent("r2", { effect: "deny" }),
  accepted: outcome("r3"),
  refused: outcome("r4", "refused"),
  sent: lifecycle("r5", "sent"),
} as const;

const COLUMNS: Readonly<Record<keyof typeof ENTRIES, Partial<DerivedColumns>>> = {
  allowed: { effect: "allow", isEmail: true },
  denied: { effect: "deny" },
  accepted: { taken: "01HXEMAIL" },
  refused: {},
  sent: {},
};

/** What somebody may have put into a column instead. */
const OTHERS: readonly Partial<DerivedColumns>[] = [
  ...(["at", "kind", "team", "assistant", "receipt", "effect", "taken"] as const).flatMap((name) => [
    { [name]: "other" },
    { [name]: null },
  ]),
  { effect: "allow" },
  { effect: "note" },
  { isEmail: true },
  { isEmail: false },
  { taken: "01HXEMAIL" },
];

test("saysColumns() tells each record's columns from all others", () => {
  for (const name of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) {
    const { at, kind, team, assistant, receipt, policy, data } = ENTRIES[name];
    const json = encodeRecord({ seq: 7, at: toIsoTime(at), kind, team, assistant, receipt, policy, data });
    const none = { effect: null, isEmail: false, taken: null };
    const columns = { ...{ at: toIsoTime(at), kind, team, assistant, receipt }, ...none, ...COLUMNS[name] };
    assert.ok(saysColumns(json, 7, columns), name);
    assert.equal(saysColumns(json, 8, columns), false);
    for (const other of OTHERS) {
      const changed = { ...columns, ...other };
      const isSame = Object.entries(other).every(
        ([key, value]) => columns[key as keyof typeof columns] === value,
      );
      assert.equal(saysColumns(json, 7, changed), isSame, `${name}: ${JSON.stringify(other)}`);
    }
    for (const text of [
      json.replace('"kind":', '"kind": '),
      `${json} `,
      json.replace('"seq":7', '"seq":7.0'),
    ])
      assert.equal(saysColumns(text, 7, columns), false);
  }
});
