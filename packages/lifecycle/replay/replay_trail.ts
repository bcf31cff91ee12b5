import type { PolicySet } from "@countersign/core/policy";
import {
  isReadable,
  type StoredRecord,
  type TrailFilter,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import { type ReplayedIntent, replayCommitments, replayIntent } from "./replay_intent.ts";

/** A recorded request, and what other policies decide about it. */
export interface ReplayedRequest {
  readonly record: TrailRecord<"intent">;
  readonly replayed: ReplayedIntent;
}

/** How many requests are judged in one go; so many bodies are in memory. */
const TOGETHER = 100;

/**
 * Judges every recorded request that passes the filter by other policies, each by itself, in the world as it was then; in the
 * order of the trail. Streams.
 *
 * @throws {TrailUnavailableError}
 */
export async function* replayTrail(
  trail: Pick<TrailStore, "records" | "unseal">,
  policies: PolicySet,
  filter: Pick<TrailFilter, "team" | "assistant" | "since" | "until"> = {},
): AsyncGenerator<ReplayedRequest> {
  let some: StoredRecord<"intent">[] = [];
  for await (const stored of trail.records({ ...filter, kind: "intent" })) {
    some.push(stored);
    if (some.length < TOGETHER) continue;
    yield* replayed(trail, some, policies);
    some = [];
  }
  yield* replayed(trail, some, policies);
}

async function* replayed(
  trail: Pick<TrailStore, "unseal">,
  some: readonly StoredRecord<"intent">[],
  policies: PolicySet,
): AsyncGenerator<ReplayedRequest> {
  const wanted = some.flatMap(({ record }) =>
    !isReadable(record) || record.data.facts === undefined || record.data.facts.beyond
      ? []
      : replayCommitments(record.data),
  );
  const values = wanted.length === 0 ? NOTHING : await trail.unseal(wanted);
  for (const { record } of some) yield { record, replayed: replayIntent(record, values, policies) };
}

const NOTHING: ReadonlyMap<string, string> = new Map();
