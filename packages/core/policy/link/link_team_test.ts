import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { type Address, formatPattern, parseAddress } from "../../address/mod.ts";
import {
  formatProblem,
  formatWhere,
  type Located,
  loadPolicies,
  type TeamPolicy,
  type Where,
  whereOf,
} from "../mod.ts";

const FULL = readFileSync(resolve(import.meta.dirname, "../../testdata/policies/good/finance.yaml"), "utf8");
const LEAST =
  "team: a\nmailbox: { id: m, address: a@x.example }\napprovers: [lead@acme.example]\nassistants: [{ id: w }]\n";
const DAY = 86_400_000;

test("linkTeam() carries every key of the language into the policy", () => {
  const { source, assistants, recipients, content, attachments, limits, exceptions, ...others } = link(
    "finance",
    FULL,
  );
  const { hours, ...rest } = others;
  assert.deepEqual(hours, {
    windows: [{ days: new Set([1, 2, 3, 4, 5]), from: 480, to: 1110 }],
    timezone: "Europe/Paris",
    holidays: [],
    outside: "schedule",
    outsideAt: whereOf({ source }, "hours.outside"),
    where: whereOf({ source }, "hours"),
  });
  assert.deepEqual(rest, {
    team: "finance",
    description: "Invoices and payment reminders",
    mailbox: {
      id: "01KJ1NHN8J5Q0V4Y8Z3T6R2W9C",
      address: "Finance@acme.multimail.dev",
      apiKeyEnv: "MULTIMAIL_API_KEY_FINANCE",
      autoCc: "archive@acme.example",
      autoBcc: "Compliance@acme.example",
    },
    oversight: "gated_send",
    approvers: ["finance-lead@acme.example"],
    approval: {
      by: [{ address: "finance-lead@acme.example", where: at(11, 13) }],
      needed: 1,
      reason: "reject",
      classes: [],
      where: at(11, 12),
    },
    sendAt: { atMostMs: 30 * DAY, text: "30d" },
    compose: {
      subjectPrefix: { value: "[Acme] ", text: "[Acme] ", where: at(34, 19) },
      footers: [
        { value: "Acme SA, registered in Paris", text: "Acme SA, registered in Paris", where: at(35, 11) },
      ],
      copies: [
        { field: "cc", address: addressOf("Records@acme.example"), where: at(37, 8) },
        { field: "bcc", address: addressOf("archive@acme.example"), where: at(38, 9) },
      ],
    },
    require: {
      subject: { pattern: "(?i)case \\d{6}", where: at(40, 12) },
      body: { pattern: "\\bFIN-\\d+", wanted: "the ticket's number", where: at(41, 9) },
    },
    overlap: { windowMs: DAY / 2, similarity: 0.5, action: "deny" },
    firstContact: "flag",
    afterOutsideMail: { windowMs: 1_800_000, newExternal: "deny", inbound: "outside" },
    rules: new Map([
      ["overlap", "warn"],
      ["hours", "enforce"],
    ]),
  });
  assert.equal(source.file, "teams/finance.yaml");

  const chaser = assistants.get("invoice-chaser");
  assert.equal(chaser?.dustAgent, "a1B2c3D4e5");
  assert.deepEqual(chaser?.keys, [`sha256:${"0f".repeat(32)}`]);
  assert.deepEqual(chaser?.actions, new Set(["send", "reply", "inbox"]));
  assert.deepEqual(patterns(chaser?.allow), ["*@suppliers.example"]);
  assert.deepEqual(
    chaser?.limits.perAssistant.map(({ count, windowMs }) => [count, windowMs]),
    [[20, DAY]],
  );
  assert.equal(formatWhere(chaser?.where ?? assert.fail()), "teams/finance.yaml:13:5");
  const helper = assistants.get("expense-helper");
  assert.deepEqual(helper?.keys, []);
  assert.ok(!helper?.actions.has("report") && helper?.actions.size === 7);
  assert.ok(helper !== undefined && !("allow" in helper));
  assert.ok(chaser !== undefined && !("users" in chaser));
  const users = helper.users ?? assert.fail();
  assert.deepEqual(patterns(users.allow), ["*@acme.example"]);
  assert.deepEqual(
    users.claims.map(({ value, where }) => [value, formatWhere(where)]),
    [
      ["Sales", "teams/finance.yaml:19:91"],
      ["a b", "teams/finance.yaml:19:98"],
    ],
  );
  assert.equal(users.withKey, false);
  assert.deepEqual(
    users.shared.map(({ value }) => value.address),
    ["Bot@acme.example"],
  );

  assert.deepEqual(patterns(recipients.internal), ["*@acme.example"]);
  assert.equal(recipients.external, "deny");
  assert.deepEqual(patterns(recipients.skipApproval), ["*@acme.example", "lead@acme.example"]);
  assert.deepEqual(patterns(recipients.allow), [
    "*@client.example",
    "billing+x@partner.example",
    "*@*.suppliers.example",
  ]);
  assert.deepEqual(
    recipients.allow?.map(({ text }) => text),
    ["*@Client.example", "Billing+x@partner.example", "*@*.suppliers.example"],
  );
  assert.deepEqual(
    recipients.deny.map(({ where }) => formatWhere(where)),
    ["teams/finance.yaml:25:10"],
  );
  assert.equal(recipients.maxPerEmail, 7);

  assert.deepEqual(
    content.flag.map(({ value }) => value),
    [
      { kind: "builtin", name: "iban" },
      { kind: "pattern", name: "codename", pattern: "(?i)project\\s+falcon" },
    ],
  );
  assert.deepEqual(
    attachments?.allow.map(({ value }) => value),
    ["application/pdf", "text/csv"],
  );
  assert.equal(attachments?.maxBytes, 2_000_000);
  assert.deepEqual(
    limits.team.map(({ count, text, where }) => [count, text, formatWhere(where)]),
    [[400, "400/day", "teams/finance.yaml:31:62"]],
  );
  assert.deepEqual(
    exceptions.map(({ rule, assistants, expiresAt }) => [rule, [...(assistants ?? [])], expiresAt]),
    [["recipients.allow", ["invoice-chaser"], Date.parse("2026-12-31T23:00:00Z")]],
  );
});

test("linkTeam() holds what cannot be read, where there are content rules, and never looser than the organisation", async (t) => {
  const cases: readonly (readonly [team: string, organisation: string, verdict: string])[] = [
    ["content: { block: [iban] }", "", "flag"],
    ["content: { block: [iban], unscannable: allow }", "", "allow"],
    ["content: { unscannable: deny }", "", "deny"],
    ["", "content: { flag: [iban] }", "flag"],
    ["", "content: { unscannable: deny }", "deny"],
    ["content: { block: [iban] }", "content: { unscannable: allow }", "flag"],
    ["content: { block: [iban], unscannable: deny }", "content: { unscannable: flag }", "deny"],
  ];
  for (const [team, organisation, verdict] of cases) {
    await t.test(`${team} / ${organisation}`, () => {
      const policy = link("a", `${LEAST}${team}\n`, organisation === "" ? undefined : `${organisation}\n`);
      assert.equal(policy.content.unscannable, verdict);
    });
  }
});

test("linkTeam() takes a sign-in that is not required for none, and wants the key beside one that is", () => {
  const users = (text: string) =>
    link("a", LEAST.replace("{ id: w }", `{ id: w, users: { ${text} } }`)).assistants.get("w")?.users;
  assert.equal(users("sign_in: none"), undefined);
  assert.equal(users(""), undefined);
  const { allow, claims, withKey, shared } = users("sign_in: required, claims: [sales]") ?? assert.fail();
  assert.deepEqual([allow, claims.map(({ value }) => value), withKey, shared], [[], ["sales"], true, []]);
});

test("linkTeam() fills in defaults, the strict way", () => {
  const policy = link("a", LEAST);
  assert.equal(policy.mailbox.apiKeyEnv, "MULTIMAIL_API_KEY");
  assert.equal(policy.oversight, "gated_send");
  assert.deepEqual(policy.recipients, {
    internal: [],
    external: "require_approval",
    skipApproval: [],
    deny: [],
    maxPerEmail: 10,
  });
  assert.deepEqual(policy.content, { block: [], flag: [], unscannable: "allow" });
  assert.deepEqual(policy.limits, {
    perAssistant: [],
    perRecipient: [],
    perDomain: [],
    perUser: [],
    team: [],
  });
  assert.equal(policy.firstContact, "allow");
  for (const key of ["attachments", "hours", "overlap", "afterOutsideMail"]) assert.ok(!(key in policy), key);
});

test("linkTeam() fills in what a section leaves out", () => {
  const policy = link(
    "a",
    `${LEAST}attachments: { allow: [text/csv] }\noverlap: {}\nafter_outside_mail: {}\nhours: { days: sun-thu, from: "09:00", to: "24:00", timezone: UTC }\n`,
  );
  assert.deepEqual([policy.attachments?.maxCount, policy.attachments?.maxBytes], [5, 5_000_000]);
  assert.deepEqual(policy.overlap, { windowMs: DAY, similarity: 0.6, action: "flag" });
  assert.deepEqual(policy.afterOutsideMail, {
    windowMs: 3_600_000,
    newExternal: "require_approval",
    inbound: "outside",
  });
  assert.deepEqual(policy.hours?.windows, [{ days: new Set([7, 1, 2, 3, 4]), from: 540, to: 1440 }]);
  assert.equal(policy.hours.outside, "deny");
});

test("linkTeam() keeps an empty allow list, which is nobody, apart from none, which is anybody", () => {
  assert.deepEqual(link("a", `${LEAST}recipients: { allow: [] }\n`).recipients.allow, []);
  assert.ok(!("allow" in link("a", LEAST).recipients));
  const assistant = link(
    "a",
    LEAST.replace("{ id: w }", "{ id: w, recipients: { allow: [] }, actions: [] }"),
  ).assistants.get("w");
  assert.deepEqual([assistant?.allow, assistant?.actions.size], [[], 0]);
});

test("linkTeam() merges the organisation's bounds, each with its own place", () => {
  const organisation = `internal: [acme.example]
oversight: { most_permissive: gated_all }
recipients: { external: deny, deny: ["*@rival.example"] }
content: { block: [private_key], flag: [iban] }
attachments: { max_count: 2, max_bytes: 1MB }
limits: { per_assistant: 9/day, team: 99/day }
`;
  const text = `${LEAST}recipients: { deny: ["*@old.example"] }\ncontent: { block: [api_key] }\nattachments: { allow: [text/csv] }\nlimits: { team: 50/day }\n`;
  const policy = link("a", text, organisation);
  const at = (path: string): string => formatWhere(whereOf(policy, path));
  assert.equal(policy.oversight, "gated_all");
  assert.equal(at("oversight"), "teams/_organisation.yaml:2:31");
  assert.equal(policy.recipients.external, "deny");
  assert.equal(at("recipients.external"), "teams/_organisation.yaml:3:25");
  assert.deepEqual(patterns(policy.recipients.internal), ["*@acme.example"]);
  assert.equal(at("recipients.internal"), "teams/_organisation.yaml:1:11");
  assert.deepEqual(
    policy.recipients.deny.map(({ text, where }) => `${formatWhere(where)} ${text}`),
    ["teams/a.yaml:5:22 *@old.example", "teams/_organisation.yaml:3:38 *@rival.example"],
  );
  assert.deepEqual(
    policy.content.block.map(({ text }) => text),
    ["api_key", "private_key"],
  );
  assert.deepEqual(
    policy.content.flag.map(({ where }) => formatWhere(where)),
    ["teams/_organisation.yaml:4:41"],
  );
  assert.deepEqual([policy.attachments?.maxCount, policy.attachments?.maxBytes], [2, 1_000_000]);
  assert.deepEqual(
    policy.limits.team.map(({ text }) => text),
    ["50/day", "99/day"],
  );
  assert.deepEqual(
    policy.limits.perAssistant.map(({ where }) => where.file),
    ["teams/_organisation.yaml"],
  );
});

test("linkTeam() takes all people of a role for approvers, each once", () => {
  const organisation =
    "roles: { leads: [Boss@ACME.example, lead@acme.example], deputies: [deputy@acme.example, boss@acme.example] }\n";
  const text = LEAST.replace(
    "[lead@acme.example]",
    "[role:leads, role:deputies, lead@acme.example, x@acme.example]",
  );
  assert.deepEqual(link("a", text, organisation).approvers, [
    ...["boss@acme.example", "lead@acme.example", "deputy@acme.example", "x@acme.example"],
  ]);
});

test("linkTeam() names the team's own line where the team says it", () => {
  const policy = link("a", `${LEAST}oversight: read_only\n`, "oversight: { most_permissive: gated_all }\n");
  assert.equal(policy.oversight, "read_only");
  assert.equal(formatWhere(whereOf(policy, "oversight")), "teams/a.yaml:5:12");
});

test("linkTeam() makes plain data, which crosses threads", () => {
  const policy = link("finance", FULL);
  assert.deepEqual(structuredClone(policy), policy);
});

function link(name: string, text: string, organisation?: string): TeamPolicy {
  const texts = {
    [`${name}.yaml`]: text,
    ...(organisation !== undefined && { "_organisation.yaml": organisation }),
  };
  const result = loadPolicies(
    Object.entries(texts).map(([name, text]) => ({
      name,
      file: `teams/${name}`,
      bytes: new TextEncoder().encode(text),
    })),
    { sha256: () => "" },
  );
  assert.ok(result.ok, result.ok ? "" : result.problems.map(formatProblem).join("\n"));
  return result.policies.teams.get(name) ?? assert.fail();
}

function patterns(list: readonly Located<Parameters<typeof formatPattern>[0]>[] = []): readonly string[] {
  return list.map(({ value }) => formatPattern(value));
}

function at(line: number, column: number): Where {
  return { file: "teams/finance.yaml", line, column };
}

function addressOf(text: string): Address {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address : assert.fail(parsed.message);
}

test("linkTeam() lets no team drop what the organisation adds, and gives no mailbox a copy of its own email", () => {
  const organisation = `compose: { footer: Acme SA, cc: [records@acme.example], bcc: [a@x.example, archive@acme.example] }\n`;
  const { compose } = link("a", LEAST, organisation);
  assert.deepEqual(
    compose?.footers.map(({ value, where }) => `${formatWhere(where)} ${value}`),
    ["teams/_organisation.yaml:1:20 Acme SA"],
  );
  const copies = compose?.copies.map(({ field, address }) => `${field} ${address.address}`);
  assert.deepEqual(copies, ["cc records@acme.example", "bcc archive@acme.example"]);

  const own =
    'compose: { subject_prefix: "HR ", footer: HR, bcc: [records@acme.example, hr@acme.example] }\n';
  const both = link("a", `${LEAST}${own}`, organisation).compose;
  assert.deepEqual(
    both?.footers.map(({ value }) => value),
    ["HR", "Acme SA"],
  );
  assert.deepEqual(
    both?.copies.map(({ field, address }) => `${field} ${address.address}`),
    ["cc records@acme.example", "bcc hr@acme.example", "bcc archive@acme.example"],
  );
});
