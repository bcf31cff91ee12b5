import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";

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

const BODY_BYTES = 700;

/** The n-th email, as the REST door takes it; no two are alike. */
export function benchEmail(n: number): {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
} {
  const words = `Email ${n}: we look forward to the delivery of order ${4711 + n} on Tuesday. `;
  const body = words.repeat(1 + BODY_BYTES / words.length).slice(0, BODY_BYTES);
  return { to: `person-${n}@acme.example`, subject: `Order ${4711 + n}`, body };
}
