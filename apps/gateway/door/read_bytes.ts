/** So long a request's body may take to arrive, in milliseconds: what its key is good for may change meanwhile. */
export const ARRIVE_MS = 30_000;

/** A request's bytes, or why they were not taken. */
export type ReadBytes = Uint8Array | "too_large" | "too_late";

/** Reads a request's body: never more than `max` bytes of it, and for `ARRIVE_MS` at the most. */
export async function readBytes(request: Request, max: number): Promise<ReadBytes> {
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > max) return "too_large";
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"too_late">((resolve) => {
    timer = setTimeout(() => resolve("too_late"), ARRIVE_MS);
  });
  try {
    // HTTP/1.1 ends a body where it was announced to end, and this is several times as fast.
    if (announced !== null) {
      return await Promise.race([request.arrayBuffer().then((buffer) => new Uint8Array(buffer)), late]);
    }
    return await readChunks(request, max, late);
  } finally {
    clearTimeout(timer);
  }
}

async function readChunks(request: Request, max: number, late: Promise<"too_late">): Promise<ReadBytes> {
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const read = await Promise.race([reader.read(), late]);
    if (read !== "too_late" && read.done) return Buffer.concat(chunks, size);
    size += read === "too_late" ? 0 : read.value.byteLength;
    if (read === "too_late" || size > max) {
      void reader.cancel().catch(() => undefined);
      return read === "too_late" ? read : "too_large";
    }
    chunks.push(read.value);
  }
}
