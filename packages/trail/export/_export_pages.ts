import { hash } from "node:crypto";
import type { TrailProblem } from "../store/trail_problem.ts";
import type { SealedRow, TrailPage, TrailRow } from "../store/trail_source.ts";
import { leafHash } from "../tree/mod.ts";
import type { Piece } from "./_read_line.ts";
import { type ExportHeader, TILE } from "./export_header.ts";

/** A page is passed on when about so many bytes lie beside its records, a record counting at least so many. */
const PAGE_BYTES = 16 * 1024 * 1024;
const RECORD_BYTES = 1024;

/** Bytes of checkpoints that are read at most, a kilobyte for each beside its text. */
const MAX_NOTES = 512 * 1024 * 1024;

/** Bytes of values beside one record that are read at most. */
const MAX_BESIDE = 256 * 1024 * 1024;

/** More problems are not reported in any case. */
const MAX_PROBLEMS = 100;

/** Puts what is read from an export together into pages to verify. */
export class ExportPages {
  readonly #header: ExportHeader;
  readonly #head: TrailPage["head"];
  readonly #notes = new Map<number, string>();
  readonly #covering: { seq: number; note: string }[] = [];
  #noteBytes = 0;
  #lastCheckpoint = -1;
  /** Whether each text hashes to its name. */
  readonly #texts = new Map<string, boolean>();
  readonly #otherwise: TrailProblem[] = [];
  #place: number;
  #leaves: { from: number; hashes: Uint8Array };
  /** Commitments of the values that came after the record before. */
  #values = new Set<string>();
  #rows: TrailRow[] = [];
  #sealed: SealedRow[] = [];
  #problems: TrailProblem[] = [];
  #bytes = 0;

  constructor(header: ExportHeader) {
    this.#header = header;
    this.#head = { size: header.size, root: Buffer.from(header.root, "hex") };
    this.#place = header.from;
    this.#leaves = { from: header.from, hashes: Buffer.of() };
  }

  /** Takes a piece; a page, when one is full. */
  add(piece: Piece): TrailPage | undefined {
    if (this.#bytes > MAX_BESIDE) throw new Error("beside one of its records lies more than is read");
    const isNext = piece.is === "record" || piece.is === "leaf";
    const isFull = (isNext && this.#bytes > PAGE_BYTES) || this.#problems.length > MAX_PROBLEMS;
    const page = isFull ? this.#flush() : undefined;
    this.#take(piece);
    return page;
  }

  #take(piece: Piece): void {
    switch (piece.is) {
      case "checkpoint":
        this.#addCheckpoint(piece);
        break;
      case "policy":
        this.#addText(piece);
        break;
      case "leaves":
        this.#addLeaves(piece);
        break;
      case "leaf":
        this.#addWithheld(piece.hash);
        break;
      case "record":
        this.#addRecord(piece.json);
        break;
      case "value":
        this.#addValue(piece.row);
        break;
      case "wrong":
        this.#report("changed", piece.message);
        break;
      case "broken":
        this.#addOtherwise(piece.message);
        break;
      case "header":
      case "end":
        this.#report("added", `A line "${piece.is}" is where none belongs`);
    }
  }

  /** The last page. */
  end(): TrailPage {
    const rest = [...this.#notes].map(([seq, note]) => ({ seq, note }));
    // Of one team, texts of others are not there.
    const texts = [...this.#texts].map(([hash, isSound]) => ({ hash, isSound }));
    const isOfAll = this.#header.filter.team === null;
    const page = this.#flush();
    const end = {
      otherwise: this.#otherwise,
      covering: this.#covering,
      ...(isOfAll && { policyHashes: texts }),
    };
    return { ...page, checkpoints: [...(page.checkpoints ?? []), ...rest], end };
  }

  #flush(): TrailPage {
    const checkpoints = this.#rows.flatMap(({ seq }) => {
      const note = this.#notes.get(seq);
      return note !== undefined && this.#notes.delete(seq) ? [{ seq, note }] : [];
    });
    const page = {
      head: this.#head,
      rows: this.#rows,
      checkpoints,
      problems: this.#problems,
      ...(this.#header.values.length > 0 && { sealed: this.#sealed }),
    };
    [this.#rows, this.#sealed, this.#problems, this.#bytes] = [[], [], [], 0];
    return page;
  }

  #addCheckpoint({ seq, note }: { readonly seq: number; readonly note: string }): void {
    const { from, to } = this.#header;
    this.#noteBytes += note.length + RECORD_BYTES;
    if (this.#noteBytes > MAX_NOTES) throw new Error("it has more checkpoints than are read");
    if (seq <= this.#lastCheckpoint || this.#hasBegun)
      this.#reportWhole("added", `Checkpoint ${seq} is where none belongs`);
    this.#lastCheckpoint = seq;
    if (seq >= from && seq < to) this.#notes.set(seq, note);
    else this.#covering.push({ seq, note });
  }

  #addText({ hash: name, text }: { readonly hash: string; readonly text: string }): void {
    if (this.#texts.has(name) || this.#hasBegun)
      this.#reportWhole("added", `The policy ${name} is where none belongs`);
    const isSound = hash("sha256", text) === name;
    this.#texts.set(name, isSound);
    if (!isSound && this.#header.filter.team !== null)
      this.#reportWhole("changed", `The text of policy ${name} does not hash to its name`);
  }

  /** A line of leaves stands before the records of a tile, and has all of them. */
  #addLeaves(leaves: { readonly from: number; readonly hashes: Uint8Array }): void {
    const { from, hashes } = leaves;
    const end = Math.min(this.#header.to, from - (from % TILE) + TILE);
    const isAtStart = from === this.#header.from || from % TILE === 0;
    if (from !== this.#place || !isAtStart || hashes.length !== (end - from) * 32)
      this.#addOtherwise(`The leaves of the records from ${from} on are not where they belong`);
    this.#leaves = leaves;
  }

  #addRecord(json: string): void {
    const seq = this.#takePlace();
    this.#rows.push({ seq, json, leaf: this.#leafOf(seq) ?? leafHash(json) });
    // What is no record is told at once.
    this.#bytes += json.startsWith('{"assistant":') ? json.length + RECORD_BYTES : PAGE_BYTES / MAX_PROBLEMS;
  }

  #addWithheld(leaf: Uint8Array): void {
    const seq = this.#takePlace();
    this.#rows.push({ seq, json: null, leaf });
    this.#bytes += RECORD_BYTES;
    const wanted = this.#leafOf(seq);
    if (wanted !== undefined && Buffer.compare(wanted, leaf) !== 0)
      this.#report("changed", `Record ${seq}, which is withheld, has another leaf`, seq);
  }

  #takePlace(): number {
    this.#values = new Set();
    const seq = this.#place++;
    if (seq < this.#header.to && this.#leafOf(seq) === undefined)
      this.#addOtherwise(`The leaves of the records from ${seq} on are missing`);
    return seq;
  }

  #addValue(row: SealedRow): void {
    const { seq, kind, commitment, value } = row;
    this.#sealed.push(row);
    this.#bytes += (value?.length ?? 0) + RECORD_BYTES;
    // By what the record says itself: where others were removed, it lies elsewhere.
    const isAfterIts = this.#rows.at(-1)?.json?.includes(`"seq":${seq},"team":`) ?? false;
    if (isAfterIts && !this.#values.has(commitment) && this.#header.values.some((one) => one === kind))
      this.#values.add(commitment);
    else this.#report("added", `A value beside record ${seq} is where none belongs`, seq);
  }

  #leafOf(seq: number): Uint8Array | undefined {
    const start = (seq - this.#leaves.from) * 32;
    const { hashes } = this.#leaves;
    return start >= 0 && start < hashes.length ? hashes.subarray(start, start + 32) : undefined;
  }

  get #hasBegun(): boolean {
    return this.#place > this.#header.from || this.#leaves.hashes.length > 0;
  }

  #addOtherwise(message: string): void {
    if (this.#otherwise.length < MAX_PROBLEMS) this.#otherwise.push({ seq: null, what: "changed", message });
  }

  #report(what: TrailProblem["what"], message: string, seq = this.#place): void {
    this.#problems.push({ seq, what, message });
  }

  #reportWhole(what: TrailProblem["what"], message: string): void {
    this.#problems.push({ seq: null, what, message });
  }
}
