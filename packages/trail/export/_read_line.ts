import type { SealedRow } from "../store/trail_source.ts";
import { MAX_LINE } from "./_lines.ts";

/** What a line is; undefined: nothing that is wanted. */
export type ReadLine = (line: string) => Piece | undefined;

/** What is read from an export, in the order in which it lies there. */
export type Piece =
  | { readonly is: "header"; readonly value: unknown }
  | { readonly is: "checkpoint"; readonly seq: number; readonly note: string }
  | { readonly is: "policy"; readonly hash: string; readonly text: string }
  /** Leaf hashes of the records from `from` on, 32 bytes each. */
  | { readonly is: "leaves"; readonly from: number; readonly hashes: Uint8Array }
  | { readonly is: "leaf"; readonly hash: Uint8Array }
  | { readonly is: "value"; readonly row: SealedRow }
  | { readonly is: "record"; readonly json: string }
  /** The export as a whole is not as it was written; said if nothing else is wrong. */
  | { readonly is: "broken"; readonly message: string }
  /** The end of a JSONL export: SHA-256 that everything before it has to have. */
  | { readonly is: "end"; readonly sha256: string }
  /** Something is not as an export has it. */
  | { readonly is: "wrong"; readonly message: string };

type Members = Record<string, unknown>;

/** How a kind of line is read: at most so long, with exactly these members. */
interface Reader {
  readonly maxLength: number;
  /** Absent: whoever reads its value looks at them. */
  readonly members?: string;
  readonly read: (value: Members) => Piece | undefined;
}

/**
 * What one line of an export is. A line that begins like no other is a record's, whatever it is; another one has to be exactly
 * what `JSON.stringify` makes of what it says, so that no member stands there twice. Total.
 */
export function readLine(line: string): Piece {
  const name = NAME.exec(line)?.[1] ?? "";
  const reader = READERS[name];
  if (reader === undefined) return { is: "record", json: line };
  return readMember(line, name, reader) ?? { is: "wrong", message: `A line "${name}" is not one` };
}

function readMember(line: string, name: string, { maxLength, members, read }: Reader): Piece | undefined {
  if (line.length > maxLength) return undefined;
  try {
    const whole = JSON.parse(line) as Members;
    // A whole file with other line ends is told by its records.
    const wanted = name === "export" ? line.trimEnd() : line;
    if (JSON.stringify(whole) !== wanted || Object.keys(whole).length !== 1) return undefined;
    const value = whole[name] as Members;
    if (members === undefined || Object.keys(value).sort().join() === members) return read(value);
  } catch {
    // It is no JSON.
  }
  return undefined;
}

const NAME = /^\{"(export|checkpoint|policy|leaves|leaf|value|end)":/;

const READERS: Readonly<Record<string, Reader>> = {
  export: {
    maxLength: 1024 * 1024,
    read: (value) => ({ is: "header", value }),
  },
  checkpoint: {
    maxLength: 512 * 1024,
    members: "note,seq",
    read: ({ seq, note }) => (isSeq(seq) && isText(note) ? { is: "checkpoint", seq, note } : undefined),
  },
  policy: {
    maxLength: 32 * 1024 * 1024,
    members: "hash,text",
    read: ({ hash, text }) => (isHash(hash) && isText(text) ? { is: "policy", hash, text } : undefined),
  },
  leaves: {
    maxLength: 20 * 1024,
    members: "from,hashes",
    read: ({ from, hashes }) =>
      isSeq(from) && typeof hashes === "string" && /^(?:[\da-f]{64}){1,256}$/.test(hashes)
        ? { is: "leaves", from, hashes: bytesOf(hashes) }
        : undefined,
  },
  leaf: {
    maxLength: 100,
    read: (value: unknown) => (isHash(value) ? { is: "leaf", hash: bytesOf(value) } : undefined),
  },
  value: {
    maxLength: MAX_LINE,
    members: "commitment,kind,salt,seq,value",
    read: ({ seq, commitment, salt, kind, value }) =>
      isSeq(seq) &&
      isHash(commitment) &&
      isHash(salt) &&
      typeof kind === "string" &&
      (value === null || isText(value))
        ? { is: "value", row: { seq, commitment, salt: bytesOf(salt), kind, value } }
        : undefined,
  },
  end: {
    maxLength: 100,
    members: "sha256",
    read: ({ sha256 }) => (isHash(sha256) ? { is: "end", sha256 } : undefined),
  },
};

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}

/** Half a surrogate pair has no UTF-8. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !/\p{Cs}/u.test(value);
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
