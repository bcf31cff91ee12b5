/** Two teams, and an organisation with an auditor and an operator, as files. */
export const TEAMS: Readonly<Record<string, string>> = {
  "_organisation.yaml": `# What holds for every team.
internal: [acme.example]
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
