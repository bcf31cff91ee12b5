/** So long a request's body may take to arrive, in milliseconds: what its key is good for may change meanwhile. */
export const ARRIVE_MS = 30_000;

/** A request's bytes, or why they were not taken. */
export type ReadBytes = Uint8Array | "too_large" | "too_late";

/** Bodies that are announced to be no larger are counted before they arrive, and read in one go. */
const SMALL_BYTES = 64 * 1024;

/** How much of a body is taken. */
export interface ReadBytesOptions {
  /** Never more bytes than this. */
  readonly max: number;
  /** Told of bytes as they arrive; throws when there is no room for them. */
  readonly take: (count: number) => void;
}

/** Reads a request's body: never more than `max` bytes of it, and for `ARRIVE_MS` at the most. */
export async function readBytes(request: Request, { max, take }: ReadBytesOptions): Promise<ReadBytes> {
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > max) return "too_large";
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"too_late">((resolve) => {
    timer = setTimeout(() => resolve("too_late"), ARRIVE_MS);
  });
  try {
    // HTTP/1.1 ends a body where it was announced to end, and this is several times as fast.
    if (announced !== null && Number(announced) <= SMALL_BYTES) {
      take(Number(announced));
      return await Promise.race([request.arrayBuffer().then((buffer) => new Uint8Array(buffer)), late]);
    }
    return await readChunks(request, { max, take }, late);
  } finally {
    clearTimeout(timer);
  }
}

async function readChunks(
  request: Request,
  { max, take }: ReadBytesOptions,
  late: Promise<"too_late">,
): Promise<ReadBytes> {
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let ended = false;
  try {
    for (let size = 0; ; ) {
      const read = await Promise.race([reader.read(), late]);
      if (read === "too_late") return read;
      ended = read.done;
      if (read.done) return Buffer.concat(chunks, size);
      size += read.value.byteLength;
      if (size > max) return "too_large";
      take(read.value.byteLength);
      chunks.push(read.value);
    }
  } finally {
    if (!ended) void reader.cancel().catch(() => undefined);
  }
}
