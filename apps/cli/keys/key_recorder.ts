import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AssistantRef } from "@countersign/core/policy";
import { type KeyChangeData, keyChangeEntry, type TrailStore } from "@countersign/trail";
import type { TrailPlace } from "@countersign/trail/open";
import { personName } from "../terminal/person_name.ts";

/** What was done to an assistant's keys. */
export interface KeyChange extends AssistantRef {
  readonly change: KeyChangeData["change"];
  /** `sha256:…` */
  readonly hashes: readonly string[];
  /** Hash of the policies as they are after it. */
  readonly policy: string;
}

/** Puts changes of keys on record in the trail, also while a gateway appends to it. */
export class KeyRecorder {
  readonly #trail: TrailStore | undefined;
  /** Why nothing can be recorded. */
  readonly #obstacle: string;

  private constructor(trail: TrailStore | undefined, obstacle: string) {
    this.#trail = trail;
    this.#obstacle = obstacle;
  }

  /**
   * Opens the trail before anything is changed.
   *
   * @throws {TrailUnavailableError} when a key is to be added and the trail that is there cannot be appended to. A key
   * is revoked all the same: that it opens nothing any more is more urgent
   */
  static async open(place: TrailPlace, change: KeyChange["change"]): Promise<KeyRecorder> {
    const path = join(place.dataDir, "trail.sqlite");
    if (place.databaseUrl === undefined && !existsSync(path))
      return new KeyRecorder(
        undefined,
        `there is no trail at "${path}" (DATA_DIR names the gateway's folder)`,
      );
    try {
      const { openTrailAt } = await import("@countersign/trail/open");
      return new KeyRecorder(await openTrailAt(place), "");
    } catch (error) {
      if (change === "added") throw error;
      process.exitCode = 1;
      return new KeyRecorder(undefined, messageOf(error));
    }
  }

  /** Records a change that is made, and says in a sentence whether it is on record. */
  async record({ team, assistant, change, hashes, policy }: KeyChange): Promise<string> {
    if (this.#trail === undefined) return `Not on record: ${this.#obstacle}`;
    const about = { at: Date.now(), team, assistant, policy };
    try {
      await this.#trail.append(keyChangeEntry({ change, hashes, person: personName() }, about));
      return "The trail has it on record";
    } catch (error) {
      // The change is made: its key must still be shown.
      process.exitCode = 1;
      return `Not on record: ${messageOf(error)}`;
    }
  }

  async close(): Promise<void> {
    await this.#trail?.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
