import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";

/** The mailbox of team "sales". */
export const SALES_MAILBOX = "mbx-sales";

/**
 * Two teams that the doors are tested with: "sales", whose "bot" may do everything and whose "other" may only look, with
 * whatever `changes` says instead; and "legal", whose mailbox is none of their business.
 */
export function salesTeams(changes: Readonly<Record<string, unknown>> = {}): TeamTexts {
  const sales = {
    oversight: "gated_send",
    approvers: ["lead@acme.example"],
    recipients: { internal: ["acme.example"], skip_approval: ["*@acme.example"], deny: ["*@rival.example"] },
    ...changes,
  };
  const keys = Object.entries(sales).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return {
    "sales.yaml": `
team: sales
mailbox: { id: ${SALES_MAILBOX}, address: sales@acme.multimail.dev }
assistants:
  - { id: bot, actions: [send, reply, inbox, read, thread, status, cancel, report], keys: ["KEY"] }
  - { id: other, actions: [inbox, status], keys: ["KEY"] }
${keys.join("\n")}
`,
    "legal.yaml": `
team: legal
mailbox: { id: mbx-legal, address: legal@acme.multimail.dev }
oversight: gated_all
approvers: [counsel@acme.example]
assistants:
  - { id: clerk, keys: ["KEY"] }
recipients: { internal: [acme.example] }
`,
  };
}
