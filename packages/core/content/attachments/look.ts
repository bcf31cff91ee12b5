import { Gunzip, Inflate } from "fflate";
import type { ZipEntry } from "./_list_zip.ts";

/** What makes a file unfit to be sent, besides being of a type that the policy does not name. */
export type Danger =
  /** A computer would run, install or mount it, or something that it holds. */
  | "executable"
  /** It, or something that it holds, needs a password. */
  | "encrypted"
  | "macros"
  /** It does something when it is opened: scripts, programs that it starts, documents that it fetches. */
  | "active"
  /** Not everything that it holds can be told. */
  | "unlisted"
  /** Something that it holds is not what its name says. */
  | "mismatch";

/** Unpacked bytes that are looked at in one attachment: many times what an email holds, and done in a second. */
const MAX_UNPACKED = 100_000_000;
/** Packed bytes that are read: a PDF may claim the same ones for many streams. */
const MAX_PACKED = 200_000_000;
/** Unpacked bytes of one entry. */
const MAX_ENTRY = 50_000_000;
/** Entries of an attachment's archives, all together. */
const MAX_ENTRIES = 10_000;
/** Archives in archives; a document in an archive counts as one. */
const MAX_DEPTH = 3;
/** Packed bytes that are handed over at a time: deflate makes at most 1,032 times as many of them. */
const STEP = 4_096;

/** One look into an attachment: what was found, and how much may still be unpacked. */
export class Look {
  readonly dangers: Set<Danger> = new Set();
  #bytesLeft = MAX_UNPACKED;
  #packedLeft = MAX_PACKED;
  #entriesLeft = MAX_ENTRIES;
  #depth = 0;

  /** Looks one level deeper; what lies too deep, or after too much else, is not listed. */
  into(look: () => void): void {
    if (this.#depth >= MAX_DEPTH || this.#entriesLeft <= 0) {
      this.dangers.add("unlisted");
      return;
    }
    this.#depth++;
    this.#entriesLeft--;
    look();
    this.#depth--;
  }

  /** Unpacks an entry of a ZIP; `undefined` if it is not what it says, or too much. */
  unzip({ method, packed, size }: ZipEntry): Uint8Array | undefined {
    if (method === 0) return packed.length === size ? packed : undefined;
    return method === 8 ? this.inflate(packed, size) : undefined;
  }

  /** Unpacks raw deflate data (RFC 1951) that must come to `size` bytes; `undefined` if it does not, or is too much. */
  inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
    if (size > MAX_ENTRY || size > this.#bytesLeft) return undefined;
    const bytes = this.#unpack(packed, size);
    return bytes?.length === size ? bytes : undefined;
  }

  /** Unpacks raw deflate data of unknown size; `undefined` if it is broken or too much. */
  inflateAll(packed: Uint8Array): Uint8Array | undefined {
    return this.#unpack(packed, Math.min(MAX_ENTRY, this.#bytesLeft));
  }

  /** Unpacks gzip (RFC 1952); `undefined` if it is broken, too much, or more than one file after each other. */
  gunzip(packed: Uint8Array): Uint8Array | undefined {
    let members = 1;
    const bytes = this.#unpack(packed, Math.min(MAX_ENTRY, this.#bytesLeft), (onData) => {
      const gunzip = new Gunzip(onData);
      gunzip.onmember = () => void members++;
      return gunzip;
    });
    return members === 1 ? bytes : undefined;
  }

  #unpack(
    packed: Uint8Array,
    most: number,
    open: (onData: (chunk: Uint8Array) => void) => Inflate | Gunzip = (onData) => new Inflate(onData),
  ): Uint8Array | undefined {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const inflate = open((chunk) => {
      length += chunk.length;
      if (length > most) throw new RangeError("Cannot unpack: there is more than stated");
      if (chunk.length > 0) chunks.push(chunk);
    });
    try {
      for (let at = 0; at < packed.length || at === 0; at += STEP) {
        this.#packedLeft -= STEP;
        if (this.#packedLeft < 0) return undefined;
        inflate.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
      }
    } catch {
      return undefined;
    } finally {
      this.#bytesLeft -= length;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }
}
