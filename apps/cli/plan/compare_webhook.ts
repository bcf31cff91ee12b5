import type { Settings } from "@countersign/host";
import { WEBHOOK_EVENT_KINDS, type Webhook } from "@countersign/multimail";
import type { Difference } from "./difference.ts";

/** Where the gateway listens for MultiMail's events. */
export function webhookUrl(publicUrl: string): string {
  return `${publicUrl}/webhooks/multimail`;
}

/** Which events of the whole account MultiMail does not tell the gateway, as one difference. */
export function compareWebhook(
  webhooks: readonly Webhook[],
  { publicUrl, multimailApiUrl }: Pick<Settings, "publicUrl" | "multimailApiUrl">,
): readonly Difference[] {
  const url = webhookUrl(publicUrl);
  const subscriptions = webhooks.filter((webhook) => webhook.url === url && webhook.mailboxId === undefined);
  const told = new Set(subscriptions.flatMap(({ events }) => events));
  const events = WEBHOOK_EVENT_KINDS.filter((event) => !told.has(event));
  if (events.length === 0) return [];
  const difference = {
    team: null,
    mailbox: null,
    setting: "webhook",
    declared: `${url} (${told.size === 0 ? "every event" : events.join(", ")})`,
    live: null,
    where: null,
  };
  // MultiMail calls over the internet; only a sandbox is on this machine.
  if (!url.startsWith("https:") && multimailApiUrl.startsWith("https:")) {
    return [{ ...difference, effect: "by_hand", todo: "Set PUBLIC_URL to the https address of the gateway" }];
  }
  return [{ ...difference, effect: "looser", change: { kind: "create_webhook", url, events } }];
}
