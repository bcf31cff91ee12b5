import { hash } from "node:crypto";
import { parseCheckpoint } from "../checkpoint/mod.ts";
import { leafHash } from "../tree/mod.ts";
import type { SealedRow, TrailPage, TrailProblem, TrailRow } from "../verify/mod.ts";
import type { Piece } from "./_piece.ts";
import type { ExportHeader } from "./export_header.ts";

/** A page is passed on when about so many bytes lie beside its records. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** Puts what is read from an export together into pages to verify. */
export class ExportPages {
  readonly #header: ExportHeader;
  readonly #head: TrailPage["head"];
  readonly #notes = new Map<number, string>();
  readonly #texts: { hash: string; text: string }[] = [];
  readonly #otherwise: TrailProblem[] = [];
  #place: number;
  #leaves: { from: number; hashes: Uint8Array } = { from: 0, hashes: Buffer.of() };
  #rows: TrailRow[] = [];
  #sealed: SealedRow[] = [];
  #problems: TrailProblem[] = [];
  #bytes = 0;

  constructor(header: ExportHeader) {
    this.#header = header;
    this.#head = { size: header.size, root: Buffer.from(header.root, "hex") };
    this.#place = header.from;
  }

  /** Takes a piece; a page, when one is full. */
  add(piece: Piece): TrailPage | undefined {
    switch (piece.is) {
      case "checkpoint":
        this.#addCheckpoint(piece);
        return undefined;
      case "policy":
        this.#addText(piece);
        return undefined;
      case "leaves": {
        const page = this.#rows.length > 0 ? this.#flush() : undefined;
        this.#leaves = piece;
        return page;
      }
      case "leaf":
        this.#addWithheld(piece.hash);
        return undefined;
      case "record":
        this.#addRecord(piece.json);
        return undefined;
      case "value":
        this.#addValue(piece.row);
        return this.#bytes > PAGE_BYTES ? this.#flush() : undefined;
      case "wrong":
        this.#report("changed", piece.message);
        return undefined;
      case "broken":
        this.#otherwise.push({ seq: null, what: "changed", message: piece.message });
        return undefined;
      case "header":
      case "end":
        this.#report("added", `A line "${piece.is}" is where none belongs`);
        return undefined;
    }
  }

  /** The last page. */
  end(): TrailPage {
    const { filter, to } = this.#header;
    const rest = [...this.#notes].map(([seq, note]) => ({ seq, note })).filter(({ seq }) => seq < to);
    const end = { otherwise: this.#otherwise, ...(filter.team === null && { policyTexts: this.#texts }) };
    const page = this.#flush();
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
    const { from, to, size, root } = this.#header;
    const isInside = seq >= from && seq < to;
    const said = rootOfNote(note);
    if (said?.size === size ? said.root !== root : !isInside)
      this.#problems.push({
        seq: null,
        what: "changed",
        message: `Checkpoint ${seq} does not say what the proof says`,
      });
    if (isInside) this.#notes.set(seq, note);
  }

  #addText({ hash: name, text }: { readonly hash: string; readonly text: string }): void {
    this.#texts.push({ hash: name, text });
    if (this.#header.filter.team === null || hash("sha256", text) === name) return;
    const message = `The text of policy ${name} does not hash to its name`;
    this.#problems.push({ seq: null, what: "changed", message });
  }

  #addRecord(json: string): void {
    const seq = this.#place++;
    this.#rows.push({ seq, json, leaf: this.#leafOf(seq) ?? leafHash(json) });
    this.#bytes += json.length;
    if (seq === this.#header.record && !saysTheSame(json, this.#header))
      this.#report("changed", "The export does not say of itself what its record says", seq);
  }

  #addWithheld(leaf: Uint8Array): void {
    const seq = this.#place++;
    this.#rows.push({ seq, json: null, leaf });
    const wanted = this.#leafOf(seq);
    if (wanted !== undefined && Buffer.compare(wanted, leaf) !== 0)
      this.#report("changed", `Record ${seq}, which is withheld, has another leaf`, seq);
  }

  #addValue(row: SealedRow): void {
    this.#sealed.push(row);
    this.#bytes += row.value?.length ?? 0;
    // By what the record says itself: where others were removed, it lies elsewhere.
    const isAfterIts =
      this.#rows.at(-1)?.json?.includes(`"seq":${row.seq},"team":`) ?? this.#rows.length === 0;
    if (isAfterIts && this.#header.values.some((kind) => kind === row.kind)) return;
    this.#report("added", `A value (${row.kind}) of record ${row.seq} is where none belongs`, row.seq);
  }

  #leafOf(seq: number): Uint8Array | undefined {
    const start = (seq - this.#leaves.from) * 32;
    const { hashes } = this.#leaves;
    return start >= 0 && start < hashes.length ? hashes.subarray(start, start + 32) : undefined;
  }

  #report(what: TrailProblem["what"], message: string, seq = this.#place): void {
    this.#problems.push({ seq, what, message });
  }
}

function rootOfNote(note: string): { readonly size: number; readonly root: string } | undefined {
  try {
    const { size, root } = parseCheckpoint(note);
    return { size, root: Buffer.from(root).toString("hex") };
  } catch {
    return undefined;
  }
}

/** Whether the record of the export and its header agree. */
function saysTheSame(json: string, { since, until, filter, values, at }: ExportHeader): boolean {
  try {
    const record = JSON.parse(json);
    const { data } = record;
    const said = [record.kind, record.at, data.since, data.until, data.values, entriesOf(data.filter)];
    return JSON.stringify(said) === JSON.stringify(["export", at, since, until, values, entriesOf(filter)]);
  } catch {
    return false;
  }
}

function entriesOf(filter: object): readonly unknown[] {
  return Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1));
}
