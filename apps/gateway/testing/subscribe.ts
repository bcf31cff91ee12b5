import { MultiMailClient } from "@countersign/multimail";
import type { Stack } from "./start_stack.ts";

/** Has the sandbox tell the stack's gateway of every event, as an operator sets it up. */
export async function subscribe({ sandbox, gateway, control }: Stack): Promise<void> {
  const admin = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.adminKey });
  const webhook = {
    url: `${gateway.url}/webhooks/multimail`,
    events: [
      "message.received",
      "message.sent",
      "message.delivered",
      "oversight.pending",
      "oversight.approved",
      "oversight.rejected",
    ],
  };
  await admin.createWebhook(webhook);
  const { messages } = (await control("GET", "/sandbox/operator-mail")) as { messages: { code: string }[] };
  await admin.createWebhook(webhook, { approvalCode: messages.at(-1)?.code ?? "" });
  await admin.close();
}
