import type { CreatedMailbox, MultiMailClient, Webhook } from "@countersign/multimail";
import type { Change } from "./difference.ts";

/** What MultiMail made of a change. */
export interface ChangeAnswer {
  /** False: it mailed a code to the operator, and wants the change again with it. */
  readonly done: boolean;
  readonly mailbox?: CreatedMailbox;
  readonly webhook?: Webhook;
}

/**
 * Makes one change at MultiMail, with the operator's code if there is one already.
 *
 * @throws {MultiMailError} `forbidden` when the code is not the right one
 */
export async function applyChange(
  client: MultiMailClient,
  change: Change,
  code?: string,
): Promise<ChangeAnswer> {
  const confirmed = code === undefined ? {} : { approvalCode: code };
  switch (change.kind) {
    case "tighten":
      await client.updateMailbox(change.mailboxId, { oversightMode: change.mode });
      return { done: true };
    case "copy":
      await client.updateMailbox(change.mailboxId, { [change.field]: change.address });
      return { done: true };
    case "loosen":
      if (code === undefined) await client.requestUpgrade(change.mailboxId, change.mode);
      else await client.upgrade(change.mailboxId, code);
      return { done: code !== undefined };
    case "allow":
      return answerOf(
        await client.addAllowlistEntry(change.mailboxId, { pattern: change.pattern }, confirmed),
      );
    case "disallow":
      return answerOf(await client.removeAllowlistEntry(change.mailboxId, change.entryId, confirmed));
    case "create_mailbox": {
      const addressLocal = change.address.slice(0, change.address.lastIndexOf("@"));
      return answerOf(await client.createMailbox({ addressLocal }, confirmed));
    }
    case "create_webhook":
      return answerOf(await client.createWebhook({ url: change.url, events: change.events }, confirmed));
  }
}

function answerOf<T extends { readonly codeMailed: boolean }>({ codeMailed, ...rest }: T) {
  return { done: !codeMailed, ...rest };
}
