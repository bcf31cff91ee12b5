import type { TeamTexts } from "../../testing/link_teams.ts";

/** The one mailbox. */
export const MAILBOX = { id: "mbx-bench", address: "bench@acme.multimail.dev" } as const;

/** A team of which every email leaves at once, judged by as much as a real team asks for; it has no limit. */
export const BENCH_TEAMS: TeamTexts = {
  "bench.yaml": `
team: bench
mailbox: { id: ${MAILBOX.id}, address: ${MAILBOX.address} }
oversight: monitored
assistants:
  - { id: bot, actions: [send, reply, inbox, read, status], keys: ["KEY"] }
recipients: { internal: [acme.example], external: deny, deny: ["*@rival.example"] }
content: { block: [private_key, api_key, credit_card] }
`,
};
