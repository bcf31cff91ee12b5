import { recipientsOf, rulesOf } from "../record/derived.ts";
import { type NamedCommitment, namedCommitments } from "../record/named_commitments.ts";
import type { TrailRecord } from "../record/record.ts";
import type { SealedKind } from "../record/sealed.ts";
import { commitmentOf } from "../record/sealed.ts";
import type { IndexRow, SealedRow, TrailPage, TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Erasures } from "./_erasures.ts";
import type { Walk } from "./_walk.ts";

type Absent = readonly [seq: number, named: NamedCommitment];

/** More problems are not reported in any case. */
const MAX_ABSENT = 100;

/**
 * Compares what lies beside the records with them: sealed values with their commitments, and under what records are found.
 * A value is absent when an erasure says so, and only then.
 */
export class ValuesCheck implements Check {
  readonly #walk: Walk;
  readonly #erasures: Erasures;
  #sealed: Map<number, SealedRow[]> | undefined;
  #recipients: Map<number, IndexRow[]> | undefined;
  #rules: Map<number, IndexRow[]> | undefined;
  /** What no erasure known so far explains, of the page that is looked at. */
  #absent: Absent[] = [];
  readonly #unexplained: Absent[] = [];

  constructor(walk: Walk, erasures: Erasures) {
    this.#walk = walk;
    this.#erasures = erasures;
  }

  beginPage({ sealed, recipients, rules }: TrailPage): void {
    this.#absent = [];
    this.#sealed = sealed && bySeq(sealed);
    // Recipients are known from what is sealed.
    this.#recipients = sealed && recipients && bySeq(recipients);
    this.#rules = rules && bySeq(rules);
  }

  row({ seq, json }: TrailRow, record: TrailRecord | undefined): void {
    if (json === null || !this.#walk.isInPlace(seq, record)) return;
    const { kind, data } = record;
    if (kind === "erasure") this.#erasures.meet(seq, json);
    const sealed = this.#sealed?.get(seq) ?? NONE;
    if (this.#sealed !== undefined) this.#checkPresent(seq, record, sealed);
    const isWhole = sealed.map((row) => this.#checkSealed(row, json)).every(Boolean);
    if (isWhole) this.#compare(seq, "recipients", this.#recipients, recipientsOf(kind, sealed));
    this.#compare(seq, "rules", this.#rules, rulesOf(kind, data));
  }

  /** Looks for what explains that values of this page are absent: an erasure of the time since verification began may. */
  async endPage(): Promise<void> {
    if (this.#absent.length === 0 || !this.#walk.isToTheEnd) return;
    await this.#erasures.readAhead();
    for (const [seq, named] of this.#absent) {
      if (this.#unexplained.length === MAX_ABSENT) break;
      if (!this.#erasures.explains(seq, named)) this.#unexplained.push([seq, named]);
    }
    this.#absent = [];
  }

  /** Reports what nothing explains, and what explained something without being in its place. */
  settle(): void {
    const { problems, isToTheEnd } = this.#walk;
    if (!isToTheEnd) return;
    for (const [seq, { kinds }] of this.#unexplained) {
      const what = kinds.join(" or ");
      problems.add(seq, "removed", `A value beside record ${seq} (${what}) is missing: no erasure says so`);
    }
    for (const seq of this.#erasures.notMet) {
      if (problems.any) return;
      problems.add(seq, "changed", `Erasure ${seq} was another one while the trail was read`);
    }
  }

  #checkPresent(seq: number, { kind, data }: TrailRecord, sealed: readonly SealedRow[]): void {
    const there = this.#walk.source.sealedKinds;
    for (const named of namedCommitments(kind, data)) {
      if (sealed.some(({ commitment }) => commitment === named.commitment)) continue;
      if (!named.kinds.every((kind) => there?.includes(kind) ?? true)) continue;
      if (!this.#erasures.explains(seq, named)) this.#absent.push([seq, named]);
    }
  }

  #checkSealed(row: SealedRow, json: string): boolean {
    const { seq, commitment, salt, kind, value } = row;
    if (!json.includes(`"${commitment}"`)) {
      this.#walk.problems.add(
        seq,
        "added",
        `Record ${seq} names no commitment to a ${kind} that lies beside it`,
      );
      return false;
    }
    if (value === null || commitmentOf(salt, kind as SealedKind, value) !== commitment) {
      this.#walk.problems.add(
        seq,
        "changed",
        `The ${kind} beside record ${seq} is not the one that it commits to`,
      );
      return false;
    }
    if (this.#erasures.forbids(row, this.#walk.head.size)) {
      this.#walk.problems.add(
        seq,
        "added",
        `The ${kind} beside record ${seq} was erased, and is there again`,
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
      this.#walk.problems.add(seq, "removed", `The index of ${name} leaves record ${seq} out`);
    }
    if (found.some((text) => !wanted.includes(text))) {
      this.#walk.problems.add(
        seq,
        "added",
        `The index of ${name} leads to record ${seq} by what is not in it`,
      );
    }
  }
}

const NONE: readonly SealedRow[] = [];

function bySeq<Row extends { readonly seq: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.seq);
    if (group === undefined) groups.set(row.seq, [row]);
    else group.push(row);
  }
  return groups;
}
