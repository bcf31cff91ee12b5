import { isDeepStrictEqual } from "node:util";
import type { PolicySet } from "@countersign/core/policy";
import { ensureDataDir } from "@countersign/host";
import {
  type AppliedChangeData,
  appliedChangeEntry,
  isAppliedChange,
  type TrailStore,
} from "@countersign/trail";
import { openTrailAt, type TrailPlace } from "@countersign/trail/open";
import { personName } from "../terminal/person_name.ts";
import type { Difference } from "./difference.ts";

/** What became of a change. */
export type ChangeResult = AppliedChangeData["result"];

/** MultiMail's codes are valid for so long. */
const CODE_LIVES_MS = 24 * 60 * 60_000;

/** Puts changes at MultiMail on record in the trail, also while a gateway appends to it. */
export class ChangeRecorder {
  readonly #trail: TrailStore;
  readonly #policies: PolicySet;

  private constructor(trail: TrailStore, policies: PolicySet) {
    this.#trail = trail;
    this.#policies = policies;
  }

  /**
   * Opens the trail, and makes one if there is none.
   *
   * @throws {Error} when it cannot be appended to: then nothing may be changed
   */
  static async open(place: TrailPlace, policies: PolicySet): Promise<ChangeRecorder> {
    await ensureDataDir(place.dataDir);
    return new ChangeRecorder(await openTrailAt(place), policies);
  }

  /** @throws {TrailUnavailableError} */
  async record(difference: Difference, result: ChangeResult, reason?: string): Promise<void> {
    const { team, mailbox, setting, declared, live } = difference;
    const change = { result, mailbox: mailbox ?? "", setting, declared, live, by: personName() };
    const about = { at: Date.now(), team, policy: this.#policies.hash };
    await this.#trail.append(
      appliedChangeEntry({ ...change, ...(reason !== undefined && { reason }) }, about),
    );
  }

  /** When a code that may still be good was asked for; epoch milliseconds. */
  async codeRequestedAt({ team, mailbox, setting, declared, live }: Difference): Promise<number | undefined> {
    const since = Date.now() - CODE_LIVES_MS;
    for await (const { record } of this.#trail.records({ kind: "drift", since, newestFirst: true })) {
      const { data } = record;
      if (!isAppliedChange(data)) continue;
      if (record.team !== team || data.mailbox !== (mailbox ?? "") || data.setting !== setting) continue;
      const values = await Promise.all([data.declared, data.live].map((value) => this.#open(value)));
      if (!isDeepStrictEqual(values, [declared, live])) continue;
      if (data.result === "code_requested") return Date.parse(record.at);
      if (data.result === "applied") return undefined;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#trail.close();
  }

  async #open(value: string | null): Promise<string | null | undefined> {
    if (value === null || !/^[0-9a-f]{64}$/.test(value)) return value;
    return (await this.#trail.unseal([value])).get(value);
  }
}
