import { isShared } from "../record/derived.ts";
import type { TrailRecord } from "../record/record.ts";
import type { Declared, TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";
import type { Problems } from "./problems.ts";

/** Compares the records of an export with what it says of itself. */
export class DeclaredCheck implements Check {
  readonly #walk: Walk;
  readonly #declared: Declared;
  readonly #isFiltered: boolean;
  /** Verifier keys that its records name. */
  readonly #named = new Set<string>();

  constructor(walk: Walk, declared: Declared) {
    this.#walk = walk;
    this.#declared = declared;
    this.#isFiltered = Object.values(declared.filter).some((text) => typeof text === "string");
  }

  row({ seq: place, json }: TrailRow, record: TrailRecord | undefined): void {
    if (json === null) this.#checkWithheld(place);
    else if (this.#walk.isInPlace(place, record)) this.#checkShown(record);
  }

  settle(): void {
    const { since, until, keys } = this.#declared;
    const { from, to, head } = this.#walk;
    const { size } = head;
    const isEmpty = from === to;
    if (since === null && from !== 0 && !(isEmpty && until !== null))
      this.#report(0, "removed", `The export begins with record ${from}, although it has no earliest time`);
    if (until === null && to !== size && !(isEmpty && since !== null))
      this.#report(
        to,
        "cut_off",
        `The export ends before record ${to} of ${size}, although it has no latest time`,
      );
    const isWhole = from === 0 && to === size;
    if (isWhole && keys.some((key) => !this.#named.has(key)))
      this.#report(null, "changed", "The export names a key that signs, which none of its records does");
  }

  #checkShown(record: TrailRecord): void {
    const { seq, at, kind, data } = record;
    const declared = this.#declared;
    if (seq === declared.record && !saysTheSame(record, declared))
      this.#report(seq, "changed", "The export does not say of itself what its record says");
    if (this.#isFiltered && !isShown(record, declared))
      this.#report(seq, "added", `Record ${seq} is shown, although the export's filter is not for it`);
    if (this.#isEdge(seq) && (at < (declared.since ?? "") || at >= (declared.until ?? ":")))
      this.#report(seq, "added", `Record ${seq} is the first or last, and not of the export's time`);
    if (kind !== "key" || data.change !== "signing" || typeof data.verifier !== "string") return;
    this.#named.add(data.verifier);
    if (!declared.keys.includes(data.verifier))
      this.#report(seq, "changed", `The export leaves out the key that record ${seq} names`);
  }

  #checkWithheld(seq: number): void {
    if (!this.#isFiltered)
      this.#report(seq, "removed", `Record ${seq} is withheld, although the export has no filter`);
    else if (seq === this.#declared.record)
      this.#report(seq, "removed", `Record ${seq} is withheld, which says what the export is`);
  }

  /** Whether this is the record with which the time that was asked for begins, or ends. */
  #isEdge(seq: number): boolean {
    const { since, until } = this.#declared;
    const { stretch } = this.#walk;
    if (stretch === undefined) return false;
    return (since !== null && seq === stretch.from) || (until !== null && seq === stretch.to - 1);
  }

  #report(...problem: Parameters<Problems["add"]>): void {
    this.#walk.problems.add(...problem);
  }
}

/** Whether the record of the export and its header agree. */
function saysTheSame({ kind, at, data }: TrailRecord, declared: Declared): boolean {
  const { since, until, values, filter } = declared;
  const said = [data.since, data.until, data.values, entriesOf(data.filter)];
  const wanted = [since, until, values, entriesOf(filter)];
  return kind === "export" && at === declared.at && JSON.stringify(said) === JSON.stringify(wanted);
}

function entriesOf(filter: unknown): readonly unknown[] {
  return Object.entries(filter ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a record may be shown, as far as it tells itself: what each email was about is not in all of its records. */
function isShown(record: TrailRecord, declared: Declared): boolean {
  const { seq, kind, team, assistant, receipt } = record;
  if (seq === declared.record || isShared(record)) return true;
  const said: Readonly<Record<string, string | null>> = { kind, team, assistant, receipt };
  return Object.entries(said).every(([name, text]) => (declared.filter[name] ?? text) === text);
}
