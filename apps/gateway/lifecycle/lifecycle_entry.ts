import { parseAddress } from "@countersign/core/address";
import { type LifecycleData, Sealer, type TrailEntry, type TrailRecord } from "@countersign/trail";

/** What happened, with the person and the reason as text. */
export interface LifecycleEntryOptions
  extends Pick<LifecycleData, "event" | "email" | "learnt_by">,
    Partial<
      Pick<
        LifecycleData,
        | "happened_at"
        | "bounce_type"
        | "multimail_status"
        | "final"
        | "decided_by"
        | "outside_hours"
        | "findings"
      >
    > {
  /** Who decided: mostly an address. */
  readonly by?: string;
  readonly reason?: string;
}

/** The record of something that happened to the email of an intent. A person and a reason enter it as commitments. */
export function lifecycleEntry(
  intent: Pick<TrailRecord, "team" | "assistant" | "receipt" | "policy">,
  now: number,
  { by, reason, ...happened }: LifecycleEntryOptions,
): TrailEntry<"lifecycle"> {
  const { team, assistant, receipt, policy } = intent;
  const sealer = new Sealer();
  const data: LifecycleData = {
    happened_at: null,
    bounce_type: null,
    multimail_status: null,
    final: false,
    ...happened,
    by: by === undefined ? null : sealPerson(sealer, by),
    reason: reason === undefined ? null : sealer.seal("text", reason),
  };
  return { kind: "lifecycle", at: now, team, assistant, receipt, policy, data, sealed: sealer.values };
}

/** The commitment to a person: mostly an address, canonical if it is one. */
export function sealPerson(sealer: Sealer, text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? sealer.seal("address", parsed.address.address) : sealer.seal("text", text);
}
