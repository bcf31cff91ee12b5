import type { TrailRecord } from "../record/record.ts";
import type { Declared, TrailRow, TrailSource, TrailStretch } from "../store/trail_source.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import { Problems } from "./problems.ts";

/** What the checks of a verification share: how far it is, and where rows lie. */
export class Walk {
  readonly problems: Problems = new Problems();
  readonly source: TrailSource;
  readonly stretch: TrailStretch | undefined;
  readonly declared: Declared | undefined;
  /** The first place. */
  readonly from: number;

  // Written while pages are read.

  /** The head of the whole trail, when the page was read that is looked at. */
  head: TreeHead = { size: 0, root: Buffer.of() };
  /** Rows that were looked at, those among them that are withheld, and bytes of the others. */
  done = 0;
  withheld = 0;
  bytes = 0;

  // Written by the check of the sequence, which is why it comes first.

  /** Where the next row is expected. */
  next: number;
  /** By how much rows lie behind what they say: more are there, or fewer below zero. */
  shift = 0;
  /** Places are not, or may not be, those of the tree's leaves any more. */
  isBroken = false;

  constructor(source: TrailSource) {
    this.source = source;
    this.stretch = source.stretch;
    this.declared = source.declared;
    this.from = source.stretch?.from ?? 0;
    this.next = this.from;
  }

  /** The place behind the last record. */
  get to(): number {
    return this.stretch?.to ?? this.head.size;
  }

  /** How many records there are to look at. */
  get total(): number {
    return this.to - this.from;
  }

  /** Of how many records it was said already if they are missing. */
  get known(): number {
    return Math.max(this.next, this.to);
  }

  /** Whether every erasure is there that may say why a value is not: none comes later, and none is ever withheld. */
  get isToTheEnd(): boolean {
    return this.to === this.head.size;
  }

  /** Counts a row that is looked at. */
  count({ json }: TrailRow): void {
    this.done++;
    if (json === null) this.withheld++;
    else this.bytes += json.length;
  }

  /** Whether the record lies where it says, and all before it do: only then can it be compared with what belongs to it. */
  isInPlace(seq: number, record: TrailRecord | undefined): record is TrailRecord {
    return this.shift === 0 && record?.seq === seq;
  }
}
