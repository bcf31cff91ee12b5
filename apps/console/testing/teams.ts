/** Two teams, and an organisation with an auditor and an operator, as files. */
export const TEAMS: Readonly<Record<string, string>> = {
  "_organisation.yaml": `# What holds for every team.
internal: [acme.example]
auditors: [auditor@acme.example, "claim:audit"]
operators: [operator@acme.example, "claim:platform"]
recipients:
  deny: ["*@rival.example"]   # LEG-88
`,
  "finance.yaml": `team: finance
description: Invoices and reminders
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_send
approvers: [finance-lead@acme.example, deputy@acme.example]
assistants:
  - id: invoice-chaser
    keys: []
recipients:
  external: require_approval
  internal: [acme.example]
`,
  "sales.yaml": `team: sales
mailbox: { id: mbx-sales, address: sales@acme.multimail.dev }
oversight: gated_send
approvers: [sales-lead@acme.example]
assistants:
  - id: lead-qualifier
    keys: []
recipients:
  internal: [acme.example]
`,
};

/** One person who may see every page. */
export const EVERYBODY = "everybody@acme.example";

/** The same teams, in which that person has every role. */
export const TEAMS_OF_EVERYBODY: Readonly<Record<string, string>> = {
  ...TEAMS,
  "_organisation.yaml": (TEAMS["_organisation.yaml"] ?? "")
    .replace("auditors: [", `auditors: [${EVERYBODY}, `)
    .replace("operators: [", `operators: [${EVERYBODY}, `),
  "sales.yaml": (TEAMS["sales.yaml"] ?? "").replace("approvers: [", `approvers: [${EVERYBODY}, `),
};
