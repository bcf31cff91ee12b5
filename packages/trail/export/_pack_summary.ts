import type { TrailRecord } from "../record/record.ts";

/** Of its lines. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The records of a pack for people: how many of each kind, and a line for each, without any sealed value. */
export class PackSummary {
  readonly #summarize: (record: TrailRecord) => string;
  readonly #kinds = new Map<string, number>();
  readonly #effects = { allow: 0, deny: 0 };
  #withheld = 0;
  #lines: string[] = [];
  #bytes = 0;

  constructor(summarize: (record: TrailRecord) => string) {
    this.#summarize = summarize;
  }

  /** Takes lines of an export. */
  add(text: string): void {
    for (const line of text.split("\n")) {
      if (line.startsWith('{"leaf":')) this.#withheld++;
      else if (line.startsWith('{"assistant":')) this.#addRecord(JSON.parse(line) as TrailRecord);
    }
  }

  text(): string {
    const kinds = [...this.#kinds].map(([kind, count]) => `${kind} ${count}`).join(", ");
    const shown = [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
    const { allow, deny } = this.#effects;
    const left = shown - this.#lines.length;
    return [
      `${shown} records shown, ${this.#withheld} withheld: ${kinds || "none"}`,
      `Decided: ${allow} allowed, ${deny} denied`,
      "For people, and proves nothing: the records are in records/, and README.md says how to verify them",
      "",
      ...this.#lines,
      ...(left > 0 ? [`and ${left} more`] : []),
      "",
    ].join("\n");
  }

  #addRecord(record: TrailRecord): void {
    const { seq, at, kind, team, assistant, receipt, data } = record;
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (kind === "intent" && (data.effect === "allow" || data.effect === "deny"))
      this.#effects[data.effect]++;
    if (this.#bytes > MAX_BYTES) return;
    const who = [team, assistant].filter((text) => text !== null).join("/");
    const words = [seq, at, kind, who || "-", receipt ?? "-", this.#summarize(record)].join("  ");
    // A line, and nothing that a terminal obeys.
    const line = words.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
    this.#lines.push(line);
    this.#bytes += Buffer.byteLength(line) + 1;
  }
}
