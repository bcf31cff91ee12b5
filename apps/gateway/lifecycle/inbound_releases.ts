import { deciderOf } from "@countersign/lifecycle";
import type { ReadEmail, World } from "../enforce/world.ts";
import type { MailboxAlarms } from "./mailbox_alarms.ts";

/** What releases are looked at with. */
export interface InboundReleasesOptions extends Pick<World, "live" | "metrics"> {
  readonly alarms: MailboxAlarms;
}

/** So many emails are remembered: what is read again later is looked at again. */
const MAX_KNOWN = 10_000;

/** Who released received email that waited for a person (`gated_all`), looked at when it is first read. */
export class InboundReleases {
  readonly #options: InboundReleasesOptions;
  readonly #known = new Set<string>();

  constructor(options: InboundReleasesOptions) {
    this.#options = options;
  }

  /**
   * Counts who released an email, and raises an alarm when it was somebody whom the policy does not name.
   *
   * @throws {TrailUnavailableError}
   */
  async look({ policy, email: { id, approvedBy }, receipt }: ReadEmail): Promise<void> {
    const { alarms, live, metrics } = this.#options;
    if (approvedBy === undefined || this.#known.has(id) || alarms.knowsEmail(id)) return;
    const decided_by = deciderOf(approvedBy, policy, await live.accountNames(policy));
    if (decided_by === "other") {
      await alarms.decidedByOther(policy, { receipt, event: `release of ${id}`, by: approvedBy, email: id });
    }
    metrics.happened({ event: "approved", decided_by });
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(id);
  }
}
