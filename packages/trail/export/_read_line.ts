import type { Piece } from "./_piece.ts";

type Members = Record<string, unknown>;

/** What one line of an export is. A line that begins like no other is a record's, whatever it is. Total. */
export function readLine(line: string): Piece {
  const name = NAME.exec(line)?.[1] ?? "";
  const read = READERS[name];
  if (read === undefined) return { is: "record", json: line };
  const wrong: Piece = { is: "wrong", message: `A line "${name}" is not one` };
  try {
    const value = JSON.parse(line) as Members;
    if (Object.keys(value).length !== 1) return wrong;
    return read(value[name] as Members) ?? wrong;
  } catch {
    return wrong;
  }
}

const NAME = /^\{"(export|checkpoint|policy|leaves|leaf|value|end)":/;

const READERS: Readonly<Record<string, (value: Members) => Piece | undefined>> = {
  export: (value) => ({ is: "header", value }),
  checkpoint: ({ seq, note }) =>
    isSeq(seq) && typeof note === "string" ? { is: "checkpoint", seq, note } : undefined,
  policy: ({ hash, text }) =>
    isHash(hash) && typeof text === "string" ? { is: "policy", hash, text } : undefined,
  leaves: ({ from, hashes }) =>
    isSeq(from) && typeof hashes === "string" && /^(?:[\da-f]{64}){1,256}$/.test(hashes)
      ? { is: "leaves", from, hashes: bytesOf(hashes) }
      : undefined,
  leaf: (value: unknown) => (isHash(value) ? { is: "leaf", hash: bytesOf(value) } : undefined),
  value: ({ seq, commitment, salt, kind, value }) =>
    isSeq(seq) && isHash(commitment) && isHash(salt) && typeof kind === "string" && isText(value)
      ? { is: "value", row: { seq, commitment, salt: bytesOf(salt), kind, value } }
      : undefined,
  end: ({ sha256 }) => (isHash(sha256) ? { is: "end", sha256 } : undefined),
};

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[\da-f]{64}$/.test(value);
}

function isText(value: unknown): value is string | null {
  return typeof value === "string" || value === null;
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
