import { once } from "node:events";

/** Writes to standard output as fast as its reader reads. */
export async function writeOut(chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
  }
}
