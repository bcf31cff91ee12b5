import type { TeamTexts } from "./link_teams.ts";

/** Two departments that differ where it matters: everything held, and nothing held. */
export const TEAMS: TeamTexts = {
  "finance.yaml": `
team: finance
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants:
  - { id: chaser, actions: [send, reply, report, inbox, read, thread, status, cancel], keys: ["KEY"] }
  - { id: reader, actions: [inbox, read], keys: ["KEY"] }
recipients:
  internal: [acme.example]
  external: require_approval
  deny: ["*@rival.example"]
  max_per_email: 3
`,
  "marketing.yaml": `
team: marketing
mailbox: { id: mbx-marketing, address: news@acme.multimail.dev }
oversight: monitored
assistants:
  - { id: writer, keys: ["KEY"] }
recipients: { internal: [acme.example], external: deny }
`,
};
