import {
  type AppendResult,
  type TrailStore,
  TrailUnavailableError,
  type WantingEntry,
} from "@countersign/trail";
import { withAppend } from "./with_append.ts";

/** As far apart as looks end that run together, in milliseconds. */
const WAIT_MS = 5;

/** With so many entries nobody else is waited for. */
const ENOUGH = 64;

/** Entries that are to be in one commit, among those of others. */
interface Waiting {
  readonly entries: readonly WantingEntry[];
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The same trail for what nobody waits for: each `tryAppendAll` waits a moment for others, since a commit for all of them
 * costs little more than one for each.
 */
export function withGatheredAppends(trail: TrailStore): TrailStore {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const together = waiting;
    waiting = [];
    void appendTogether(together, trail);
  }

  return {
    ...withAppend(trail, (append) => append()),
    tryAppendAll: (entries) =>
      new Promise((resolve, reject) => {
        waiting.push({ entries, resolve, reject });
        const count = waiting.reduce((sum, one) => sum + one.entries.length, 0);
        if (count >= ENOUGH) flush();
        else timer ??= setTimeout(flush, WAIT_MS);
      }),
  };
}

async function appendTogether(together: readonly Waiting[], trail: TrailStore): Promise<void> {
  try {
    const results = await trail.tryAppendAll(together.flatMap(({ entries }) => entries));
    let first = 0;
    for (const { entries, resolve } of together) {
      resolve(results.slice(first, first + entries.length));
      first += entries.length;
    }
  } catch (error) {
    // What is wrong with one entry is not the others' fault.
    const isShared = error instanceof TrailUnavailableError || together.length === 1;
    for (const { entries, resolve, reject } of together)
      if (isShared) reject(error);
      else trail.tryAppendAll(entries).then(resolve, reject);
  }
}
