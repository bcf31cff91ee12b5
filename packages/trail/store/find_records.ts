import { addressBase } from "../record/address_base.ts";
import { askerOf } from "../record/asker.ts";
import { PERSON_KINDS, personOf } from "../record/person_of.ts";
import type { RecordKind } from "../record/record_kind.ts";
import type { Commitment } from "../record/sealed.ts";
import type { TrailFilter, TrailStore } from "./store.ts";
import type { StoredRecord } from "./stored.ts";

/** Which records to find: what the store can tell, who did it and who asked for it, which are sealed. */
export interface RecordFilter extends TrailFilter {
  /** A person: who approved, changed keys or settings, cleared, read, exported or erased. */
  readonly by?: string;
  /** A person: who asked an assistant for it, by the address that their sign-in confirmed. */
  readonly user?: string;
}

/** So many are looked at before what is sealed of them is asked for at once. */
const BATCH = 256;

/** Records that pass the filter, in its order; streams. */
export async function* findRecords(
  trail: TrailStore,
  { by, user, ...filter }: RecordFilter,
): AsyncGenerator<StoredRecord> {
  const people = [
    ...(by === undefined ? [] : [{ wanted: by, kinds: PERSON_KINDS, of: doerOf }]),
    ...(user === undefined ? [] : [{ wanted: user, kinds: ASKED_KINDS, of: userOf }]),
  ];
  const [first, ...more] = people;
  if (first === undefined) {
    yield* trail.records(filter);
    return;
  }
  // Nothing was both done by somebody and asked for of an assistant.
  if (more.length > 0) return;
  yield* recordsOf(trail, filter, first);
}

/** How many records pass the filter, whatever its limit. */
export async function countFound(trail: TrailStore, filter: RecordFilter): Promise<number> {
  if (filter.by === undefined && filter.user === undefined) return trail.count(filter);
  const { limit: _, ...rest } = filter;
  let count = 0;
  for await (const _record of findRecords(trail, rest)) count++;
  return count;
}

const ASKED_KINDS: readonly RecordKind[] = ["intent"];

/** Records that say that a person had to do with them, and how to find out which. */
interface PersonFilter {
  readonly wanted: string;
  readonly kinds: readonly RecordKind[];
  readonly of: (stored: StoredRecord) => Commitment | undefined;
}

function doerOf({ record }: StoredRecord): Commitment | undefined {
  return personOf(record);
}

function userOf({ record }: StoredRecord): Commitment | undefined {
  return askerOf(record.data)?.address;
}

async function* recordsOf(
  trail: TrailStore,
  { limit = Number.POSITIVE_INFINITY, ...filter }: TrailFilter,
  { wanted, kinds, of }: PersonFilter,
): AsyncGenerator<StoredRecord> {
  const base = addressBase(wanted.trim());
  let left = limit;
  let batch: { readonly stored: StoredRecord; readonly person: Commitment }[] = [];
  const matching = async () => {
    const names = await trail.unseal(batch.map(({ person }) => person));
    const found = batch.filter(({ person }) => addressBase(names.get(person)?.trim() ?? "") === base);
    batch = [];
    return found;
  };
  for await (const stored of trail.records({ ...filter, kinds: filter.kinds ?? kinds })) {
    if (left <= 0) return;
    const person = of(stored);
    if (person === undefined) continue;
    batch.push({ stored, person });
    if (batch.length < BATCH) continue;
    for (const found of await matching()) {
      if (left-- <= 0) return;
      yield found.stored;
    }
  }
  for (const found of await matching()) {
    if (left-- <= 0) return;
    yield found.stored;
  }
}
