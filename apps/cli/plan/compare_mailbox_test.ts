import assert from "node:assert/strict";
import { test } from "node:test";
import type { TeamPolicy } from "@countersign/core/policy";
import { loadTeams } from "@countersign/host";
import type { Mailbox } from "@countersign/multimail";
import { OPS } from "../testing/team_files.ts";
import { tempFolder } from "../testing/temp_folder.ts";
import { compareMailbox } from "./compare_mailbox.ts";
import type { LiveTeam } from "./read_live.ts";

const MAILBOX: Mailbox = {
  id: "mbx-ops",
  address: "ops@acme.multimail.dev",
  oversightMode: "gated_send",
  autoCc: null,
  autoBcc: null,
  isActive: true,
};

async function opsPolicy(text: string = OPS): Promise<TeamPolicy> {
  const loaded = await loadTeams(`${tempFolder({ "teams/ops.yaml": text })}/teams`);
  const policy = loaded.ok ? loaded.policies.teams.get("ops") : undefined;
  assert.ok(policy !== undefined);
  return policy;
}

function seen(changes: Partial<Mailbox> = {}, patterns: readonly string[] = ["*@acme.example"]): LiveTeam {
  const allowlist = patterns.map((pattern, index) => ({ id: `entry-${index}`, pattern }));
  return { kind: "seen", mailbox: { ...MAILBOX, ...changes }, allowlist };
}

/** What differs, without its place. */
function shown(policy: TeamPolicy, live: LiveTeam): readonly unknown[] {
  return compareMailbox(policy, live).map(({ setting, declared, live, effect, change }) => [
    setting,
    declared,
    live,
    effect,
    change?.kind ?? null,
  ]);
}

test("compareMailbox() finds nothing where MultiMail is as declared, however it writes it", async () => {
  const policy = await opsPolicy();
  assert.deepEqual(shown(policy, seen()), []);
  assert.deepEqual(shown(policy, seen({ address: "OPS@acme.multimail.dev" }, ["*@ACME.example"])), []);
});

test("compareMailbox() tells what lets out less from what lets out more", async () => {
  const policy = await opsPolicy();
  const cases: Record<string, [LiveTeam, unknown[]]> = {
    "a looser mode": [
      seen({ oversightMode: "autonomous" }),
      ["oversight", "gated_send", "autonomous", "stricter", "tighten"],
    ],
    "a stricter mode": [
      seen({ oversightMode: "read_only" }),
      ["oversight", "gated_send", "read_only", "looser", "loosen"],
    ],
    "a mode that nobody knows": [
      seen({ oversightMode: "yolo" }),
      ["oversight", "gated_send", "yolo", "stricter", "tighten"],
    ],
    "an undeclared entry": [
      seen({}, ["*@acme.example", "*@evil.example"]),
      ["recipients.skip_approval", null, "*@evil.example", "stricter", "disallow"],
    ],
    "an entry that is no pattern": [
      seen({}, ["*@acme.example", "*"]),
      ["recipients.skip_approval", null, "*", "stricter", "disallow"],
    ],
    "a missing entry": [
      seen({}, []),
      ["recipients.skip_approval", "*@acme.example", null, "looser", "allow"],
    ],
    "a blind copy": [
      seen({ autoBcc: "spy@evil.example" }),
      ["mailbox.auto_bcc", null, "spy@evil.example", "stricter", "copy"],
    ],
    "another address": [
      seen({ address: "oops@acme.multimail.dev" }),
      ["mailbox.address", "ops@acme.multimail.dev", "oops@acme.multimail.dev", "by_hand", null],
    ],
    "a mailbox that is not active": [
      seen({ isActive: false }),
      ["mailbox.id", "active", "not active", "by_hand", null],
    ],
  };
  for (const [name, [live, want]] of Object.entries(cases))
    assert.deepEqual(shown(policy, live), [want], name);
});

test("compareMailbox() asks before somebody gets copies, also where another one got them", async () => {
  const policy = await opsPolicy(OPS.replace("dev }", "dev, auto_bcc: archive@acme.example }"));
  const want = (live: string | null) => [
    ["mailbox.auto_bcc", "archive@acme.example", live, "looser", "copy"],
  ];
  assert.deepEqual(shown(policy, seen()), want(null));
  assert.deepEqual(shown(policy, seen({ autoBcc: "x@acme.example" })), want("x@acme.example"));
  assert.deepEqual(shown(policy, seen({ autoBcc: "Archive@Acme.example" })), []);
});

test("compareMailbox() creates a missing mailbox only where the account can have its address", async () => {
  const policy = await opsPolicy();
  const account = { id: "a", slug: "acme" };
  assert.deepEqual(shown(policy, { kind: "missing", account }), [
    ["mailbox", "ops@acme.multimail.dev", null, "looser", "create_mailbox"],
  ]);
  for (const slug of ["other", "acme.multimail.dev"]) {
    assert.deepEqual(shown(policy, { kind: "missing", account: { id: "a", slug } }), [
      ["mailbox.id", "mbx-ops", null, "by_hand", null],
    ]);
  }
  const namesake = { ...MAILBOX, id: "01KOTHER" };
  assert.deepEqual(shown(policy, { kind: "missing", account, namesake }), [
    ["mailbox.id", "mbx-ops", "01KOTHER", "by_hand", null],
  ]);
});

test("compareMailbox() names the line that declares it", async () => {
  const [difference] = compareMailbox(await opsPolicy(), seen({ oversightMode: "autonomous" }));
  assert.match(difference?.where ?? "", /ops\.yaml:5:12$/);
});
