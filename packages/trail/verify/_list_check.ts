import { isFinal, isOpening, isSettling, isTaking } from "../record/derived.ts";
import type { JsonObject } from "../record/json.ts";
import type { TrailRecord } from "../record/record.ts";
import type { RecordKind } from "../record/record_kind.ts";
import type { ListedRow, TrailEnd, TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";

type Is = (kind: RecordKind, data: JsonObject) => boolean;

/** A list of receipts that records begin and end. */
export interface List {
  readonly name: "openIntents" | "watchedEmails";
  /** As in "is listed as …". */
  readonly one: string;
  readonly all: string;
  readonly begins: Is;
  readonly ends: Is;
}

/** What a trail lists so that nobody has to look for it. */
export const LISTS: readonly List[] = [
  {
    name: "openIntents",
    one: "an open intent",
    all: "open intents",
    begins: isOpening,
    ends: isSettling,
  },
  {
    name: "watchedEmails",
    one: "a watched email",
    all: "watched emails",
    begins: isTaking,
    ends: isFinal,
  },
];

/** Compares one list with the records. */
export class ListCheck implements Check {
  readonly #list: List;
  readonly #walk: Walk;
  /** What was begun and not ended so far, by receipt. */
  readonly #wanted = new Map<string, number>();

  constructor(walk: Walk, list: List) {
    this.#walk = walk;
    this.#list = list;
  }

  row({ seq }: TrailRow, record: TrailRecord | undefined): void {
    if (!this.#walk.isInPlace(seq, record) || record.receipt === null) return;
    const { kind, receipt, data } = record;
    if (this.#list.begins(kind, data)) this.#wanted.set(receipt, seq);
    if (this.#list.ends(kind, data)) this.#wanted.delete(receipt);
  }

  settle(end: TrailEnd): void {
    const { problems, next, known } = this.#walk;
    const listed = end[this.#list.name];
    if (listed === undefined) return;
    const { one, all } = this.#list;
    for (const { receipt, seq } of listed.filter(({ seq }: ListedRow) => seq < next)) {
      if (this.#wanted.get(receipt) !== seq) {
        problems.add(seq, "added", `Record ${seq} is listed as ${one} and is none`);
      }
      this.#wanted.delete(receipt);
    }
    for (const seq of this.#wanted.values()) {
      problems.add(seq, "removed", `Record ${seq} is missing from the list of ${all}`);
    }
    for (const { seq } of listed.filter(({ seq }) => seq >= known)) {
      problems.add(seq, "removed", `Record ${seq} is missing: it is listed as ${one}`);
    }
  }
}
