import type { TeamTexts } from "../../testing/link_teams.ts";

/** Two departments: one whose email leaves at once, one whose email waits for its lead. */
export const CRASH_TEAMS: TeamTexts = {
  "open.yaml": `
team: open
mailbox: { id: mbx-open, address: open@acme.multimail.dev }
oversight: monitored
assistants: [{ id: open-bot, actions: [send, reply], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
`,
  "gated.yaml": `
team: gated
mailbox: { id: mbx-gated, address: gated@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: gated-bot, actions: [send], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
`,
};
