import { isAskedFor } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { StoredRecord } from "@countersign/trail";
import type { World } from "../world.ts";

/** How many records are read for one that is wanted: an archive has a copy of everything. */
const READ_FOR_ONE = 20;

/** Which of a recipient's emails are wanted. */
export interface EmailsToOptions {
  /** Absent: of any team. */
  readonly team?: string;
  /** Epoch milliseconds; absent: since ever. */
  readonly since?: number;
  /** At most so many. */
  readonly limit: number;
}

/**
 * The allowed emails that somebody meant for a recipient (`Address.base`), newest first. A copy that a policy gave is none:
 * nobody wrote to whom it reached.
 */
export async function* emailsTo(
  recipient: string,
  { limit, ...filter }: EmailsToOptions,
  { trail }: Pick<World, "trail">,
): AsyncGenerator<StoredRecord<"intent">> {
  let left = limit;
  const read = { kind: "intent", effect: "allow", newestFirst: true, limit: limit * READ_FOR_ONE } as const;
  for await (const stored of trail.records({ ...read, ...filter, recipient })) {
    const { recipients } = stored.record.data;
    const asked = recipients.filter(isAskedFor).map(({ address }) => address);
    if (asked.length < recipients.length) {
      const texts = [...(await trail.unseal(asked)).values()];
      const isMeant = texts.map(parseAddress).some((one) => one.ok && one.address.base === recipient);
      if (!isMeant) continue;
    }
    yield stored;
    left--;
    if (left === 0) return;
  }
}
