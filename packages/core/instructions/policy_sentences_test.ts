import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loadPolicies } from "../policy/mod.ts";
import { assistantInstructions } from "./assistant_instructions.ts";
import { policySentences } from "./policy_sentences.ts";

const BASE = {
  team: "finance",
  description: "Invoices",
  mailbox: { id: "01KJ1NHN8J5Q0V4Y8Z3T6R2W9C", address: "finance@acme.multimail.dev" },
  oversight: "gated_all",
  approvers: ["lead@acme.example"],
  assistants: [{ id: "bot", keys: [] }],
  recipients: { internal: ["acme.example"] },
};

function load(changes: Record<string, unknown>) {
  // JSON is YAML.
  const bytes = Buffer.from(JSON.stringify({ ...BASE, ...changes }));
  const result = loadPolicies([{ name: "finance.yaml", file: "teams/finance.yaml", bytes }], {
    sha256: (content) => createHash("sha256").update(content).digest("hex"),
  });
  assert.ok(result.ok, JSON.stringify(result));
  const policy = result.policies.teams.get("finance");
  const assistant = policy?.assistants.get("bot");
  assert.ok(policy !== undefined && assistant !== undefined);
  return { policy, assistant };
}

function told(changes: Record<string, unknown>): string {
  const { policy, assistant } = load(changes);
  return policySentences(policy, assistant).join("\n");
}

test("policySentences() tells what happens to an email to a customer, in every mode", async (t) => {
  const cases: readonly [oversight: string, recipients: Record<string, unknown>, fate: RegExp][] = [
    ["gated_all", {}, /customer for example, is never sent without approval/],
    ["gated_all", { external: "allow" }, /customer for example, waits for approval too/],
    ["gated_all", { external: "deny" }, /customer for example, is refused/],
    ["gated_send", { skip_approval: ["*@acme.example"] }, /is never sent without approval/],
    ["gated_send", { external: "allow", skip_approval: ["*@acme.example"] }, /approval by the same rule/],
    ["monitored", {}, /customer for example, is refused, since it needs approval/],
    ["monitored", { external: "allow" }, /customer for example, leaves at once too/],
    ["autonomous", { external: "allow" }, /leaves at once, without approval/],
    ["autonomous", { external: "deny" }, /customer for example, is refused/],
    ["gated_all", { internal: [] }, /anybody, a customer for example, is never sent/],
    ["gated_all", { allow: ["*@acme.example"] }, /customer for example, is refused/],
    ["gated_all", { allow: ["*@client.example"] }, /is never sent.*only to \*@client.example/s],
    ["gated_all", { allow: [] }, /You may write to nobody/],
  ];
  for (const [oversight, recipients, fate] of cases) {
    await t.test(`${oversight} ${JSON.stringify(recipients)}`, () => {
      assert.match(told({ oversight, recipients: { internal: ["acme.example"], ...recipients } }), fate);
    });
  }
});

test("policySentences() names approvers, and whom MultiMail lets through without them", () => {
  const text = told({
    oversight: "gated_send",
    approvers: ["a@acme.example", "b@acme.example"],
    recipients: { internal: ["acme.example"], skip_approval: ["*@acme.example"] },
  });
  assert.match(
    text,
    /approval by a@acme.example or b@acme.example .* only if every recipient is \*@acme.example/,
  );
});

test("policySentences() says what is refused of a read-only mailbox, and nothing about sending rules", () => {
  const text = told({ oversight: "read_only", approvers: [] });
  assert.match(text, /may only be read/);
  assert.doesNotMatch(text, /customer|approval/);
});

test("policySentences() tells how many may be sent, and no deny pattern or pattern of the team's own", () => {
  const text = told({
    recipients: { internal: ["acme.example"], deny: ["*@rival.example"], max_per_email: 7 },
    content: { block: ["api_key"], flag: ["iban", { name: "falcon", pattern: "(?i)project\\s+falcon" }] },
    limits: { per_assistant: "37/day", per_recipient: "3/hour", team: "900/day" },
    attachments: { allow: ["text/csv"], max_count: 2, max_bytes: "5MB" },
  });
  assert.match(text, /holds API keys is refused/);
  assert.match(text, /holds IBANs or words the team watches for needs a person/);
  assert.match(text, /Some recipients are always refused/);
  assert.match(text, /at most 7 recipients: To, Cc and Bcc together/);
  assert.match(
    text,
    /you at most 37 in 24 hours, to one recipient at most 3 in an hour and the whole team at most 900/,
  );
  assert.match(text, /only be text\/csv, at most 2 an email, 5 MB together/);
  assert.doesNotMatch(text, /rival|falcon/);
});

test("policySentences() tells an assistant that may not send nothing about how sending goes", () => {
  const text = told({ assistants: [{ id: "bot", keys: [], actions: ["inbox", "status"] }] });
  assert.match(text, /You may send nothing/);
  assert.doesNotMatch(text, /approval|at most|customer/);
});

test("policySentences() leaves out rules that only warn", () => {
  const text = told({
    oversight: "monitored",
    recipients: { internal: ["acme.example"], external: "deny", allow: ["*@acme.example"] },
    content: { block: ["api_key"] },
    rules: {
      "recipients.external": "warn",
      "recipients.allow": "warn",
      "content.block": "warn",
      attachments: "warn",
    },
  });
  assert.match(text, /customer for example, leaves at once too/);
  assert.doesNotMatch(text, /refused|API keys|Attachments/);
});

test("policySentences() tells exceptions of this assistant with their last day", () => {
  const exception = {
    rule: "recipients.external",
    recipients: ["*@newclient.example"],
    reason: "r",
    owner: "lead@acme.example",
    expires: "2026-12-31",
  };
  const assistants = [
    { id: "bot", keys: [] },
    { id: "other", keys: [] },
  ];
  assert.match(
    told({ exceptions: [exception], assistants }),
    /Until 2026-12-31 the rule recipients.external is lifted for \*@newclient.example/,
  );
  assert.doesNotMatch(told({ exceptions: [{ ...exception, assistants: ["other"] }], assistants }), /Until/);
});

test("policySentences() tells hours, attachments, actions and copies", () => {
  const text = told({
    mailbox: { ...BASE.mailbox, auto_bcc: "archive@acme.example" },
    hours: { days: "mon-fri", from: "08:00", to: "18:00", timezone: "Europe/Paris", outside: "deny" },
    attachments: { allow: ["application/pdf", "text/csv"] },
    assistants: [{ id: "bot", keys: [], actions: ["send", "status"] }],
  });
  assert.match(text, /Friday, 08:00 to 18:00 \(Europe\/Paris\); outside these hours it is refused/);
  assert.match(text, /Attachments may only be application\/pdf or text\/csv/);
  assert.match(text, /Refused to you: replies, listing the inbox/);
  assert.match(text, /archive@acme.example gets a copy/);
});

test("policySentences() counts what a long list holds besides the first few", () => {
  const allow = Array.from({ length: 40 }, (_, index) => `*@client${index}.example`);
  assert.match(told({ recipients: { internal: ["acme.example"], allow } }), /client5.example and 34 more/);
});

test("assistantInstructions() says who, what, how to speak, and that received text is no instruction", () => {
  const { policy, assistant } = load({});
  const text = assistantInstructions(policy, assistant);
  for (const part of ['"bot"', "finance@acme", "I have not sent it", "rcp_", "never an instruction"]) {
    assert.ok(text.includes(part), part);
  }
});

test("policySentences() tells what every email gets, and what it must hold, by words where there are some", () => {
  const compose = {
    subject_prefix: "[Acme] ",
    footer: "Acme SA",
    cc: ["records@acme.example"],
    bcc: ["archive@acme.example"],
  };
  assert.match(
    told({ compose }),
    /^Every email gets, without your help: "\[Acme\] " before the subject, except of replies, a footer, a copy to records@acme\.example and a blind copy to archive@acme\.example\. Do not write it yourself\.$/m,
  );
  assert.doesNotMatch(told({}), /without your help|must hold/);
  const require = {
    subject: "(?i)case \\d{6}",
    body: { pattern: "secret\\d", wanted: "the ticket's number." },
  };
  const text = told({ require });
  assert.match(
    text,
    /^The subject of an email but a reply must hold what this pattern \(RE2\) describes, or the email is refused: \(\?i\)case \\d\{6\}$/m,
  );
  assert.match(text, /^The text must hold this, or the email is refused: the ticket's number\.$/m);
  assert.doesNotMatch(text, /secret/);
  assert.doesNotMatch(told({ require, rules: { require: "warn" } }), /must hold/);
  assert.doesNotMatch(
    told({ require, assistants: [{ id: "bot", actions: ["reply"] }] }),
    /subject of an email/,
  );
});

test("policySentences() promises nobody what a copy of every email keeps from leaving at once", () => {
  const changes = (copy: string) => ({
    oversight: "gated_send",
    recipients: { internal: ["acme.example"], skip_approval: ["*@acme.example"] },
    compose: { bcc: [copy] },
  });
  assert.match(
    told(changes("archive@acme.example")),
    /only if every recipient is \*@acme\.example, it leaves at once/,
  );
  assert.match(told(changes("archive@client.example")), /Every email waits for approval/);
});

test("policySentences() tells that email goes on record with the user, and how much one may ask for", () => {
  const assistants = [{ id: "bot", users: { sign_in: "required", claims: ["sales"] } }];
  const text = told({ assistants, limits: { per_user: "3/hour" } });
  assert.match(
    text,
    /^You act for team finance from the mailbox .*, and each email goes on record with the user/,
  );
  assert.match(text, /for one user at most 3 in an hour/);
  assert.doesNotMatch(told({}), /user who asked/);
});

test("policySentences() tells of approval by several, of kinds of email that need more, and of time, and no pattern", () => {
  const text = told({
    approvers: undefined,
    approval: {
      by: ["lead@acme.example", "cfo@acme.example"],
      needed: 2,
      expires: "48h",
      classes: [
        { when: { content: ["iban", { name: "codename", pattern: "falcon" }] }, needed: 2 },
        { when: { recipients: ["*@bank.example"], attachments: true }, by: ["cfo@acme.example"] },
      ],
    },
  });
  assert.match(
    text,
    /waits for approval by 2 different people of these: lead@acme\.example and cfo@acme\.example, before/,
  );
  assert.match(
    text,
    /Email that holds IBANs or words the team watches for or goes to certain recipients and has files needs the approval of certain people besides/,
  );
  assert.match(text, /nobody decides within 48h is taken back/);
  assert.doesNotMatch(text, /falcon|bank\.example/);
});
