import type { Json } from "../record/json.ts";
import type { NamedCommitment } from "../record/named_commitments.ts";
import { readRecord } from "../record/read_record.ts";
import type { SealedRow, TrailSource } from "../store/trail_source.ts";

/** What the erasures on record explain: which values are absent, and must be. */
export class Erasures {
  readonly #source: TrailSource;
  /** Values that were erased one by one, and the first erasure that did. */
  readonly #named = new Map<string, number>();
  /** By kind: values that belong to records below this were erased. */
  readonly #below = new Map<string, number>();
  /** The same, each by its erasure. */
  readonly #ends: { readonly erasure: number; readonly kind: string; readonly end: number }[] = [];
  /** Erasures that were read ahead, by `seq`, until they are met in their place. */
  readonly #ahead = new Map<number, string>();
  #nextSeq = 0;

  constructor(source: TrailSource) {
    this.#source = source;
  }

  /** Reads the erasures that were appended since the last time. */
  async readAhead(): Promise<void> {
    for await (const { seq, json } of erasuresOf(this.#source, this.#nextSeq)) {
      this.#ahead.set(seq, json);
      this.#add(seq, json);
    }
  }

  /** Whether the value of record `seq` may be absent. */
  explains(seq: number, { commitment, kinds }: NamedCommitment): boolean {
    return this.#named.has(commitment) || kinds.some((kind) => this.#isBelow(seq, kind));
  }

  /**
   * Whether a value was erased, although it lay there when the trail had `size` records. An erasure that came after them
   * says nothing of it: it may be known already, and the value was read before.
   */
  forbids({ seq, commitment, kind }: Pick<SealedRow, "seq" | "commitment" | "kind">, size: number): boolean {
    if ((this.#named.get(commitment) ?? size) < size) return true;
    return (
      this.#isBelow(seq, kind) &&
      this.#ends.some((one) => one.kind === kind && one.erasure < size && seq < one.end)
    );
  }

  /** An erasure was met in its place: one that was read ahead must be the same. */
  meet(seq: number, json: string): void {
    if (seq >= this.#nextSeq) this.#add(seq, json);
    else if (this.#ahead.get(seq) === json) this.#ahead.delete(seq);
  }

  /** Erasures that were read ahead and are not in their place: they explain nothing. */
  get notMet(): readonly number[] {
    return [...this.#ahead.keys()];
  }

  #isBelow(seq: number, kind: string): boolean {
    return this.#below.size > 0 && seq < (this.#below.get(kind) ?? 0);
  }

  #add(seq: number, json: string): void {
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
    const record = readRecord(json);
    if (record?.kind !== "erasure") return;
    const { commitments, below } = record.data;
    for (const one of textsOf(commitments)) this.#named.set(one, Math.min(this.#named.get(one) ?? seq, seq));
    if (typeof below !== "object" || below === null || !("seq" in below)) return;
    // What came after the erasure, it did not erase.
    const end = Number.isSafeInteger(below.seq) ? Math.min(Number(below.seq), seq) : 0;
    for (const kind of textsOf(below.kinds)) {
      this.#ends.push({ erasure: seq, kind, end });
      this.#below.set(kind, Math.max(this.#below.get(kind) ?? 0, end));
    }
  }
}

const ERASURE = '"kind":"erasure"';

async function* erasuresOf(
  source: TrailSource,
  fromSeq: number,
): AsyncGenerator<{ seq: number; json: string }> {
  try {
    if (source.records !== undefined) {
      for await (const { record, json } of source.records({ kind: "erasure", fromSeq })) {
        yield { seq: record.seq, json };
      }
      return;
    }
  } catch {
    // A record that cannot be read does not keep the others from being found.
  }
  for await (const { rows } of source.pages()) {
    for (const { seq, json } of rows) {
      if (seq >= fromSeq && json?.includes(ERASURE)) yield { seq, json };
    }
  }
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
