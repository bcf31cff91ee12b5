import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { appliedChangeEntry } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { createLog } from "../log.ts";
import { MailboxAlarms } from "./mailbox_alarms.ts";

const POLICIES = linkTeams({
  "ops.yaml": `team: ops
mailbox: { id: m-ops, address: ops@acme.example }
oversight: gated_all
approvers: [lead@acme.example]
assistants: []
`,
});

test("MailboxAlarms does not take a change that somebody applied for the end of a difference", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "alarms-"));
  const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
  t.after(async () => {
    await trail.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const policy = POLICIES.teams.get("ops") ?? assert.fail();
  const options = { policies: () => POLICIES, trail, clock: Date.now, log: createLog("silent") };
  const declared = { oversight: "gated_all", allowlist: [], active: true, seenAt: Date.now() };
  const first = new MailboxAlarms(options);
  first.compare(policy, { ...declared, oversight: "autonomous" });
  await first.stop();
  await trail.append(
    appliedChangeEntry(
      {
        ...{ result: "applied", mailbox: "m-ops", setting: "mailbox.mode" },
        ...{ declared: "gated_all", live: "autonomous", by: "ann" },
      },
      { at: Date.now(), team: "ops", policy: POLICIES.hash },
    ),
  );
  const next = new MailboxAlarms(options);
  await next.start();
  next.compare(policy, declared);
  await next.stop();
  const results: string[] = [];
  for await (const { record } of trail.records({ kind: "drift" })) results.push(record.data.result);
  assert.deepEqual(results, ["differs", "applied", "ends"]);
});
