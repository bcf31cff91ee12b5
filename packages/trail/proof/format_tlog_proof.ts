import type { TrailProof } from "./trail_proof.ts";

/**
 * A proof of one record as https://c2sp.org/tlog-proof; the record itself goes beside it.
 *
 * @throws {TypeError} when it is of several records, or no checkpoint covers it
 */
export function formatTlogProof({ records, checkpoint }: TrailProof): string {
  const [record] = records;
  if (record === undefined || records.length !== 1) throw new TypeError("Cannot write more than one record");
  if (checkpoint === null) throw new TypeError("Cannot write a proof that no checkpoint covers");
  const path = record.path.map((hash) => `${Buffer.from(hash, "hex").toString("base64")}\n`);
  return `c2sp.org/tlog-proof@v1\nindex ${record.index}\n${path.join("")}\n${checkpoint}`;
}
