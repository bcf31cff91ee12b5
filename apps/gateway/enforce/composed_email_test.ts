import assert from "node:assert/strict";
import { test } from "node:test";
import { comparedCommitments, compareEmail } from "@countersign/lifecycle";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { isOf } from "@countersign/trail";
import { judgeWaiting } from "../judge_again/judge_waiting.ts";
import { settleIntent } from "../reconcile/settle_intent.ts";
import { renderOutcome } from "../rest/render.ts";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import type { Outcome } from "./outcome.ts";

const FOOTER = "Acme SA, registered in Paris, 552 100 554, with a share capital of one million euros";

const SUPPORT = `
team: support
mailbox: { id: mbx-support, address: support@acme.multimail.dev }
oversight: monitored
assistants: [{ id: bot }, { id: helper }]
recipients: { internal: [acme.example, client.example], external: deny }
compose:
  subject_prefix: "[Acme Support] "
  footer: "${FOOTER}"
  cc: [records@acme.example]
  bcc: [archive@acme.example]
`;
const TEAMS: TeamTexts = { "support.yaml": SUPPORT };

const BOT = "support/bot";
const HELPER = "support/helper";
const EMAIL = { to: "jane@client.example", subject: "Your order", body: "It is on its way." };

/** The team's file with more in it, or with one thing changed. */
function teams(more: string, from = "", to = ""): TeamTexts {
  assert.ok(SUPPORT.includes(from));
  return { "support.yaml": `${SUPPORT.replace(from, to)}${more}` };
}

const ANOTHER_FOOTER = teams("", FOOTER, "Another footer");

function receiptOf(outcome: Outcome): string {
  assert.equal(outcome.kind, "taken", JSON.stringify(outcome));
  return outcome.receipt ?? "";
}

function rulesOf(outcome: Outcome): readonly string[] {
  assert.equal(outcome.kind, "denied", JSON.stringify(outcome));
  return outcome.kind === "denied"
    ? outcome.decision.findings.filter(({ effect }) => effect === "deny").map(({ rule }) => rule)
    : [];
}

/** What the trail has of an email: its text, and everybody. */
async function recorded({ world }: TestWorld, receipt: string | null) {
  const intent = (await world.trail.recordsOf(receipt ?? "")).find(isOf("intent"))?.record;
  assert.ok(intent !== undefined);
  const values = await world.trail.unseal(comparedCommitments(intent.data));
  return {
    intent,
    values,
    subject: values.get(intent.data.subject ?? ""),
    body: values.get(intent.data.body ?? ""),
    people: intent.data.recipients.map(
      ({ field, address, composed }) => `${field} ${values.get(address)}${composed ? " +" : ""}`,
    ),
  };
}

/** What left, without MultiMail's own disclosure below the text. */
async function left({ outbox }: TestWorld) {
  return (await outbox()).map(({ to, cc, bcc, subject, markdown, idempotency_key: key }) => ({
    ...{ to, cc, bcc, subject, key },
    markdown: markdown.split("\n\n---")[0],
  }));
}

test("handle() judges, records and sends an email with what its policy adds, and tells what that is", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const outcome = await stack.ask(BOT, EMAIL);
  const receipt = receiptOf(outcome);
  const want = { subject: "[Acme Support] Your order", body: `It is on its way.\n\n${FOOTER}` };
  assert.deepEqual(
    (await left(stack)).map(({ markdown, ...rest }) => ({
      ...rest,
      begins: markdown?.startsWith(want.body),
    })),
    [
      {
        to: ["jane@client.example"],
        cc: ["records@acme.example"],
        bcc: ["archive@acme.example"],
        subject: want.subject,
        key: receipt,
        begins: true,
      },
    ],
  );
  const { intent, values, subject, body, people } = await recorded(stack, receipt);
  assert.deepEqual({ subject, body }, want);
  assert.deepEqual(people, [
    "to jane@client.example",
    "cc records@acme.example +",
    "bcc archive@acme.example +",
  ]);
  assert.deepEqual(intent.data.added, { subject: 15, body: FOOTER.length + 2 });
  const { message } = renderOutcome(outcome, "r").body as { message: string };
  assert.match(
    message,
    /^Accepted for delivery; .*\. Your team's policy added a subject prefix and a footer\. records@acme\.example, archive@acme\.example: Gets a copy, as your team's policy says$/,
  );
  // Read back, it is what was authorised.
  const policy = stack.world.policies().teams.get("support") ?? assert.fail();
  const emailId = outcome.kind === "taken" ? (outcome.emailId ?? "") : "";
  const shown = await stack.multimail.getEmail("mbx-support", emailId);
  const comparison = compareEmail({ intent: intent.data, values, mailbox: policy.mailbox }, shown);
  assert.deepEqual(comparison.differences, []);
  const without = { ...shown, markdown: "It is on its way.", cc: [] };
  assert.deepEqual(
    compareEmail({ intent: intent.data, values, mailbox: policy.mailbox }, without).differences,
    ["body"],
  );
});

test("handle() records an email of a team that adds nothing as ever", async (t) => {
  const stack = await startWorld(t, teams("", SUPPORT.slice(SUPPORT.indexOf("compose:"))));
  const { intent } = await recorded(stack, receiptOf(await stack.ask(BOT, EMAIL)));
  assert.ok(!("added" in intent.data));
  assert.ok(intent.data.recipients.every((recipient) => !("composed" in recipient)));
});

test("handle() adds to a reply what a reply can have, and copies nobody twice", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const inbound = {
    mailbox_id: "mbx-support",
    from: "jane@client.example",
    cc: ["records@acme.example"],
    subject: "Question",
    markdown: "?",
  };
  const { id } = (await stack.control("POST", "/sandbox/inbound", inbound)) as { id: string };
  const receipt = receiptOf(await stack.ask(BOT, { message_id: id, body: "Yes." }));
  const { intent, body, people } = await recorded(stack, receipt);
  assert.equal(body, `Yes.\n\n${FOOTER}`);
  assert.deepEqual(intent.data.added, { subject: 0, body: FOOTER.length + 2 });
  assert.equal(intent.data.subject, null);
  assert.deepEqual(
    people.filter((one) => !one.includes("client")),
    ["participant records@acme.example", "bcc archive@acme.example +"],
  );
  const [email] = await left(stack);
  assert.ok(email?.markdown?.startsWith(`Yes.\n\n${FOOTER}`));
  assert.deepEqual(email?.bcc, ["archive@acme.example"]);
});

test("handle() knows a request again whatever its policy added then and adds now", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const receipt = receiptOf(await stack.ask(BOT, EMAIL));
  const keyed = { ...EMAIL, subject: "Another", idempotency_key: "one" };
  const other = receiptOf(await stack.ask(BOT, keyed));
  const removed = teams("", SUPPORT.slice(SUPPORT.indexOf("compose:")));
  for (const policies of [TEAMS, ANOTHER_FOOTER, removed]) {
    stack.setTeams(policies);
    const again = await stack.ask(BOT, EMAIL);
    assert.deepEqual([again.kind, again.receipt], ["duplicate", receipt]);
    const same = await stack.ask(BOT, keyed);
    assert.deepEqual([same.kind, same.receipt], ["duplicate", other]);
  }
  assert.equal((await left(stack)).length, 2);
  // Another text that ends up as the same email is another request; MultiMail itself knows content for a minute.
  stack.advance(61_000);
  stack.setTeams(TEAMS);
  receiptOf(await stack.ask(BOT, { ...EMAIL, body: `${EMAIL.body}\n\n${FOOTER}` }));
});

for (const point of ["after_intent", "after_send"] as const)
  test(`settleIntent() sends exactly what is on record, once, after a kill ${point} and a new footer`, async (t) => {
    const stack = await startWorld(t, TEAMS);
    const intent = await stack.askAndDie(BOT, EMAIL, point);
    stack.setTeams(
      teams(
        "",
        SUPPORT.slice(SUPPORT.indexOf("compose:")),
        'compose: { subject_prefix: "X ", footer: Y, cc: [z@acme.example] }\n',
      ),
    );
    const restarted = stack.another();
    assert.deepEqual(await settleIntent(intent, restarted), { settled: true });
    const { subject, body } = await recorded(stack, intent.record.receipt);
    const emails = await left(stack);
    assert.equal(emails.length, 1);
    const [email] = emails;
    assert.deepEqual(
      [email?.subject, email?.cc, email?.bcc],
      [subject, ["records@acme.example"], ["archive@acme.example"]],
    );
    assert.equal(email?.key, intent.record.receipt);
    assert.ok(email?.markdown?.startsWith(body ?? "?") && body?.endsWith(FOOTER));
    // Its caller asks again, for longer than the first claims last.
    stack.advance(11 * 60_000);
    const late = await settleIntent(intent, restarted);
    assert.deepEqual(late, { settled: true });
    assert.equal((await left(stack)).length, 1);
  });

for (const point of ["after_intent", "after_send"] as const)
  test(`settleIntent() sends a reply and a scheduled email exactly as recorded, once, after a kill ${point}`, async (t) => {
    const stack = await startWorld(t, TEAMS);
    const inbound = {
      mailbox_id: "mbx-support",
      from: "jane@client.example",
      subject: "Question",
      markdown: "?",
    };
    const { id } = (await stack.control("POST", "/sandbox/inbound", inbound)) as { id: string };
    const reply = { message_id: id, body: "Yes." };
    const later = { ...EMAIL, send_at: "2026-03-02T13:00:00Z" };
    const intents = [await stack.askAndDie(BOT, reply, point), await stack.askAndDie(BOT, later, point)];
    stack.setTeams(ANOTHER_FOOTER);
    const restarted = stack.another();
    for (const intent of intents) assert.deepEqual(await settleIntent(intent, restarted), { settled: true });
    // Whoever asks again, before and after it has left, is told of the same email.
    for (const [index, request] of [reply, later].entries()) {
      const again = await stack.ask(BOT, request, restarted);
      assert.deepEqual([again.kind, again.receipt], ["duplicate", intents[index]?.record.receipt]);
    }
    stack.advance(61 * 60_000);
    const emails = await left(stack);
    assert.equal(emails.length, 2);
    for (const intent of intents) {
      const { subject, body } = await recorded(stack, intent.record.receipt);
      const email = emails.find(({ key }) => key === intent.record.receipt) ?? assert.fail();
      assert.ok(email.markdown?.startsWith(body ?? "?") && body?.endsWith(FOOTER));
      assert.equal(email.subject, subject ?? "Re: Question");
      assert.deepEqual([email.cc, email.bcc], [["records@acme.example"], ["archive@acme.example"]]);
    }
  });

test("handle() sends one of the same requests that come at once to two gateways with two footers", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const before = stack.world.policies();
  stack.setTeams(ANOTHER_FOOTER);
  const old = { ...stack.another(), policies: () => before };
  const asked = await Promise.all(
    Array.from({ length: 8 }, (_, n) => stack.ask(BOT, EMAIL, n % 2 === 0 ? old : stack.another())),
  );
  const receipts = new Set(asked.map(({ receipt }) => receipt));
  assert.equal(receipts.size, 1, JSON.stringify(asked.map(({ kind, receipt }) => [kind, receipt])));
  const [receipt = null] = receipts;
  const [email, ...others] = await left(stack);
  assert.deepEqual(others, []);
  const { body } = await recorded(stack, receipt);
  assert.ok(body !== undefined && email?.markdown?.startsWith(body));
});

test("handle() tells by what was asked for, not by what was composed, whether a key is that of another email", async (t) => {
  const stack = await startWorld(t, TEAMS);
  receiptOf(await stack.ask(BOT, { ...EMAIL, idempotency_key: "one" }));
  const sameInTheEnd = { ...EMAIL, body: `${EMAIL.body}\n\n${FOOTER}`, idempotency_key: "one" };
  const other = await stack.ask(BOT, sameInTheEnd);
  assert.deepEqual(rulesOf(other), ["idempotency"]);
  assert.equal((await left(stack)).length, 1);
});

test("settleIntent() claims anew what was asked for, so that a late repetition is known", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const intent = await stack.askAndDie(BOT, EMAIL, "after_intent");
  stack.advance(11 * 60_000);
  assert.deepEqual(await settleIntent(intent, stack.another()), { settled: true });
  stack.setTeams(ANOTHER_FOOTER);
  const again = await stack.ask(BOT, EMAIL);
  assert.deepEqual([again.kind, again.receipt], ["duplicate", intent.record.receipt]);
  assert.equal((await left(stack)).length, 1);
});

test("judgeWaiting() judges what is on record, and composes nothing anew", async (t) => {
  const gated = (text: TeamTexts): TeamTexts => ({
    "support.yaml": (text["support.yaml"] ?? "").replace(
      "oversight: monitored",
      "oversight: gated_all\napprovers: [lead@acme.example]",
    ),
  });
  const stack = await startWorld(t, gated(TEAMS));
  const receipt = receiptOf(await stack.ask(BOT, EMAIL));
  const world = { ...stack.world, clientsOf: () => [stack.multimail] };
  for (const policies of [ANOTHER_FOOTER, teams("require: { body: million }\n")]) {
    stack.setTeams(gated(policies));
    assert.equal((await judgeWaiting(receipt, world)).result, "stands");
  }
  // What a copy of it may not reach any more does not leave.
  stack.setTeams(gated(teams("", "external: deny", "external: deny, deny: [archive@acme.example]")));
  assert.equal((await judgeWaiting(receipt, world)).result, "cancelled");
});

test("handle() counts a copy for deny and external, and not for limits, first contact, overlap and the allow list", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const denied = async (policies: TeamTexts, email: object = EMAIL) => {
    stack.setTeams(policies);
    return rulesOf(await stack.ask(BOT, { ...EMAIL, ...email }));
  };
  assert.deepEqual(
    await denied(teams("", "external: deny", "external: deny, deny: [archive@acme.example]")),
    ["recipients.deny"],
  );
  assert.deepEqual(await denied(teams("", "archive@acme.example", "archive@elsewhere.example")), [
    "recipients.external",
  ]);
  stack.setTeams(
    teams(
      "limits: { per_recipient: 1/day }\n",
      "external: deny",
      'external: deny, allow: ["*@client.example"], max_per_email: 1',
    ),
  );
  receiptOf(await stack.ask(BOT, EMAIL));
  // The archive has had a copy, and its limit is not used up; nor is it known by that.
  receiptOf(await stack.ask(BOT, { ...EMAIL, to: "john@client.example" }));
  const known = teams("first_contact: deny\n");
  assert.deepEqual(await denied(known, { to: "archive@acme.example", subject: "To the archive" }), [
    "first_contact",
  ]);
  assert.deepEqual(await denied(known, { to: "nobody@client.example" }), ["first_contact"]);
});

test("handle() compares for overlap what assistants wrote, not what the policy added below it", async (t) => {
  const overlap = teams("overlap: { action: deny, similarity: 0.3 }\n");
  const stack = await startWorld(t, overlap);
  receiptOf(await stack.ask(BOT, EMAIL));
  // The same long footer below two different texts, to the same person.
  receiptOf(await stack.ask(HELPER, { ...EMAIL, subject: "Invoice", body: "Please pay by Friday" }));
  assert.deepEqual(rulesOf(await stack.ask(HELPER, EMAIL)), ["overlap"]);
  // Nobody wrote to the archive.
  receiptOf(await stack.ask(HELPER, { ...EMAIL, to: "archive@acme.example" }));
});

test("handle() refuses what does not fit any more with what the policy adds", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const rules = async (email: object) => rulesOf(await stack.ask(BOT, { ...EMAIL, ...email }));
  assert.deepEqual(await rules({ subject: "x".repeat(984) }), ["compose"]);
  assert.deepEqual(await rules({ body: "x ".repeat(131_072) }), ["compose"]);
  assert.deepEqual(await rules({ body: 'Hello <div style="display:none">' }), ["compose"]);
  receiptOf(await stack.ask(BOT, { ...EMAIL, subject: "x".repeat(983) }));
  const many = Array.from({ length: 50 }, (_, n) => `p${n}@acme.example`);
  stack.setTeams(teams("", "external: deny", "external: deny, max_per_email: 100"));
  assert.deepEqual(await rules({ cc: many }), ["compose"]);
});

test("handle() finds in a footer what no email may say", async (t) => {
  const footer = "Pay with 4111 1111 1111 1111";
  const stack = await startWorld(t, teams("content: { block: [credit_card] }\n", FOOTER, footer));
  assert.deepEqual(rulesOf(await stack.ask(BOT, EMAIL)), ["content.block"]);
});

test("handle() adds the organisation's footer to a team that has none", async (t) => {
  const plain = teams("", SUPPORT.slice(SUPPORT.indexOf("compose:")));
  const stack = await startWorld(t, { ...plain, "_organisation.yaml": "compose: { footer: Acme SA }\n" });
  const { body } = await recorded(stack, receiptOf(await stack.ask(BOT, EMAIL)));
  assert.equal(body, `${EMAIL.body}\n\nAcme SA`);
});

test("handle() adds to an email that is scheduled, and to each of a report's", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const outcome = await stack.ask(BOT, { ...EMAIL, send_at: "2026-03-03T12:00:00Z" });
  assert.equal(outcome.kind === "taken" && outcome.status, "scheduled");
  const { subject, people } = await recorded(stack, receiptOf(outcome));
  assert.equal(subject, "[Acme Support] Your order");
  assert.equal(people.length, 3);
});

test("handle() says what is wanted of an email that lacks what the policy requires", async (t) => {
  const more = 'require: { subject: { pattern: "case \\\\d{6}", wanted: the number of the case } }\n';
  const stack = await startWorld(t, teams(more));
  const outcome = await stack.ask(BOT, EMAIL);
  assert.deepEqual(rulesOf(outcome), ["require"]);
  const { error } = renderOutcome(outcome, "r").body as { error: string };
  assert.equal(error, "The subject lacks what your team's policy requires of it: the number of the case");
  receiptOf(await stack.ask(BOT, { ...EMAIL, subject: "Your case 123456" }));
});
