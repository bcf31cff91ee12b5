import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";

const FINANCE = `team: finance
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_all
approval:
  by: [lead@acme.example, deputy@acme.example]
  expires: 48h
  classes:
    - { when: { recipients: ["*@bank.example"] }, needed: 2, by: [cfo@acme.example, lead@acme.example] }
assistants:
  - { id: chaser, actions: [send, reply, status, cancel], keys: ["KEY"] }
  - { id: reminder, actions: [send, reply, status, cancel], keys: ["KEY"] }
recipients: { internal: [acme.example], external: require_approval }
first_contact: flag
overlap: { window: 24h, action: flag }
attachments: { allow: [text/csv, text/plain, image/png] }
`;

const SALES = `team: sales
mailbox: { id: mbx-sales, address: sales@acme.multimail.dev }
oversight: gated_send
approvers: [seller@acme.example]
assistants:
  - { id: qualifier, actions: [send, status, cancel], keys: ["KEY"] }
recipients: { internal: [acme.example], external: require_approval }
`;

/** Two teams whose email waits for people. */
export const QUEUE_TEAMS: TeamTexts = { "finance.yaml": FINANCE, "sales.yaml": SALES };

/** What somebody would send who wants to do harm by its text. */
export const HOSTILE_SUBJECT = `<script>document.title="x"</script><img src=x onerror=alert(1)> \u202Eevil`;

/** Its body: markup, styles, a form and right-to-left text. */
export const HOSTILE_BODY = `<style>body{display:none}</style><form action="//evil.example"><button>ok</button></form>
  kept   whitespace
שלום <a href="javascript:alert(1)">x</a>
`;

/** A PNG of one pixel, base64. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
