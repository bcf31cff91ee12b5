import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { formatWhere, loadPolicies, type TeamPolicy } from "../policy/mod.ts";
import { explainPolicy } from "./explain_policy.ts";

const OPS = `team: ops
description: Everything else
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev, auto_bcc: archive@acme.example }
oversight: gated_send
approvers: [lead@acme.example]
assistants:
  - { id: writer, actions: [send], recipients: { allow: ["*@client.example"] }, limits: { per_assistant: 2/hour } }
  - { id: other }
recipients:
  internal: [acme.example]
  external: require_approval
  skip_approval: ["*@acme.example"]
  deny: ["*@rival.example"]
content: { block: [credit_card], flag: [{ name: codename, pattern: falcon }] }
attachments: { allow: [application/pdf], max_count: 2, max_bytes: 5MB }
limits: { team: 500/day }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: Europe/Paris, outside: schedule }
overlap: { window: 24h, similarity: 0.6, action: flag }
first_contact: flag
after_outside_mail: { window: 1h, new_external: require_approval }
rules: { overlap: warn }
exceptions:
  - { rule: recipients.external, assistants: [other], reason: Ticket 1, owner: lead@acme.example, expires: 2026-12-31 }
`;

function policy(text: string = OPS): TeamPolicy {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) };
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const result = loadPolicies([file], { sha256 });
  const team = result.ok ? result.policies.teams.get("ops") : undefined;
  if (team === undefined) throw new Error(JSON.stringify(result));
  return team;
}

test("explainPolicy() says who may use an assistant, what proves them, and that the assistant may not be proven", () => {
  const assistants = `assistants:
  - { id: writer, users: { sign_in: required, allow: ["*@acme.example", jane@partner.example], claims: [sales], shared: [bot@acme.example] } }
  - { id: other, users: { sign_in: required, claims: [sales, "a b"], with_key: false } }
limits: { per_user: 10/hour }
`;
  const text = OPS.replace(/assistants:\n(?: {2}- .*\n)+/, assistants).replace(
    "limits: { team: 500/day }\n",
    "",
  );
  const said = explainPolicy(policy(text), { now: 0 }).map(({ text, where }) => `${where.line} ${text}`);
  for (const sentence of [
    '7 Assistant writer is used only by people who sign in: by *@acme.example, jane@partner.example, where the sign-in confirms the address; by whoever is in one of the groups "sales"; by nobody whose address the sign-in does not confirm.',
    "7 Nobody uses assistant writer as bot@acme.example, an account that is shared.",
    "7 Each call must bring the key of assistant writer besides: it proves the assistant, the sign-in the person.",
    "7 Assistant writer may: send, reply, inbox, read, thread, status, cancel. It has no key yet, so it cannot call.",
    '8 Assistant other is used only by people who sign in: by whoever is in one of the groups "sales", "a b".',
    "8 A sign-in is enough to use assistant other, without its key: the assistant is not proven, and the record says so.",
    "8 Assistant other may: send, reply, inbox, read, thread, status, cancel.",
    "9 The team's limit for one person who asks, without whom nothing leaves, is 10/hour.",
  ])
    assert.ok(said.includes(sentence), `${sentence}\n${said.join("\n")}`);
});

test("explainPolicy() says everything that the policy says, each with its line", () => {
  const sentences = explainPolicy(policy(), { now: Date.parse("2026-11-23") });
  const text = sentences.map(({ text, where }) => `${formatWhere(where)} ${text}`).join("\n");
  for (const [line, words] of [
    [3, "ops@acme.multimail.dev, and MultiMail copies all its email to archive@acme.example"],
    [7, "Assistant writer may: send."],
    [7, "Assistant writer may write only to *@client.example"],
    [7, "Assistant writer's limit for one assistant is 2/hour"],
    [4, "A person approves every email before it leaves"],
    [5, "lead@acme.example"],
    [10, "Our own people are at *@acme.example"],
    [11, "leaves only after a person's approval"],
    [12, "Email only to *@acme.example leaves without approval"],
    [13, "Nobody may ever write to *@rival.example"],
    [14, "No email may hold credit_card"],
    [14, '"codename" (falcon)'],
    [15, "Up to 2 files of 5,000,000 bytes"],
    [16, "500/day"],
    [17, "Monday, Tuesday, Wednesday, Thursday, Friday from 08:00 to 18:00 (Europe/Paris)"],
    [18, "24 h"],
    [19, "never wrote to or heard from"],
    [20, "1 h"],
    [21, "The rule overlap only warns"],
    [23, "Until 2026-12-31 the rule recipients.external does not stop other: Ticket 1"],
  ] as const) {
    assert.match(
      text,
      new RegExp(`^teams/ops\\.yaml:${line}:\\d+ .*${words.replaceAll(/[.*()[\]]/g, "\\$&")}`, "m"),
    );
  }
});

test("explainPolicy() says how far ahead email may be scheduled, by the hours too", () => {
  const said = (text: string) =>
    explainPolicy(policy(text), { now: Date.parse("2026-11-23") }).find(({ text }) =>
      text.includes(" ahead "),
    )?.text;
  assert.equal(
    said(OPS),
    "Email may be scheduled 30d ahead at most; where the hours would schedule it for later, it is refused.",
  );
  assert.equal(
    said(OPS.replace("outside: schedule", "outside: deny")),
    "Email may be scheduled 30d ahead at most.",
  );
});

test("explainPolicy() excepts nobody from approval whom the policy does not name", () => {
  const now = Date.parse("2026-11-23");
  const oversight = (text: string) =>
    explainPolicy(policy(text), { now }).find((sentence) => sentence.text.startsWith("A person approves"))
      ?.text;
  assert.equal(oversight(OPS), "A person approves every email before it leaves, except to *@acme.example.");
  const without = OPS.replace(/^ {2}skip_approval: .*\n/m, "");
  assert.equal(oversight(without), "A person approves every email before it leaves.");
  for (const text of [OPS, without])
    assert.ok(explainPolicy(policy(text), { now }).every((sentence) => !/\bbelow\b/.test(sentence.text)));
});

test("explainPolicy() leaves out exceptions that have ended, and other assistants when asked for one", () => {
  const ops = policy();
  const ended = explainPolicy(ops, { now: Date.parse("2027-01-01") });
  assert.ok(!ended.some(({ text }) => text.includes("Ticket 1")));
  const writer = ops.assistants.get("writer");
  assert.ok(writer);
  const one = explainPolicy(ops, { now: Date.parse("2026-11-23"), assistant: writer });
  assert.ok(!one.some(({ text }) => text.includes("Assistant other")));
});

test("explainPolicy() names groups and roles, and says where they are used and defined", () => {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const team = OPS.replace("[lead@acme.example]", "[role:leads]").replace(
    'deny: ["*@rival.example"]',
    "deny: [group:rivals]\n  allow: [group:rivals, a@b.example]",
  );
  const organisation =
    'groups: { rivals: ["*@rival.example", "*@foe.example"] }\nroles: { leads: [Lead@acme.example] }\n';
  const loaded = loadPolicies([file("ops.yaml", team), file("_organisation.yaml", organisation)], {
    sha256: () => "",
  });
  const linked = loaded.ok ? loaded.policies.teams.get("ops") : assert.fail(JSON.stringify(loaded));
  const lines = explainPolicy(linked ?? assert.fail(), { now: 0 }).map(
    ({ text, where }) => `${formatWhere(where)} ${text}`,
  );
  for (const line of [
    "teams/ops.yaml:5:12 These people may approve: lead@acme.example.",
    "teams/ops.yaml:13:10 Nobody may ever write to *@foe.example (group:rivals, teams/_organisation.yaml:1:39).",
    "teams/ops.yaml:14:10 Only group:rivals, a@b.example may be written to.",
    "teams/_organisation.yaml:2:17 role:leads (used at teams/ops.yaml:5:13) stands for lead@acme.example.",
    "teams/_organisation.yaml:1:19 group:rivals (used at teams/ops.yaml:14:11, teams/ops.yaml:13:10) stands for *@rival.example, *@foe.example.",
  ])
    assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
});

test("explainPolicy() says what every email gets, and what is refused without it, with their lines", () => {
  const composed = policy(
    `${OPS}compose: { subject_prefix: "[Ops] ", footer: Acme SA, bcc: [archive@client.example] }\nrequire: { subject: case, body: { pattern: "FIN-", wanted: a ticket } }\n`,
  );
  const sentences = explainPolicy(composed, { now: Date.parse("2026-11-23") });
  const find = (words: string) => sentences.find(({ text }) => text.includes(words));
  assert.equal(find("begins with")?.text, 'The subject of every email but a reply begins with "[Ops] ".');
  assert.equal(find("footer")?.text, 'Every email ends with the footer "Acme SA".');
  assert.equal(find("in copy")?.text, "Every email goes in copy to archive@client.example (Bcc).");
  assert.equal(
    find("subject, unless")?.text,
    'An email is refused whose subject, unless it is a reply, lacks "case".',
  );
  assert.equal(find("text lacks")?.text, 'An email is refused whose text lacks "a ticket" (FIN-).');
  assert.equal(find("in copy")?.where.line, find("begins with")?.where.line);
  assert.ok(sentences.some(({ text }) => text === "A person approves every email before it leaves."));
});

test("explainPolicy() says who must approve what, in what time, in whose place, and what that cannot promise", () => {
  const text = OPS.replace(
    "approvers: [lead@acme.example]",
    `approval:
  by: [lead@acme.example, cfo@acme.example]
  needed: 2
  reason: always
  expires: 48h
  remind: 4h
  escalate: { after: 24h, to: [head@acme.example] }
  classes: [{ when: { content: [iban], attachments: true }, by: [cfo@acme.example] }]
delegates:
  - { from: lead@acme.example, to: deputy@acme.example, until: 2026-12-31, reason: Leave }
  - { from: cfo@acme.example, to: other@acme.example, until: 2026-11-22, reason: Over }`,
  );
  const sentences = explainPolicy(policy(text), { now: Date.parse("2026-11-23T12:00:00Z") }).map(
    ({ text, where }) => `${where.line} ${text}`,
  );
  const start = sentences.findIndex((sentence) => sentence.includes("must approve"));
  assert.deepEqual(sentences.slice(start, start + 8), [
    "7 2 different people of these must approve: lead@acme.example, cfo@acme.example.",
    "12 Email of this kind needs, besides, the approval of 1 of cfo@acme.example, and is refused where it would not be held: content: iban; attachments.",
    "7 Whoever decides must say why.",
    "10 They are reminded of what waits every 4h.",
    "11 When nobody decided within 24h, these may approve too, as one of them: head@acme.example.",
    "9 Email on which nobody decided within 48h is taken back.",
    "14 Until 2026-12-31 deputy@acme.example decides in the place of lead@acme.example (Leave); the two count as one.",
    "7 All of this binds who decides in the console; whoever may use MultiMail's dashboard can pass by it, which is recorded and an alarm, and not prevented.",
  ]);
});

test("explainPolicy() says by which channel people are told, when, and that it is never what is in an email", () => {
  const text = `notify: { channels: { chat: { kind: slack, url_env: NOTIFY_CHAT }, mail: { kind: email, mailbox: { id: n, address: n@acme.example } } } }\n`;
  const files = [
    { name: "ops.yaml", text: OPS.replace("approvers:", "notify: [chat, mail]\napprovers:") },
    { name: "_organisation.yaml", text },
  ].map(({ name, text }) => ({ name, file: name, bytes: new TextEncoder().encode(text) }));
  const loaded = loadPolicies(files, { sha256: () => "" });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const { teams, organisation } = loaded.policies;
  const ops = teams.get("ops");
  assert.ok(ops && organisation);
  const told = (channels = organisation.channels) =>
    explainPolicy(ops, { now: 0, channels }).flatMap(({ text }) => (/are told/.test(text) ? [text] : []));
  assert.deepEqual(told(), [
    "They are told by the channel chat (Slack) as soon as email waits, and never what is in it.",
    "They are told by the channel mail (email) of email that has waited for 15 minutes, and never what is in it.",
  ]);
  assert.match(told(new Map())[1] ?? "", /by the channel mail as soon/, "nobody knows what it is");
});
