import { decodeBase64 } from "../checkpoint/decode_base64.ts";
import { parseCheckpoint } from "../checkpoint/mod.ts";
import { parseProof } from "./parse_proof.ts";
import type { TrailProof } from "./trail_proof.ts";

const FIRST_LINE = "c2sp.org/tlog-proof@v1\n";

/** A longer one is of no record. */
const MAX_LENGTH = 8 * 1024 * 1024;

/**
 * A proof of one record as https://c2sp.org/tlog-proof. Its extra data, which C2SP leaves to the application and which is
 * authenticated no more than a file beside it, is JSON: the record's line, and the keys that the trail names.
 *
 * @throws {TypeError} when it is of several records, or no checkpoint covers it
 */
export function formatTlogProof({ records, checkpoint, keys, vouches = [] }: TrailProof): string {
  const [proved] = records;
  if (proved === undefined || records.length !== 1) throw new TypeError("Cannot write more than one record");
  if (checkpoint === null) throw new TypeError("Cannot write a proof that no checkpoint covers");
  const { record, index, path } = proved;
  const extra = Buffer.from(JSON.stringify({ record, keys, vouches })).toString("base64");
  const hashes = path.map((hash) => `${Buffer.from(hash, "hex").toString("base64")}\n`);
  return `${FIRST_LINE}extra ${extra}\nindex ${index}\n${hashes.join("")}\n${checkpoint}`;
}

/** Whether a file that begins so is a proof in C2SP's form. */
export function isTlogProof(start: string): boolean {
  return start.startsWith(FIRST_LINE);
}

/**
 * Reads a proof in C2SP's form.
 *
 * @param record the record's line, for a proof that has none in its extra data
 * @throws {Error} when it is none, or it has no record
 */
export function parseTlogProof(text: string, record?: string): TrailProof {
  const [whole, base64 = "", index = "", path = "", checkpoint = ""] =
    text.length > MAX_LENGTH ? [] : (TLOG_PROOF.exec(text) ?? []);
  if (whole === undefined) throw new Error("Cannot read a proof: it is not written as c2sp.org/tlog-proof");
  const hashes = path.split("\n").slice(0, -1);
  const extra = readExtra(base64);
  const line = record?.replace(/\n$/, "") ?? extra?.record;
  if (line === undefined)
    throw new Error("Cannot verify a proof: its record is not in it, and has to be given with --record");
  const { size, root } = parseCheckpoint(checkpoint);
  // Checks the rest.
  return parseProof(
    JSON.stringify({
      ...{ format: "countersign-proof@v1", size, root: Buffer.from(root).toString("hex"), checkpoint },
      ...{ keys: extra?.keys ?? [], vouches: extra?.vouches ?? [] },
      records: [{ record: line, index: Number(index), path: hashes.map(hexOf) }],
    }),
  );
}

const TLOG_PROOF =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra ([A-Za-z\d+/=]*)\n)?index (0|[1-9]\d{0,14})\n((?:[A-Za-z\d+/]{43}=\n)*)\n(.+)$/s;

interface Extra extends Pick<TrailProof, "keys" | "vouches"> {
  readonly record: string;
}

/** Undefined: it is another application's. */
function readExtra(base64: string): Extra | undefined {
  const bytes = decodeBase64(base64) ?? Buffer.of();
  try {
    const text = Buffer.from(bytes).toString("utf8");
    const extra = JSON.parse(text) as Extra;
    return JSON.stringify(extra) === text && typeof extra.record === "string" ? extra : undefined;
  } catch {
    return undefined;
  }
}

function hexOf(base64: string): string {
  return Buffer.from(decodeBase64(base64) ?? []).toString("hex");
}
