import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";

/**
 * Departments that differ in what happens to them: email that leaves at once, that waits for its lead, correspondence, and
 * two that are in trouble: MultiMail fails for one, and changes the mailbox of the other.
 */
export const SOAK_TEAMS: TeamTexts = {
  "open.yaml": team("open", "monitored"),
  "gated.yaml": team("gated", "gated_all"),
  "desk.yaml": team("desk", "monitored"),
  "faulty.yaml": team("faulty", "monitored"),
  "drifting.yaml": team("drifting", "monitored"),
};

function team(name: string, oversight: string): string {
  return `
team: ${name}
mailbox: { id: mbx-${name}, address: ${name}@acme.multimail.dev }
oversight: ${oversight}
${oversight === "gated_all" ? "approvers: [lead@acme.example]\n" : ""}assistants:
  - { id: bot, actions: [send, reply, inbox, read, status, cancel], keys: ["KEY"] }
recipients: { internal: [acme.example], external: deny }
content: { block: [private_key, api_key, credit_card] }
`;
}
