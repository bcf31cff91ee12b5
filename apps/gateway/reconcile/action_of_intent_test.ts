import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOfIntent, commitmentsOf } from "@countersign/lifecycle";
import { startWorld } from "../testing/start_world.ts";

const OFFICE = {
  "office.yaml": `
team: office
mailbox: { id: mbx-office, address: office@acme.multimail.dev }
oversight: monitored
assistants: [{ id: clerk, actions: [send, reply], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: allow }
attachments: { allow: [text/csv] }
`,
};

const FULL = {
  to: ["Jane Doe <jane@acme.example>"],
  cc: ["joe@acme.example"],
  bcc: ["jim@acme.example"],
  subject: "Figures",
  body: "The **figures** – “as asked”\r\n",
  attachments: [{ name: "figures.csv", content_type: "text/csv", content_base64: "YSxiCjEsMgo=" }],
  send_at: "2026-03-03T09:00:00Z",
};

test("actionOfIntent() gives back the email that MultiMail was handed, to the letter", async (t) => {
  const stack = await startWorld(t, OFFICE);
  const { record } = await stack.askAndDie("office/clerk", FULL, "after_intent");
  const { data } = record;
  const action = actionOfIntent(data, await stack.world.trail.unseal(commitmentsOf(data)));
  assert.ok(action?.name === "send");
  const { draft, recipients } = action;
  assert.deepEqual(draft, {
    subject: FULL.subject,
    markdown: FULL.body,
    sendAt: "2026-03-03T09:00:00Z",
    attachments: [{ name: "figures.csv", contentType: "text/csv", contentBase64: "YSxiCjEsMgo=" }],
    // Composed as it was then, by a policy that added nothing: it is not composed again.
    added: { subject: 0, body: 0 },
  });
  assert.deepEqual(
    recipients.map(({ field, parsed }) => [field, parsed.ok && parsed.address.address]),
    [
      ["to", "jane@acme.example"],
      ["cc", "joe@acme.example"],
      ["bcc", "jim@acme.example"],
    ],
  );
});

test("actionOfIntent() gives back a reply without the participants whom MultiMail adds", async (t) => {
  const stack = await startWorld(t, OFFICE);
  const { id } = (await stack.control("POST", "/sandbox/inbound", {
    mailbox_id: "mbx-office",
    from: "jane@client.example",
    subject: "Question",
    markdown: "?",
  })) as { id: string };
  const body = { message_id: id, body: "Answer", cc: ["joe@acme.example"] };
  const { record } = await stack.askAndDie("office/clerk", body, "after_intent");
  const { data } = record;
  const action = actionOfIntent(data, await stack.world.trail.unseal(commitmentsOf(data)));
  assert.ok(action?.name === "reply");
  assert.equal(action.emailId, id);
  assert.deepEqual(
    action.recipients.map(({ field, text }) => [field, text]),
    [["cc", "joe@acme.example"]],
  );
});

test("actionOfIntent() knows no email once any part of it was erased", async (t) => {
  const stack = await startWorld(t, OFFICE);
  const { record } = await stack.askAndDie("office/clerk", FULL, "after_intent");
  const { data } = record;
  const commitments = commitmentsOf(data);
  const values = await stack.world.trail.unseal(commitments);
  assert.equal(commitments.length, 7);
  assert.ok(actionOfIntent(data, values));
  for (const erased of commitments) {
    const rest = new Map([...values].filter(([commitment]) => commitment !== erased));
    assert.equal(actionOfIntent(data, rest), undefined);
  }
});
