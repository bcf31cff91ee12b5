import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem, loadPolicies, type PolicyFile } from "../policy/mod.ts";
import { parsePolicyTests } from "../what_if/mod.ts";
import { LINT_RULES, type LintedFinding, type LintRuleName, lintPolicies } from "./mod.ts";

const NOW = Date.parse("2026-11-23T10:00:00Z");

const BASE = `team: finance
mailbox: { id: mbx, address: finance@acme.multimail.dev }
approvers: [lead@acme.example, cfo@acme.example]
assistants: [{ id: chaser, keys: ["sha256:${"a".repeat(64)}"] }]
`;
const MONITORED = `${BASE}oversight: monitored\n`;

/** Files by name; the rest of a text alone is what comes to the team's file. */
type Files = Readonly<Record<string, string>> | string;

/** Policies in which a rule finds something, each with a part of what it says; and some in which it must not. */
interface Cases {
  readonly finds: readonly (readonly [files: Files, says: RegExp])[];
  readonly passes: readonly Files[];
}

const CASES: Readonly<Record<LintRuleName, Cases>> = {
  swallowed_recipient: {
    finds: [
      [
        'recipients: { allow: ["ceo@rival.example", "*@ok.example"], deny: ["*@rival.example"] }',
        /^finance\.yaml:5:23: "ceo@rival\.example" is never written to: recipients\.deny has "\*@rival\.example" \(finance\.yaml:5:68\)/,
      ],
      [
        "recipients: { allow: [a+x@b.example], deny: [a@b.example] }",
        /"a\+x@b\.example" is never written to/,
      ],
      ['recipients: { skip_approval: ["*@b.example"], deny: ["*@b.example"] }', /never written/],
      [
        {
          "finance.yaml": `${BASE}recipients: { allow: ["*@mail.b.example"] }`,
          "_organisation.yaml": 'recipients: { deny: ["*@*.b.example"] }',
        },
        /recipients\.deny has "\*@\*\.b\.example" \(_organisation\.yaml:1:22\)/,
      ],
      [
        'groups: { bad: [a@b.example, c@b.example] }\nrecipients: { allow: [group:bad], deny: ["*@b.example"] }',
        /"group:bad" is never written to/,
      ],
      [
        'recipients: { deny: ["*@b.example"] }\nexceptions: [{ rule: recipients.external, recipients: [a@b.example], reason: r, owner: a@acme.example, expires: 2027-01-01 }]',
        /"a@b\.example" is never written to/,
      ],
    ],
    passes: [
      'recipients: { allow: ["*@b.example"], deny: [a@b.example] }',
      'recipients: { allow: ["*@*.b.example"], deny: ["*@b.example"] }',
      'groups: { some: [a@b.example, c@d.example] }\nrecipients: { allow: [group:some], deny: ["*@b.example"] }',
    ],
  },
  outside_team: {
    finds: [
      [
        {
          "finance.yaml": `${BASE.replace("chaser,", 'chaser, recipients: { allow: ["*@c.example", a@b.example] },')}recipients: { allow: ["*@b.example"] }`,
        },
        /finance\.yaml:4:50: "\*@c\.example" is never written to: an assistant's list only narrows the team's \(finance\.yaml:5:22\)/,
      ],
    ],
    passes: [
      {
        "finance.yaml": `${BASE.replace("chaser,", 'chaser, recipients: { allow: ["*@c.example"] },')}recipients: { allow: [a@c.example] }`,
      },
      { "finance.yaml": BASE.replace("chaser,", 'chaser, recipients: { allow: ["*@c.example"] },') },
    ],
  },
  outside_company: {
    finds: [
      [
        'recipients: { internal: [acme.example], external: deny, allow: ["*@acme.example", "*@b.example"] }',
        /"\*@b\.example" is never written to: it is outside, and recipients\.external is "deny" \(finance\.yaml:5:51\)/,
      ],
      [
        { "finance.yaml": `${MONITORED}recipients: { internal: [acme.example], allow: [a@b.example] }` },
        /nothing waits for a person under "monitored"/,
      ],
    ],
    passes: [
      'recipients: { internal: [acme.example], external: require_approval, allow: ["*@b.example"] }',
      'recipients: { internal: ["*.acme.example"], external: deny, allow: ["*@hr.acme.example"] }',
      'recipients: { internal: [acme.example], external: deny, allow: ["*@b.example"] }\nexceptions: [{ rule: recipients.external, reason: r, owner: a@acme.example, expires: 2027-01-01 }]',
    ],
  },
  repeated_recipient: {
    finds: [
      [
        'recipients: { allow: [a@b.example, "*@b.example"] }',
        /"a@b\.example" changes nothing: "\*@b\.example" \(finance\.yaml:5:36\) has it already/,
      ],
      [
        "recipients: { allow: [a@b.example, a@b.example] }",
        /finance\.yaml:5:36: "a@b\.example" changes nothing/,
      ],
      ["recipients: { deny: [a+x@b.example, a@b.example] }", /changes nothing/],
      [
        'recipients: { internal: ["*.acme.example", hr.acme.example] }',
        /"hr\.acme\.example" changes nothing/,
      ],
      [
        'groups: { g: [a@b.example, c@b.example] }\nrecipients: { allow: ["*@b.example", group:g] }',
        /"group:g" changes nothing/,
      ],
    ],
    passes: [
      'recipients: { allow: [a@b.example, a+x@b.example, "*@*.b.example", c@c.example] }',
      'groups: { g: [a@b.example, c@c.example] }\nrecipients: { allow: ["*@b.example", group:g] }',
    ],
  },
  swallowed_detector: {
    finds: [
      [
        "content: { block: [iban], flag: [iban] }",
        /"iban" never goes to a person: content\.block has it \(finance\.yaml:5:20\)/,
      ],
      [
        {
          "finance.yaml": `${BASE}content: { flag: [iban] }`,
          "_organisation.yaml": "content: { block: [iban] }",
        },
        /_organisation\.yaml:1:20/,
      ],
      ["content: { block: [iban, iban] }", /"iban" changes nothing/],
      [
        'content: { flag: [{ name: a, pattern: "x+y" }, { name: b, pattern: "x+y" }] }',
        /"b" changes nothing/,
      ],
    ],
    passes: [
      "content: { block: [iban], flag: [credit_card] }",
      "content: { block: [iban], flag: [iban] }\nrules: { content.block: warn }",
      "content: { block: [iban], flag: [iban] }\nexceptions: [{ rule: content.block, recipients: [a@b.example], reason: r, owner: a@acme.example, expires: 2027-01-01 }]",
    ],
  },
  flag_without_person: {
    finds: [
      [
        { "finance.yaml": `${MONITORED}content: { flag: [iban] }` },
        /finance\.yaml:6:18: Nobody is asked: under "monitored" nothing is held for a person/,
      ],
      [{ "finance.yaml": `${MONITORED}first_contact: flag` }, /write "deny"/],
      [{ "finance.yaml": `${MONITORED}overlap: { window: 1h }` }, /"action: deny"/],
      [{ "finance.yaml": `${MONITORED}after_outside_mail: { window: 1h }` }, /"new_external: deny"/],
      [{ "finance.yaml": `${MONITORED}recipients: { external: require_approval }` }, /Nobody is asked/],
      [{ "finance.yaml": `${MONITORED}content: { unscannable: flag }` }, /Nobody is asked/],
    ],
    passes: [
      "content: { flag: [iban] }\nfirst_contact: flag\noverlap: { window: 1h }",
      { "finance.yaml": `${MONITORED}first_contact: deny\noverlap: { action: deny }` },
      { "finance.yaml": `${MONITORED}content: { flag: [iban] }\nrules: { content.flag: warn }` },
      {
        "finance.yaml": `${BASE}oversight: read_only\ncontent: { flag: [iban] }`.replace(
          "chaser,",
          "chaser, actions: [inbox],",
        ),
      },
    ],
  },
  idle_class: {
    finds: [
      [
        'recipients: { deny: ["*@bank.example"] }\napproval: { classes: [{ when: { recipients: [a@bank.example] }, needed: 2 }] }',
        /finance\.yaml:6:23: Nobody ever decides on email of this class: recipients\.deny has its recipients/,
      ],
      ["approval: { classes: [{ when: { attachments: true }, needed: 2 }] }", /attaches no files/],
      [
        "content: { block: [iban], unscannable: allow }\napproval: { classes: [{ when: { content: [iban] }, needed: 2 }] }",
        /content\.block has what it is about/,
      ],
    ],
    passes: [
      'recipients: { deny: ["a@bank.example"] }\napproval: { classes: [{ when: { recipients: ["*@bank.example"] }, needed: 2 }] }',
      "attachments: { allow: [text/csv] }\napproval: { classes: [{ when: { attachments: true }, needed: 2 }] }",
      "content: { block: [iban] }\napproval: { classes: [{ when: { content: [iban] }, needed: 2 }] }",
    ],
  },
  own_request: {
    finds: [
      [
        {
          "finance.yaml": BASE.replace(
            "approvers: [lead@acme.example, cfo@acme.example]",
            "approvers: [lead@acme.example]",
          ).replace("] }]", "], users: { sign_in: required, allow: [lead@acme.example] } }]"),
        },
        /Nobody can decide on what "lead@acme\.example" asks "chaser" for: approval wants 1/,
      ],
      [
        {
          "finance.yaml": `${BASE.replace("] }]", "], users: { sign_in: required, allow: [cfo@acme.example] } }]")}approval: { classes: [{ when: { content: [iban] }, needed: 2 }] }`,
        },
        /approval\.classes\[0\] wants 2/,
      ],
    ],
    passes: [
      {
        "finance.yaml": BASE.replace(
          "] }]",
          "], users: { sign_in: required, allow: [lead@acme.example] } }]",
        ),
      },
      {
        "finance.yaml": BASE.replace("] }]", '], users: { sign_in: required, allow: ["*@acme.example"] } }]'),
      },
      {
        "finance.yaml": MONITORED.replace(", cfo@acme.example", "").replace(
          "] }]",
          "], users: { sign_in: required, allow: [lead@acme.example] } }]",
        ),
      },
    ],
  },
  idle_exception: {
    finds: [
      [
        `recipients: { allow: ["*@b.example"] }\n${exception("recipients.external", "recipients: [a@c.example]")}`,
        /may not be written to anyway \(recipients\.allow\)/,
      ],
      [exception("overlap"), /The exception from overlap never applies: no key of this policy/],
      [
        `overlap: { window: 1h }\nrules: { overlap: warn }\n${exception("overlap")}`,
        /the rule only warns \(finance\.yaml:6:19\)/,
      ],
      [
        `recipients: { allow: ["*@b.example"] }\n${exception("recipients.allow", "recipients: [a@b.example]")}`,
        /may be written to without it/,
      ],
      [
        `recipients: { internal: [acme.example] }\n${exception("recipients.external", "recipients: [a@acme.example]")}`,
        /our own people/,
      ],
      [
        {
          "finance.yaml": `${BASE.replace("chaser,", "chaser, actions: [inbox],")}${exception("recipients.max_per_email")}`,
        },
        /none of its assistants may send/,
      ],
    ],
    passes: [
      // The copy that the policy adds needs it.
      `recipients: { allow: ["*@b.example"] }\ncompose: { bcc: [a@c.example] }\n${exception("recipients.external", "recipients: [a@c.example]")}`,
      `recipients: { allow: ["*@b.example"] }\n${exception("recipients.external", "recipients: [a@b.example]")}`,
      `overlap: { window: 1h }\n${exception("overlap")}`,
      `recipients: { allow: ["*@b.example"] }\n${exception("recipients.allow", 'recipients: ["*@*.b.example"]')}`,
      `recipients: { internal: [acme.example] }\n${exception("recipients.external")}`,
      exception("recipients.max_per_email"),
    ],
  },
  expired_exception: {
    finds: [
      [
        exception("recipients.max_per_email", "assistants: [chaser]", "2026-11-22"),
        /has ended with "2026-11-22"/,
      ],
    ],
    passes: [exception("recipients.max_per_email", "assistants: [chaser]", "2026-11-23")],
  },
  ended_delegation: {
    finds: [
      [
        "delegates: [{ from: lead@acme.example, to: dep@acme.example, until: 2026-11-22, reason: r }]",
        /Delegation has ended/,
      ],
      [
        {
          "finance.yaml": BASE,
          "_organisation.yaml":
            "delegates: [{ from: lead@acme.example, to: dep@acme.example, until: 2026-11-22, reason: r }]",
        },
        /_organisation\.yaml:1:13/,
      ],
    ],
    passes: ["delegates: [{ from: lead@acme.example, to: dep@acme.example, until: 2026-11-23, reason: r }]"],
  },
  unreachable_limit: {
    finds: [
      [
        "limits: { per_assistant: 500/day, team: 100/day }",
        /"500\/day" is never reached: team is "100\/day" \(finance\.yaml:5:41\)/,
      ],
      ["limits: { per_recipient: 10/day, per_domain: 10/week }", /per_domain is "10\/week"/],
      ["limits: { per_recipient: 30/day, per_domain: 1/hour }", /per_domain is "1\/hour"/],
      [
        {
          "finance.yaml": `${BASE.replace("chaser,", "chaser, limits: { per_recipient: 20/day },")}limits: { per_recipient: 5/day }`,
        },
        /per_recipient is "5\/day"/,
      ],
      [
        {
          "finance.yaml": `${BASE}limits: { per_assistant: 50/day }`,
          "_organisation.yaml": "limits: { team: 20/day }",
        },
        /_organisation\.yaml/,
      ],
    ],
    passes: [
      // What the team's limit counts counts for the other assistant's too.
      {
        "finance.yaml": `${BASE.replace("}]", "}, { id: other, limits: { per_recipient: 1/day } }]")}limits: { per_recipient: 2/day, team: 2/day }`,
      },
      "limits: { per_assistant: 50/day, team: 100/day, per_recipient: 5/day, per_domain: 20/day }",
      "limits: { per_recipient: 23/day, per_domain: 1/hour }",
      "limits: { per_recipient: 10/minute, per_domain: 11/day }",
      { "finance.yaml": `${BASE}limits: { team: 20/day }`, "_organisation.yaml": "limits: { team: 20/day }" },
      `limits: { per_assistant: 500/day, team: 100/day }\n${exception("limits", "assistants: [chaser]")}`,
    ],
  },
  hours_never_open: {
    finds: [
      [
        {
          "finance.yaml": `${BASE}hours: { timezone: UTC, holidays: [all], windows: [{ days: wed, from: "08:00", to: "09:00" }] }`,
          "_organisation.yaml": `holidays: { all: [${Array.from({ length: 60 }, (_, week) => new Date(NOW + (2 + 7 * week) * 86_400_000).toISOString().slice(0, 10)).join(", ")}] }`,
        },
        /No email leaves for a year/,
      ],
    ],
    passes: ['hours: { timezone: UTC, days: sun, from: "08:00", to: "09:00" }'],
  },
  past_holidays: {
    finds: [[withHolidays("2025-12-25, 2026-11-22"), /Holidays "fr" closed their last day on "2026-11-22"/]],
    passes: [withHolidays("2025-12-25, 2026-11-23")],
  },
  idle_setting: {
    finds: [
      ["rules: { overlap: warn }", /"overlap" never says anything to warn of/],
      ["overlap: { action: allow }", /Nothing is compared/],
      ["after_outside_mail: { new_external: allow }", /Nothing is watched/],
    ],
    passes: [
      "rules: { overlap: warn }\noverlap: { window: 1h }",
      "rules: { overlap: enforce }",
      "after_outside_mail: { window: 1h }",
    ],
  },
  idle_assistant: {
    finds: [
      [{ "finance.yaml": BASE.replace("chaser,", "chaser, actions: [],") }, /"chaser" may do nothing/],
      [
        {
          "finance.yaml": `${BASE.replace("chaser,", "chaser, actions: [send, read],")}oversight: read_only`,
        },
        /"chaser" never may send: the mailbox is "read_only"/,
      ],
    ],
    passes: ["description: d", { "finance.yaml": `${BASE}oversight: read_only` }],
  },
  missing_key: {
    finds: [
      [
        { "finance.yaml": BASE.replace(/"sha256:a+"/, "") },
        /finance\.yaml:4:34: "chaser" cannot call: it has no key; issue one with "countersign keys new finance\/chaser"/,
      ],
      [{ "finance.yaml": BASE.replace(/, keys: \[.*?\]/, "") }, /cannot call/],
    ],
    passes: [
      "description: d",
      {
        "finance.yaml": BASE.replace(
          /keys: \[.*?\]/,
          "users: { sign_in: required, claims: [sales], with_key: false }",
        ),
      },
    ],
  },
  unused_name: {
    finds: [
      [
        "groups: { old: [a@b.example] }",
        /finance\.yaml:5:11: Nobody uses the group "old": write "group:old" where it is meant/,
      ],
      [
        { "finance.yaml": BASE, "_organisation.yaml": "roles: { leads: [a@acme.example] }" },
        /Nobody uses the role "leads"/,
      ],
      [
        { "finance.yaml": BASE, "_organisation.yaml": "holidays: { fr: [2027-01-01] }" },
        /list of holidays "fr"/,
      ],
      [
        {
          "finance.yaml": BASE,
          "_organisation.yaml": "notify: { channels: { chat: { kind: slack, url_env: NOTIFY_CHAT_URL } } }",
        },
        /channel "chat"/,
      ],
    ],
    passes: [
      "groups: { inner: [a@b.example], outer: [group:inner] }\nrecipients: { allow: [group:outer] }",
      {
        "finance.yaml": BASE.replace("lead@acme.example,", "role:leads,"),
        "_organisation.yaml": "roles: { leads: [lead@acme.example] }",
      },
      {
        "finance.yaml": `${BASE}notify: chat`,
        "_organisation.yaml": "notify: { channels: { chat: { kind: slack, url_env: NOTIFY_CHAT_URL } } }",
      },
      withHolidays("2027-01-01"),
    ],
  },
  test_of_nothing: {
    finds: [
      [
        { "finance.yaml": BASE, "finance_test.yaml": "now: 2026-11-23T10:00:00Z\ntests: []" },
        /finance_test\.yaml:1:1: The file tests nothing/,
      ],
      [
        { "finance.yaml": BASE, "finance_test.yaml": testOf("chasr", "deny") },
        /finance_test\.yaml:2:9: The test shows nothing: team "finance" has no assistant "chasr".*did you mean "chaser"\?/,
      ],
    ],
    passes: [
      { "finance.yaml": BASE, "finance_test.yaml": testOf("chaser", "deny") },
      { "finance.yaml": BASE, "finance_test.yaml": testOf("finance/chaser", "deny") },
    ],
  },
};

for (const name of Object.keys(LINT_RULES) as LintRuleName[]) {
  const { finds, passes } = CASES[name];
  test(`lint finds by ${name}: ${LINT_RULES[name].about}`, () => {
    for (const [files, says] of finds) {
      const found = lint(files).filter(({ rule }) => rule === name);
      assert.equal(found.length, 1, `${JSON.stringify(files)}\n${found.map(shown).join("\n")}`);
      assert.match(found.map(shown).join("\n"), says);
    }
    assert.ok(finds.length > 0 && passes.length > 0);
  });

  test(`lint finds nothing by ${name} where it is as it should be`, () => {
    for (const files of passes)
      assert.deepEqual(
        lint(files)
          .filter(({ rule }) => rule === name)
          .map(shown),
        [],
        JSON.stringify(files),
      );
  });
}

test("lintPolicies() passes over what a comment says is meant, at the line or above it, and nothing else", () => {
  const withComments = (at: string, above: string) =>
    lint(`${above}groups: { old: [a@b.example] } ${at}`).map(({ rule }) => rule);
  assert.deepEqual(withComments("", ""), ["unused_name"]);
  assert.deepEqual(withComments("# lint: ignore unused_name (kept for spring)", ""), []);
  assert.deepEqual(withComments("", "# lint: ignore missing_key, unused_name\n"), []);
  assert.deepEqual(withComments("# lint: ignore missing_key", ""), ["unused_name"]);
  assert.deepEqual(withComments("", "# lint: ignore unused_name\n# another\n"), ["unused_name"]);
  const [unknown] = lint("description: d # lint: ignore unusd_name");
  assert.equal(
    unknown && shown(unknown),
    'finance.yaml:5:31: Unknown rule "unusd_name" in a comment: did you mean "unused_name"? (ignore)',
  );
});

function lint(files: Files): readonly LintedFinding[] {
  const texts = typeof files === "string" ? { "finance.yaml": `${BASE}${files}\n` } : files;
  const given = Object.entries(texts).map(
    ([name, text]): PolicyFile => ({ name, file: name, bytes: new TextEncoder().encode(text) }),
  );
  const isTests = ({ name }: PolicyFile): boolean => name.endsWith("_test.yaml");
  const result = loadPolicies(
    given.filter((file) => !isTests(file)),
    { sha256: () => "" },
  );
  assert.ok(
    result.ok,
    result.ok ? "" : `${JSON.stringify(files)}\n${result.problems.map(formatProblem).join("\n")}`,
  );
  const tests = given.filter(isTests).map((file) => {
    const parsed = parsePolicyTests(file);
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.problems.map(formatProblem).join("\n"));
    return { file: file.name, text: new TextDecoder().decode(file.bytes), tests: parsed.tests };
  });
  return lintPolicies({ policies: result.policies, tests, now: NOW });
}

function shown({ where, message, rule }: LintedFinding): string {
  return formatProblem({ where, message, path: rule });
}

function exception(rule: string, more = "assistants: [chaser]", expires = "2027-01-01"): string {
  return `exceptions: [{ rule: ${rule}, ${more}, reason: r, owner: a@acme.example, expires: ${expires} }]`;
}

function withHolidays(days: string): Files {
  return {
    "finance.yaml": `${BASE}hours: { timezone: UTC, holidays: [fr], days: mon-fri, from: "08:00", to: "18:00" }`,
    "_organisation.yaml": `holidays: { fr: [${days}] }`,
  };
}

function testOf(as: string, effect: string): string {
  return `now: 2026-11-23T10:00:00Z\ntests: [{ name: n, as: ${as}, send: { to: a@b.example, subject: s, body: b }, expect: { effect: ${effect} } }]`;
}
