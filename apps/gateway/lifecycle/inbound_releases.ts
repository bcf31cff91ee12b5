import { deciderOf, incomingReceipt } from "@countersign/lifecycle";
import type { TrailStore } from "@countersign/trail";
import type { ReadEmail, World } from "../enforce/world.ts";
import { type ConsoleDecisionWorld, consoleDecision } from "./console_decision.ts";
import type { MailboxAlarms } from "./mailbox_alarms.ts";

/** What releases are looked at with. */
export interface InboundReleasesOptions extends Pick<World, "live" | "metrics">, ConsoleDecisionWorld {
  readonly trail: Pick<TrailStore, "unseal" | "recordsOf">;
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
   * Counts who released an email, and raises an alarm when it was somebody whom the policy does not name. What the console
   * decided, and signed, is never held against what MultiMail shows.
   *
   * @throws {TrailUnavailableError}
   */
  async look({ policy, email: { id, approvedBy }, receipt }: ReadEmail): Promise<void> {
    const { alarms, live, metrics } = this.#options;
    if (approvedBy === undefined || this.#known.has(id) || alarms.knowsEmail(id)) return;
    const records = await this.#options.trail.recordsOf(incomingReceipt(id));
    const { ended } = await consoleDecision("approved", { records, emailId: id }, this.#options);
    const decided_by =
      ended === undefined ? deciderOf(approvedBy, policy, await live.accountNames(policy)) : "approver";
    if (decided_by === "other") {
      await alarms.decidedByOther(policy, { receipt, event: `release of ${id}`, by: approvedBy, email: id });
    }
    metrics.happened({ event: "approved", decided_by });
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(id);
  }
}
