import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadPolicies } from "../load_policies.ts";
import { formatProblem } from "../policy_problem.ts";

const OPS = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer, actions: [send, reply] }]
recipients: { internal: [acme.example], external: allow }
hours:
  days: mon-fri
  from: "08:00"
  to: "18:00"
  timezone: Europe/Paris
  outside: schedule
`;

function warningsOf(text: string): readonly string[] {
  const file = { name: "ops.yaml", file: "teams/ops.yaml", bytes: new TextEncoder().encode(text) };
  const result = loadPolicies([file], {
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
  assert.ok(result.ok, JSON.stringify(result));
  return (result.warnings ?? []).map(formatProblem);
}

test("loadPolicies() warns that a reply is not scheduled, where replies may be asked for", () => {
  const [warning, ...others] = warningsOf(OPS);
  assert.match(
    warning ?? "",
    /^teams\/ops\.yaml:11:\d+: A reply outside the hours is refused, not scheduled/,
  );
  assert.deepEqual(others, []);
  assert.deepEqual(warningsOf(OPS.replace("outside: schedule", "outside: deny")), []);
  assert.deepEqual(warningsOf(OPS.replace("[send, reply]", "[send]")), []);
});

test("loadPolicies() warns of attachments that content rules cannot read, and says what becomes of them", () => {
  const text = `${OPS.slice(0, OPS.indexOf("hours:"))}content: { block: [credit_card] }
attachments: { allow: [application/pdf, image/png, application/msword, text/csv] }
`;
  const [png, doc, ...others] = warningsOf(text);
  assert.match(
    png ?? "",
    /^teams\/ops\.yaml:7:\d+: Content rules cannot read "image\/png": .*needs a person.*unscannable: flag/,
  );
  assert.match(doc ?? "", /"application\/msword"/);
  assert.deepEqual(others, []);
  assert.deepEqual(
    warningsOf(text.replace("block: [credit_card]", "block: [credit_card], unscannable: deny")),
    [],
  );
  assert.deepEqual(warningsOf(text.replace(/^content.*$/m, "")), []);
});

test("loadPolicies() warns of a copy that decides about every email", () => {
  const text = `team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
approvers: [lead@acme.example]
assistants: [{ id: writer, actions: [send] }]
recipients: { internal: [acme.example], skip_approval: ["*@acme.example"], deny: ["*@rival.example"] }
compose: { cc: [records@acme.example], bcc: [archive@archive.example] }
`;
  assert.deepEqual(warningsOf(text), [
    'teams/ops.yaml:6:46: Every email waits for approval: "archive@archive.example" gets a copy of it and is not in recipients.skip_approval (compose.bcc)',
  ]);
  assert.deepEqual(warningsOf(text.replace("archive@archive", "archive@acme")), []);
  assert.deepEqual(warningsOf(text.replace('skip_approval: ["*@acme.example"], ', "")), []);
  assert.match(
    warningsOf(text.replace("archive@archive", "Archive+x@rival")).join(),
    /^teams\/ops\.yaml:6:46: Every email is refused: recipients\.deny \(teams\/ops\.yaml:5:83\) has "Archive\+x@rival/,
  );
  for (const change of [
    text
      .replace("internal:", "external: deny, internal:")
      .replace(/skip_approval: \["\*@acme.example"\], /, ""),
    text
      .replace(/skip_approval: \["\*@acme.example"\], /, "")
      .replace("approvers:", "oversight: monitored\napprovers:"),
  ])
    assert.match(
      warningsOf(change).join(),
      /Every email is refused: "archive@archive\.example" .* is outside/,
    );
});

test("loadPolicies() warns of a copy at a domain that may be taken for another one", () => {
  const text = `${OPS.slice(0, OPS.indexOf("hours:"))}compose: { bcc: ["ana@\u0430cme.example"] }\n`;
  assert.match(
    warningsOf(text).join(),
    /:6:18: Every email is refused: "ana@xn--[\w.-]+" gets a copy of it, and its domain may be taken/,
  );
});

/** What a team adds and requires, and whether no email meets it. */
const NEVER: readonly (readonly [yaml: string, wanted: string | undefined])[] = [
  ['compose: { subject_prefix: "[Acme] " }\nrequire: { subject: "^Invoice" }', "require.subject"],
  ['compose: { subject_prefix: "[Acme] " }\nrequire: { subject: "Invoice" }', undefined],
  ['compose: { subject_prefix: "[Acme] " }\nrequire: { subject: "^\\\\[Acme\\\\] \\\\d{6}$" }', undefined],
  ['compose: { subject_prefix: "[Acme] " }\nrequire: { subject: "^\\\\[ACME\\\\]" }', undefined],
  ['compose: { subject_prefix: "[Acme] " }\nrequire: { subject: "^Re: \\\\[Acme" }', undefined],
  ['compose: { footer: Acme SA }\nrequire: { subject: "^Invoice", body: "^Dear" }', undefined],
  [
    'compose: { footer: Acme SA }\nrequire: { body: { pattern: "regards\\\\s*$", wanted: a greeting } }',
    "require.body",
  ],
  ['compose: { footer: Acme SA }\nrequire: { body: "(?m)regards$" }', undefined],
  ['compose: { footer: Acme SA }\nrequire: { body: "(?i)acme sa$" }', undefined],
  ['require: { body: "regards$", subject: "^Invoice" }', undefined],
];

test("loadPolicies() warns of what no email can say because of what the policy adds to it", async (t) => {
  for (const [yaml, wanted] of NEVER)
    await t.test(yaml, () => {
      const found = warningsOf(`${OPS.slice(0, OPS.indexOf("hours:"))}${yaml}\n`);
      if (wanted === undefined) return assert.deepEqual(found, []);
      assert.match(
        found.join(),
        new RegExp(
          `^teams/ops\\.yaml:7:\\d+: Every email .*refused.*teams/ops\\.yaml:6:\\d+.*\\(${wanted}\\)$`,
        ),
      );
    });
});

test("loadPolicies() warns of users at a public provider, and of email that nobody can be counted for", () => {
  const text = OPS.slice(0, OPS.indexOf("hours:")).replace(
    "[{ id: writer, actions: [send, reply] }]",
    `
  - { id: writer, actions: [send] }
  - { id: reader, actions: [inbox] }
  - { id: named, users: { sign_in: required, allow: ["*@acme.example", "*@gmail.com"] } }`,
  );
  const counted = `${text}limits: { per_user: 10/hour }\n`;
  assert.deepEqual(warningsOf(counted), [
    'teams/ops.yaml:7:72: "*@gmail.com" is a public mail provider: anybody can have an address there and could use this assistant (assistants[2].users.allow)',
    'teams/ops.yaml:9:21: All email of "writer" is refused: it is counted by person, and nobody signs in to use it (users) (limits.per_user)',
  ]);
  assert.equal(warningsOf(`${counted}rules: { limits: warn }\n`).length, 1);
});

test("loadPolicies() warns of reminders of which nobody is told", () => {
  const text = OPS.replace("outside: schedule", "outside: deny");
  assert.deepEqual(warningsOf(`${text}approval: { by: [lead@acme.example], remind: 4h }\n`), [
    "teams/ops.yaml:12:46: Nobody is reminded: the team names no channel by which its approvers are told (notify) (approval.remind)",
  ]);
});
