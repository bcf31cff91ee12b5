import { addressBase } from "../record/address_base.ts";
import { PERSON_KINDS, personOf } from "../record/person_of.ts";
import type { TrailFilter, TrailStore } from "./store.ts";
import type { StoredRecord } from "./stored.ts";

/** Which records to find: what the store can tell, and who did it, which is sealed. */
export interface RecordFilter extends TrailFilter {
  /** A person: who approved, changed keys or settings, cleared, read, exported or erased. */
  readonly by?: string;
}

/** Records that pass the filter, in its order; streams. */
export async function* findRecords(
  trail: TrailStore,
  { by, ...filter }: RecordFilter,
): AsyncGenerator<StoredRecord> {
  if (by === undefined) {
    yield* trail.records(filter);
    return;
  }
  const wanted = addressBase(by.trim());
  const { limit = Number.POSITIVE_INFINITY, ...rest } = filter;
  let left = limit;
  for await (const stored of trail.records({ ...rest, kinds: filter.kinds ?? PERSON_KINDS })) {
    if (left <= 0) return;
    const person = personOf(stored.record);
    if (person === undefined) continue;
    const name = (await trail.unseal([person])).get(person);
    if (name === undefined || addressBase(name.trim()) !== wanted) continue;
    left--;
    yield stored;
  }
}

/** How many records pass the filter, whatever its limit. */
export async function countFound(trail: TrailStore, filter: RecordFilter): Promise<number> {
  if (filter.by === undefined) return trail.count(filter);
  const { limit: _, ...rest } = filter;
  let count = 0;
  for await (const _record of findRecords(trail, rest)) count++;
  return count;
}
