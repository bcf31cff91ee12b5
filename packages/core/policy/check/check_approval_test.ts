import assert from "node:assert/strict";
import { test } from "node:test";
import { loadPolicies } from "../load_policies.ts";
import { formatProblem } from "../policy_problem.ts";

const HEAD = "team: a\nmailbox: { id: mbx-a, address: a@acme.example }\nassistants: [{ id: w }]\n";
const ORGANISATION = `roles: { leads: [lead@acme.example, cfo@acme.example] }
notify: { channels: { chat: { kind: slack, url_env: NOTIFY_CHAT }, mail: { kind: teams, url_env: NOTIFY_MEET } } }
`;

/** A team's file from its fourth line on, what the organisation's says besides, and what is wrong. */
const CASES: Readonly<
  Record<string, readonly [team: string, organisation: string, wanted: readonly string[]]>
> = {
  "everything that approval can say": [
    `approval:
  by: [role:leads, boss@acme.example]
  needed: 2
  reason: always
  expires: 48h
  remind: 4h
  escalate: { after: 24h, to: [head@acme.example] }
  classes:
    - { when: { content: [iban, { name: codename, pattern: falcon }] }, needed: 3 }
    - { when: { recipients: ["*@bank.example"], attachments: true }, by: [cfo@acme.example] }
delegates: [{ from: role:leads, to: deputy@acme.example, until: 2026-12-31, reason: leave }]
notify: chat
`,
    `approval: { needed: 1, expires: 72h, reason: reject }
approvers_domain: acme.example
auditors: [audit@acme.example, role:leads, "claim:Audit Team"]
operators: [claim:platform]
delegates: [{ from: cfo@acme.example, to: other@acme.example, until: 2026-12-31, reason: leave }]
`,
    [],
  ],
  "the short form beside the long one, where they say the same": [
    "approvers: [role:leads]\napproval: { by: [cfo@acme.example, Lead@acme.example] }\n",
    "",
    [],
  ],
  "the short form beside another long one": [
    "approvers: [lead@acme.example]\napproval: { by: [cfo@acme.example] }\n",
    "",
    [
      "teams/a.yaml:4:12: Must be the same people as approval.by (teams/a.yaml:5:17), or be left out (approvers)",
    ],
  ],
  "nobody who may approve": [
    "approval: { needed: 1 }\n",
    "",
    ['teams/a.yaml:1:1: Missing approvers: under "gated_send" email waits for one of them (approvers)'],
  ],
  "more people than there are": [
    `approval:
  by: [lead@acme.example, lead+two@acme.example]
  needed: 2
  classes: [{ when: { attachments: true }, needed: 3, by: [role:leads] }, { when: { content: [iban] }, needed: 2 }]
`,
    "",
    [
      "teams/a.yaml:6:11: Must be at most 1: so many people may approve (teams/a.yaml:5:7) (approval.needed)",
      "teams/a.yaml:7:52: Must be at most 2: so many people may approve (teams/a.yaml:7:59) (approval.classes[0].needed)",
      "teams/a.yaml:7:112: Must be at most 1: so many people may approve (teams/a.yaml:5:7) (approval.classes[1].needed)",
    ],
  ],
  "two people one of whom stands in for the other": [
    `approvers: [lead@acme.example, cfo@acme.example]
approval: { needed: 2 }
delegates: [{ from: lead@acme.example, to: cfo@acme.example, until: 2026-12-31, reason: leave }]
`,
    "",
    [
      "teams/a.yaml:5:21: Must be at most 1: a delegate and whom they stand in for are one (teams/a.yaml:6:13) (approval.needed)",
    ],
  ],
  "what the organisation wants, and too few people for it": [
    "approvers: [lead@acme.example]\n",
    "approval: { needed: 2 }\n",
    [
      "teams/a.yaml:4:12: Must be 2 different people at least, as the organisation wants (teams/_organisation.yaml:3:21), got 1: so many people may approve (teams/a.yaml:4:12) (approvers)",
    ],
  ],
  "nobody for what the organisation wants where nothing is held": [
    "oversight: monitored\napprovers: [lead@acme.example]\n",
    "approval: { needed: 2 }\n",
    [],
  ],
  "less than the organisation wants": [
    "approval: { by: [role:leads], needed: 1, expires: 7d, reason: never }\n",
    "approval: { needed: 2, expires: 72h, reason: reject }\n",
    [
      "teams/a.yaml:4:39: Looser than the organisation (teams/_organisation.yaml:3:21): it wants 2 at least (approval.needed)",
      'teams/a.yaml:4:51: Looser than the organisation (teams/_organisation.yaml:3:33): it allows "72h" at most (approval.expires)',
      'teams/a.yaml:4:63: Looser than the organisation (teams/_organisation.yaml:3:46): it wants "reject" at least (approval.reason)',
    ],
  ],
  "people at another domain, wherever they decide": [
    `approval:
  by: [lead@acme.example]
  escalate: { after: 1h, to: [a@agency.example] }
  classes: [{ when: { attachments: true }, by: [b@agency.example] }]
delegates: [{ from: lead@acme.example, to: c@agency.example, until: 2026-12-31, reason: leave }]
`,
    "approvers_domain: acme.example\n",
    [
      'teams/a.yaml:6:31: Approver must be at "acme.example", as the organisation demands (approval.escalate.to[0])',
      'teams/a.yaml:7:49: Approver must be at "acme.example", as the organisation demands (approval.classes[0].by[0])',
      'teams/a.yaml:8:44: Approver must be at "acme.example", as the organisation demands (delegates[0].to)',
    ],
  ],
  "classes that are about nothing or ask for nothing": [
    "approvers: [lead@acme.example]\napproval: { classes: [{ when: {}, needed: 1 }, { when: { attachments: true } }, { when: { attachments: false }, needed: 1 }, { when: { content: [] }, needed: 1 }] }\n",
    "",
    [
      "teams/a.yaml:5:23: Must name content, recipients or attachments: which email is the class about? (approval.classes[0].when)",
      'teams/a.yaml:5:48: Must have "needed" or "by": it asks for no more than all email does (approval.classes[1])',
      'teams/a.yaml:5:104: Must be "true", got false (approval.classes[2].when.attachments)',
      "teams/a.yaml:5:145: Must not be empty: name something, or leave the list out (approval.classes[3].when.content)",
    ],
  ],
  "a class where nothing is held": [
    "oversight: monitored\napproval: { by: [lead@acme.example], classes: [{ when: { attachments: true }, by: [cfo@acme.example] }] }\n",
    "",
    [
      'teams/a.yaml:5:48: Must not be used under "monitored": nothing is held there, so email of this class would be refused (approval.classes[0])',
    ],
  ],
  "others who are asked too late": [
    "approval: { by: [lead@acme.example], expires: 24h, remind: 2d, escalate: { after: 24h, to: [cfo@acme.example] } }\n",
    "",
    [
      'teams/a.yaml:4:60: Must be less than "24h", after which email expires (teams/a.yaml:4:47) (approval.remind)',
      'teams/a.yaml:4:83: Must be less than "24h", after which email expires (teams/a.yaml:4:47) (approval.escalate.after)',
    ],
  ],
  "others who are asked after the organisation's own time": [
    "approval: { by: [lead@acme.example], remind: 2d }\n",
    "approval: { expires: 1d }\n",
    [
      'teams/a.yaml:4:46: Must be less than "1d", after which email expires (teams/_organisation.yaml:3:22) (approval.remind)',
    ],
  ],
  "names that nothing bears": [
    `approval:
  by: [role:lead]
  classes: [{ when: { recipients: [group:banks] }, by: [role:nobody] }]
notify: chats
`,
    "operators: [role:platform]\n",
    [
      'teams/_organisation.yaml:3:13: Unknown role "platform": no role is called that (operators[0])',
      'teams/a.yaml:5:8: Unknown role "lead": did you mean "leads"? (approval.by[0])',
      'teams/a.yaml:6:36: Unknown group "banks": no group is called that (approval.classes[0].when.recipients[0])',
      'teams/a.yaml:6:57: Unknown role "nobody": no role is called that (approval.classes[0].by[0])',
      'teams/a.yaml:7:9: Unknown channel "chats": did you mean "chat"? (notify)',
    ],
  ],
  "several channels": ["approvers: [lead@acme.example]\nnotify: [chat, mail]\n", "", []],
  "channels that are named twice, or that nothing bears": [
    "approvers: [lead@acme.example]\nnotify: [chat, mails, chat]\n",
    "",
    [
      'teams/a.yaml:5:16: Unknown channel "mails": did you mean "mail"? (notify[1])',
      "teams/a.yaml:5:23: Must be named once: people would be told twice (notify[2])",
    ],
  ],
  "no channel at all, and what is none": [
    "approvers: [lead@acme.example]\nnotify: []\n",
    "",
    ["teams/a.yaml:5:9: Must not be empty: name a channel, or leave it out (notify)"],
  ],
  "delegations to themselves, in loops, and from nobody": [
    `approvers: [lead@acme.example, cfo@acme.example]
delegates:
  - { from: lead@acme.example, to: lead+x@acme.example, until: 2026-12-31, reason: leave }
  - { from: lead@acme.example, to: b@acme.example, until: 2026-12-31, reason: leave }
  - { from: b@acme.example, to: lead@acme.example, until: 2026-12-31, reason: leave }
  - { from: nobody@acme.example, to: cfo@acme.example, until: 2026-12-31, reason: leave }
`,
    "",
    [
      "teams/a.yaml:6:36: Must be somebody else than who is away (delegates[0].to)",
      "teams/a.yaml:8:33: Must not loop: b@acme.example → lead@acme.example → b@acme.example (delegates[2].to)",
      "teams/a.yaml:9:13: Must be somebody who may approve: nobody else has anything to hand over (delegates[3].from)",
    ],
  ],
  "a loop over both files": [
    "approvers: [lead@acme.example]\ndelegates: [{ from: lead@acme.example, to: b@acme.example, until: 2026-12-31, reason: leave }]\n",
    "delegates: [{ from: b@acme.example, to: lead@acme.example, until: 2026-12-31, reason: leave }]\n",
    [
      "teams/a.yaml:5:44: Must not loop: lead@acme.example → b@acme.example → lead@acme.example (delegates[0].to)",
    ],
  ],
  "a day that is none, and no reason": [
    "approvers: [lead@acme.example]\ndelegates: [{ from: lead@acme.example, to: b@acme.example, until: 2026-02-30 }]\n",
    "",
    [
      'teams/a.yaml:5:13: Missing key "reason": Why, for the auditor (delegates[0].reason)',
      'teams/a.yaml:5:67: Must be a day of the calendar such as "2026-12-31", got "2026-02-30" (delegates[0].until)',
    ],
  ],
};

for (const [what, [team, organisation, wanted]] of Object.entries(CASES)) {
  test(`checkApproval() judges ${what}`, () =>
    assert.deepEqual(problems(`${HEAD}${team}`, ORGANISATION + organisation), wanted));
}

test("checkApproval() says nothing of numbers of people while nobody knows who has a role", () => {
  const team = `${HEAD}approval: { by: [role:leads], needed: 2 }\nnotify: chat\n`;
  assert.deepEqual(
    problems(team, "roles: [\n").filter((line) => line.startsWith("teams/a.yaml")),
    [],
  );
});

test("checkNotify() wants of each channel what its kind needs, in variables of its own, and no team's mailbox", () => {
  const organisation = `mailboxes: { a: { id: mbx-a, address: a@acme.example } }
notify:
  channels:
    chat: { kind: slack }
    meet: { kind: teams, url_env: NOTIFY_MEET, secret_env: NOTIFY_SECRET }
    hook: { kind: webhook, url_env: MULTIMAIL_API_KEY, secret_env: "whsec_x" }
    mail: { kind: email, mailbox: { id: mbx-a, address: A@acme.example } }
    sms: { kind: sms, url_env: NOTIFY_SMS }
`;
  assert.deepEqual(problems(`${HEAD}approvers: [lead@acme.example]\n`, organisation), [
    'teams/_organisation.yaml:4:11: Missing key "url_env": kind "slack" needs it (notify.channels.chat.url_env)',
    'teams/_organisation.yaml:5:60: Must not stand beside kind "teams" (notify.channels.meet.secret_env)',
    'teams/_organisation.yaml:6:37: Must be the name of an environment variable that begins with "NOTIFY_", never what is in it: no other variable is used for notices (notify.channels.hook.url_env)',
    'teams/_organisation.yaml:6:68: Must be the name of an environment variable that begins with "NOTIFY_", never what is in it: no other variable is used for notices (notify.channels.hook.secret_env)',
    "teams/_organisation.yaml:7:41: Must be a mailbox of no team: see teams/_organisation.yaml:1:23 (notify.channels.mail.mailbox.id)",
    "teams/_organisation.yaml:7:57: Must be a mailbox of no team: see teams/_organisation.yaml:1:39 (notify.channels.mail.mailbox.address)",
    'teams/_organisation.yaml:8:18: Must be "slack" or "teams" or "webhook" or "email", got "sms" (notify.channels.sms.kind)',
    "teams/a.yaml:2:16: Must be another mailbox: notices are sent from this one (teams/_organisation.yaml:7:41) (mailbox.id)",
    "teams/a.yaml:2:32: Must be another mailbox: notices are sent from this one (teams/_organisation.yaml:7:57) (mailbox.address)",
  ]);
});

function problems(team: string, organisation: string): readonly string[] {
  const file = (name: string, text: string) => ({
    ...{ name, file: `teams/${name}` },
    bytes: new TextEncoder().encode(text),
  });
  const files = [file("a.yaml", team), file("_organisation.yaml", organisation)];
  const result = loadPolicies(files, { sha256: () => "" });
  return result.ok ? [] : result.problems.map(formatProblem);
}
