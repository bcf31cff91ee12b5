import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/**
 * The text of a file, or of standard input when it is `-`, up to `maxBytes`.
 *
 * @throws {Error} that says why it cannot be read
 */
export async function readBounded(file: string, maxBytes: number): Promise<string> {
  const name = file === "-" ? "standard input" : `"${file}"`;
  try {
    const isRegular = file === "-" || (await stat(file)).isFile();
    if (!isRegular) throw new Error("it is not a regular file");
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      size += chunk.length;
      if (size > maxBytes) throw new Error(`it must not be larger than ${maxBytes / 1024 ** 2} MiB`);
      chunks.push(chunk);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new Error(`Cannot read ${name}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this user may not read it",
  ENOTDIR: "part of the path is a file",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8",
};
