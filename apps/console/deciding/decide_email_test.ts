import assert from "node:assert/strict";
import { test } from "node:test";
import { receiptState, shownCommitments } from "@countersign/lifecycle";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { until } from "@countersign/lifecycle/testing/until";
import { type DecidingStack, startDeciding } from "../testing/start_deciding.ts";
import { decideEmail } from "./decide_email.ts";

const FINANCE = `
team: finance
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_all
approval:
  by: [lead@acme.example, deputy@acme.example]
  classes:
    - { when: { recipients: ["*@bank.example"] }, needed: 2, by: [cfo@acme.example, lead@acme.example] }
assistants:
  - { id: chaser, actions: [send, reply, status, cancel], keys: ["KEY"] }
recipients: { internal: [acme.example], external: require_approval }
attachments: { allow: [text/csv] }
`;

const TEAMS: TeamTexts = { "finance.yaml": FINANCE };

const EMAIL = { to: "jane@client.example", subject: "Invoice 7", body: "Please pay." };

async function stateOf({ trail, recordsOf }: DecidingStack, receipt: string) {
  const records = await recordsOf(receipt);
  return receiptState(records, await trail.unseal(shownCommitments(records)));
}

async function kindsOf({ recordsOf }: DecidingStack, receipt: string) {
  return (await recordsOf(receipt)).flatMap(({ record }) =>
    record.kind === "approval"
      ? [`approval ${record.data.decision}`]
      : record.kind === "lifecycle" && record.data.event !== "unknown"
        ? [record.data.event]
        : [],
  );
}

test("decideEmail() approves what was shown: durable first, then at MultiMail, then its answer, and the email leaves once", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const shown = await stack.shown(receipt, "lead@acme.example");
  const decided = await decideEmail({ ...shown, verdict: "approve" }, stack.deciding.world);
  assert.deepEqual(decided, { kind: "decided", verdict: "approve", progress: "carried_out" });
  assert.equal((await stack.outbox()).length, 1);
  const state = await stateOf(stack, receipt);
  assert.equal(state?.approvedBy, "lead@acme.example");
  const kinds = await kindsOf(stack, receipt);
  assert.ok(kinds.indexOf("approval approve") < kinds.indexOf("approved"), kinds.join());
  assert.deepEqual(await decideEmail({ ...shown, verdict: "reject", reason: "Late" }, stack.deciding.world), {
    kind: "not_held",
    reason: "gone",
  });
});

test("decideEmail() rejects with a reason that reaches the assistant, and asks for changes by another name", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const { world } = stack.deciding;
  for (const [verdict, status] of [
    ["reject", "rejected"],
    ["changes", "changes_asked"],
  ] as const) {
    const receipt = await stack.hold("finance/chaser", { ...EMAIL, subject: `Invoice ${verdict}` });
    const shown = await stack.shown(receipt, "lead@acme.example");
    const silent = await decideEmail({ ...shown, verdict }, world);
    assert.ok(silent.kind === "refused");
    assert.match(silent.why, /^Say why: the policy wants a reason \(teams\/finance\.yaml:\d+/);
    const decided = await decideEmail({ ...shown, verdict, reason: "Name the invoice" }, world);
    assert.ok(decided.kind === "decided" && decided.progress === "carried_out");
    const state = await stateOf(stack, receipt);
    assert.deepEqual([state?.status, state?.message], [status, "Name the invoice"]);
  }
  assert.deepEqual(await stack.outbox(), []);
});

test("decideEmail() lets nobody decide whom the policy does not name, and nothing that was not shown be approved", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const { world } = stack.deciding;
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const stranger = await stack.shown(receipt, "mallory@acme.example");
  for (const verdict of ["approve", "reject"] as const) {
    const decided = await decideEmail({ ...stranger, verdict, reason: "x" }, world);
    assert.ok(decided.kind === "refused");
    assert.match(decided.why, /^Only lead@acme\.example .* may decide/);
  }
  const lead = await stack.shown(receipt, "lead@acme.example");
  const other = "0".repeat(64);
  assert.deepEqual(await decideEmail({ ...lead, content: other, verdict: "approve" }, world), {
    kind: "changed",
    what: "content",
  });
  assert.deepEqual(await decideEmail({ ...lead, judgement: other, verdict: "approve" }, world), {
    kind: "changed",
    what: "judgement",
  });
  stack.setTeams({ "finance.yaml": `${FINANCE.replace("KEY", `sha256:${"0".repeat(64)}`)}# seen to\n` });
  assert.deepEqual(await decideEmail({ ...lead, verdict: "approve" }, world), {
    kind: "changed",
    what: "judgement",
  });
  const closed = FINANCE.replace("KEY", `sha256:${"0".repeat(64)}`).replace("require_approval", "deny");
  stack.setTeams({ "finance.yaml": closed });
  const denied = await decideEmail(
    { ...(await stack.shown(receipt, "lead@acme.example")), verdict: "approve" },
    world,
  );
  assert.ok(denied.kind === "denied");
  assert.match(denied.findings[0]?.rule ?? "", /^recipients/);
  assert.deepEqual(
    await kindsOf(stack, receipt).then((kinds) => kinds.filter((kind) => kind !== "held")),
    [],
  );
  assert.deepEqual(await stack.outbox(), []);
});

test("decideEmail() wants as many different people as each requirement does, and the first approval does not send", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const { world } = stack.deciding;
  const receipt = await stack.hold("finance/chaser", { ...EMAIL, to: "jane@bank.example" });
  const approve = async (address: string) =>
    decideEmail({ ...(await stack.shown(receipt, address)), verdict: "approve" }, world);
  assert.deepEqual(await approve("lead@acme.example"), {
    kind: "decided",
    verdict: "approve",
    progress: "waits_for_others",
  });
  const again = await approve("lead@acme.example");
  assert.ok(again.kind === "refused");
  assert.match(again.why, /^You have approved it already/);
  assert.deepEqual(await stack.outbox(), []);
  const last = await approve("cfo@acme.example");
  assert.ok(last.kind === "decided" && last.progress === "carried_out", JSON.stringify(last));
  assert.equal((await stack.outbox()).length, 1);
  const counts = (await stack.recordsOf(receipt)).flatMap(({ record }) =>
    record.kind === "approval" ? [record.data.counts.map(({ number, needed }) => `${number}/${needed}`)] : [],
  );
  assert.deepEqual(counts, [["1/1", "1/2"], ["2/2"]]);
});

test("decideEmail() lets one of several deciders in the same second win, and sends once", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const another = await stack.openAnother();
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const [lead, deputy] = [
    await stack.shown(receipt, "lead@acme.example"),
    await stack.shown(receipt, "deputy@acme.example"),
  ];
  const results = await Promise.all([
    decideEmail({ ...lead, verdict: "approve" }, stack.deciding.world),
    decideEmail({ ...deputy, verdict: "approve" }, another.world),
    decideEmail({ ...deputy, verdict: "reject", reason: "No" }, stack.deciding.world),
  ]);
  const decided = results.filter(({ kind }) => kind === "decided");
  assert.equal(decided.length, 1, JSON.stringify(results));
  const approvals = (await kindsOf(stack, receipt)).filter((kind) => kind.startsWith("approval"));
  assert.equal(approvals.length, 1);
  assert.equal((await stack.outbox()).length, approvals[0] === "approval approve" ? 1 : 0);
});

test("decideEmail() approves nothing whose files are others at MultiMail, and stops the mailbox", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const attachments = [{ name: "q.csv", content_type: "text/csv", content_base64: "YSxiCjEsMgo=" }];
  const receipt = await stack.hold("finance/chaser", { ...EMAIL, attachments });
  const shown = await stack.shown(receipt, "lead@acme.example");
  const { world } = stack.deciding;
  const swapped = {
    ...world,
    clientFor: (policy: Parameters<typeof world.clientFor>[0]) => {
      const client = world.clientFor(policy);
      if (client === undefined) return undefined;
      return Object.assign(Object.create(client), {
        getEmail: client.getEmail.bind(client),
        decide: client.decide.bind(client),
        getAttachment: async () => ({
          kind: "bytes",
          contentType: "text/csv",
          bytes: Buffer.from("a,b\n9,9\n"),
        }),
      });
    },
  };
  assert.deepEqual(await decideEmail({ ...shown, verdict: "approve" }, swapped), {
    kind: "differs",
    differences: ["attachments"],
  });
  assert.deepEqual(await stack.outbox(), []);
  const denied = await decideEmail({ ...shown, verdict: "approve" }, world);
  assert.ok(denied.kind === "denied" || denied.kind === "changed", JSON.stringify(denied));
});

test("DecisionFinisher carries out what a console that died had decided, before or after it told MultiMail, once", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const { world, finisher, waiting } = stack.deciding;
  for (const point of ["after_approval", "after_decide"] as const) {
    const receipt = await stack.hold("finance/chaser", { ...EMAIL, subject: `Invoice ${point}` });
    const shown = await stack.shown(receipt, "lead@acme.example");
    const dying = {
      ...world,
      failPoint: (passed: string) => {
        if (passed === point) throw new Error("killed");
      },
    };
    await assert.rejects(decideEmail({ ...shown, verdict: "approve" }, dying), /killed/);
    await waiting.follow();
    await finisher.pass();
    const before = (await stack.outbox()).length;
    assert.equal(before, point === "after_approval" ? 0 : 2, "who decided may still be at it");
    stack.advance(31_000);
    await waiting.follow();
    await finisher.pass();
    await until(async () => (await kindsOf(stack, receipt)).includes("approved"));
    assert.equal((await stack.outbox()).length, point === "after_approval" ? 1 : 2);
    const approvals = (await kindsOf(stack, receipt)).filter((kind) => kind.startsWith("approval"));
    assert.deepEqual(approvals, ["approval approve"]);
  }
});

test("DecisionFinisher sends nothing by the approval of somebody who left, and others are asked anew", async (t) => {
  const hours = `hours: { timezone: UTC, windows: [{ days: mon-sun, from: "00:00", to: "23:59" }] }\n`;
  const stack = await startDeciding(t, { "finance.yaml": `${FINANCE}${hours}` });
  const { world, finisher, waiting } = stack.deciding;
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const midnight = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000;
  stack.advance(midnight - 30_000 - Date.now());
  const lead = await stack.shown(receipt, "lead@acme.example");
  const kept = await decideEmail({ ...lead, verdict: "approve" }, world);
  assert.ok(kept.kind === "decided" && kept.progress === "kept");
  await waiting.follow();
  assert.ok(waiting.get(receipt)?.decided !== undefined);
  const left = `${FINANCE}${hours}`
    .replace("KEY", `sha256:${"0".repeat(64)}`)
    .replace("by: [lead@acme.example, deputy", "by: [deputy");
  stack.setTeams({ "finance.yaml": left });
  stack.advance(31_000);
  await finisher.pass();
  assert.deepEqual(await stack.outbox(), []);
  assert.equal(waiting.get(receipt)?.decided, undefined, "it waits for people again");
  const deputy = await stack.shown(receipt, "deputy@acme.example");
  const decided = await decideEmail({ ...deputy, verdict: "approve" }, world);
  assert.ok(decided.kind === "decided" && decided.progress === "carried_out", JSON.stringify(decided));
  assert.equal((await stack.outbox()).length, 1);
});

test("DecisionFinisher keeps an approval outside the hours until they open", async (t) => {
  const hours = `hours: { timezone: UTC, windows: [{ days: mon-sun, from: "00:00", to: "23:59" }] }\n`;
  const stack = await startDeciding(t, { "finance.yaml": `${FINANCE}${hours}` });
  const { world, finisher, waiting } = stack.deciding;
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const midnight = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400_000;
  stack.advance(midnight - 30_000 - Date.now());
  const shown = await stack.shown(receipt, "lead@acme.example");
  const decided = await decideEmail({ ...shown, verdict: "approve" }, world);
  assert.deepEqual(decided, { kind: "decided", verdict: "approve", progress: "kept", due: midnight });
  await waiting.follow();
  await finisher.pass();
  assert.deepEqual(await stack.outbox(), []);
  stack.advance(31_000);
  await finisher.pass();
  assert.equal((await stack.outbox()).length, 1);
  assert.ok((await kindsOf(stack, receipt)).includes("released"));
});

test("an approval that does not meet what is required when it is carried out lapses, once, and the email waits for people again", async (t) => {
  const stack = await startDeciding(t, TEAMS);
  const { world, finisher, waiting } = stack.deciding;
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const shown = await stack.shown(receipt, "lead@acme.example");
  const failPoint = () => {
    throw new Error("killed");
  };
  const takenAt = world.clock();
  await assert.rejects(decideEmail({ ...shown, verdict: "approve" }, { ...world, failPoint }), /killed/);
  await waiting.follow();
  assert.equal(waiting.get(receipt)?.approvals.length, 1);
  // Two must approve now.
  const two = FINANCE.replace("approval:\n", "approval:\n  needed: 2\n").replace('"KEY"', "");
  stack.setTeams({ "finance.yaml": two });
  stack.advance(31_000);
  for (let n = 0; n < 2; n++) {
    await finisher.pass();
    await waiting.follow();
  }
  assert.deepEqual(await kindsOf(stack, receipt), ["approval approve", "lapsed"]);
  assert.deepEqual(await stack.outbox(), []);
  assert.equal(waiting.get(receipt)?.approvals.length, 0);
  // Whoever was killed may have told MultiMail: nothing opposite is told it for a while, and people hear how long.
  const early = await stack.shown(receipt, "deputy@acme.example");
  const refused = await decideEmail({ ...early, verdict: "reject", reason: "Paid" }, world);
  assert.ok(refused.kind === "taken", JSON.stringify(refused));
  const over = (refused.until ?? 0) - takenAt;
  assert.ok(over >= 120_000 && over < 150_000, String(refused.until));
  stack.advance(over - 31_000);
  for (const [address, progress] of [
    ["deputy@acme.example", "waits_for_others"],
    ["lead@acme.example", "carried_out"],
  ] as const) {
    const again = await stack.shown(receipt, address);
    const decided = await decideEmail({ ...again, verdict: "approve" }, world);
    assert.deepEqual(decided, { kind: "decided", verdict: "approve", progress }, address);
  }
  assert.equal((await stack.outbox()).length, 1);
});
