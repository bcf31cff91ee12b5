import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { test } from "node:test";
import { type DriftData, driftEntry, isAppliedChange, verifyTrail } from "@countersign/trail";
import { createTrail, NOON, POLICY } from "../testing/create_trail.ts";
import { runCommands } from "../testing/run_commands.ts";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";

const cwd = tempFolder();
const none = tempFolder();
// It stays open while the commands write, as a gateway's does.
const trail = await createTrail(cwd, OPS);
for (const [team, mailbox] of [
  ["ops", "mbx-ops"],
  ["sales", "mbx-sales"],
] as const) {
  const stopped = { result: "stopped", mailbox, settings: ["to"], because: `rcp_${team}` } as const;
  await trail.append(driftEntry(stopped, { at: NOON, team, receipt: null, policy: POLICY }));
}

const results = await runCommands(
  [
    ["clear", "mbx-ops"],
    ["clear", "mbx-ops", "--reason", "  "],
    ["clear", "mbx-ops", "--reason", "x".repeat(1_001)],
    ["clear", "mbx-none", "--reason", "Looked at it"],
    ["clear", "mbx-ops", "--reason", "Nobody got it, asked joe@acme.example", "--by", "Ann \u001b[31mLee"],
    ["clear", "mbx-ops", "--reason", "Again"],
    ["clear", "mbx-sales", "--reason", "Ticket 7", "--json"],
    ["clear", "mbx-sales", "--reason", "Ticket 7", "--json"],
  ].map((args) => ({ args: ["mailbox", ...args], cwd })),
);
const [inNone] = await runCommands([{ args: ["mailbox", "clear", "m", "--reason", "x"], cwd: none }]);
const drift: { record: { team: string | null }; data: DriftData }[] = [];
for await (const { record } of trail.records({ kind: "drift" })) {
  const { data } = record;
  if (!isAppliedChange(data)) drift.push({ record, data });
}
const cleared = drift.filter(({ data }) => data.result === "cleared");
const values = await trail.unseal(
  cleared.flatMap(({ data: { by, reason } }) => [by, reason].filter((one) => one !== null)),
);
const isWhole = (await verifyTrail(trail)).ok;
await trail.close();

test("mailbox clear wants a reason", () => {
  for (const [index, message] of [
    /--reason <text>" not specified/,
    /a text of 1 to/,
    /a text of 1 to/,
  ].entries()) {
    assert.equal(results[index]?.code, 64);
    assert.match(results[index]?.stderr ?? "", message);
  }
});

test("mailbox clear clears only what is stopped, and names what is", () => {
  assert.equal(results[3]?.code, 1);
  assert.match(
    results[3]?.stderr ?? "",
    /^Cannot clear mailbox "mbx-none": it has no alarm, these have one: mbx-ops, mbx-sales\n$/,
  );
  assert.equal(results[4]?.code, 0);
  assert.match(results[4]?.stdout ?? "", /^Mailbox mbx-ops of team ops may send again/);
  assert.equal(results[5]?.code, 1);
  assert.deepEqual(JSON.parse(results[6]?.stdout ?? ""), {
    mailbox: "mbx-sales",
    team: "sales",
    receipt: "rcp_sales",
    cleared: true,
  });
  assert.deepEqual(JSON.parse(results[7]?.stdout ?? ""), {
    error: 'Cannot clear mailbox "mbx-sales": it has no alarm, none has',
  });
  assert.match(inNone?.stderr ?? "", /^Cannot find a trail at /);
});

test("mailbox clear puts on record who and why, sealed", () => {
  assert.deepEqual(
    cleared.map(({ record, data: { mailbox, because, by, reason } }) => [
      record.team,
      mailbox,
      because,
      values.get(by ?? ""),
      values.get(reason ?? ""),
    ]),
    [
      ["ops", "mbx-ops", "rcp_ops", "Ann \u001b[31mLee", "Nobody got it, asked joe@acme.example"],
      ["sales", "mbx-sales", "rcp_sales", userInfo().username, "Ticket 7"],
    ],
  );
  assert.ok(!JSON.stringify(cleared).includes("joe@"));
  assert.ok(isWhole);
});
