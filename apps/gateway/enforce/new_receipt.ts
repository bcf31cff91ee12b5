import { randomFillSync } from "node:crypto";
import { ulid } from "ulid";

/** Of 16 random characters each receipt takes one byte a character: the system is asked once for 256 of them. */
const pool = new Uint8Array(4096);
let used = pool.length;

/** A receipt that nobody can guess, sortable by when it was made: `rcp_` and a ULID. */
export function newReceipt(): string {
  return `rcp_${ulid(undefined, random)}`;
}

/** From 0 up to 1. `ulid` takes one for each of its 32 letters, of which 256 is a multiple. */
function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  pool[used] = 0;
  used++;
  return byte / 256;
}
