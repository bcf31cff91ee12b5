import { recipientsOf, rulesOf } from "../_derived.ts";
import { commitmentOf } from "../commitment_of.ts";
import type { TrailRecord } from "../record.ts";
import type { SealedKind } from "../sealed.ts";
import type { Problems } from "./_problems.ts";
import type { IndexRow, SealedRow, TrailPage } from "./trail_source.ts";

/**
 * Compares what lies beside the records with them: sealed values with their commitments, and under what records are found.
 * A value that is absent was erased, which is no problem.
 */
export class ValuesCheck {
  readonly #problems: Problems;
  #sealed = new Map<number, SealedRow[]>();
  #recipients: Map<number, IndexRow[]> | undefined;
  #rules: Map<number, IndexRow[]> | undefined;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  beginPage({ sealed, recipients, rules }: TrailPage): void {
    this.#sealed = bySeq(sealed ?? []);
    // Recipients are known from what is sealed.
    this.#recipients = sealed && recipients && bySeq(recipients);
    this.#rules = rules && bySeq(rules);
  }

  add(seq: number, json: string, record: TrailRecord): void {
    const { kind, data } = record;
    const sealed = this.#sealed.get(seq) ?? [];
    const isWhole = sealed.map((row) => this.#checkSealed(row, json)).every(Boolean);
    if (isWhole) this.#compare(seq, "recipients", this.#recipients, recipientsOf(kind, sealed));
    this.#compare(seq, "rules", this.#rules, rulesOf(kind, data));
  }

  /** Passes over what belongs to a record that cannot be looked at. */
  skip(seq: number): void {
    for (const rows of [this.#sealed, this.#recipients, this.#rules]) rows?.delete(seq);
  }

  /** What is left of the page belongs to records that are not there; below `known` that was said already. */
  endPage(known: number): void {
    const left = [this.#sealed, this.#recipients, this.#rules].flatMap((rows) => [...(rows?.keys() ?? [])]);
    for (const seq of new Set(left)) {
      if (seq >= 0 && seq < known) continue;
      this.#problems.add(seq, "removed", `Record ${seq} is missing: something that belongs to it is left`);
    }
  }

  #checkSealed({ seq, commitment, salt, kind, value }: SealedRow, json: string): boolean {
    if (!json.includes(`"${commitment}"`)) {
      this.#problems.add(seq, "added", `Record ${seq} names no commitment to a ${kind} that lies beside it`);
      return false;
    }
    if (value === null || commitmentOf(salt, kind as SealedKind, value) !== commitment) {
      this.#problems.add(
        seq,
        "changed",
        `The ${kind} beside record ${seq} is not the one that it commits to`,
      );
      return false;
    }
    return true;
  }

  #compare(
    seq: number,
    name: string,
    index: Map<number, IndexRow[]> | undefined,
    wanted: readonly string[],
  ): void {
    if (index === undefined) return;
    const found = index.get(seq)?.map(({ text }) => text) ?? [];
    index.delete(seq);
    if (wanted.some((text) => !found.includes(text))) {
      this.#problems.add(seq, "removed", `The index of ${name} leaves record ${seq} out`);
    }
    if (found.some((text) => !wanted.includes(text))) {
      this.#problems.add(seq, "added", `The index of ${name} leads to record ${seq} by what is not in it`);
    }
  }
}

function bySeq<Row extends { readonly seq: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.seq);
    if (group === undefined) groups.set(row.seq, [row]);
    else group.push(row);
  }
  return groups;
}
