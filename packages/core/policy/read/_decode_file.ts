/** A policy larger than this was not written by people. */
export const MAX_FILE_BYTES: number = 1024 * 1024;

/** The file's text, or why it is none and where (as an offset into what could be read). */
export type DecodedFile =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly text: string; readonly offset: number };

/** Decodes strict UTF-8 without byte order mark. The text encodes back to exactly these bytes. */
export function decodeFile(bytes: Uint8Array): DecodedFile {
  if (bytes.length > MAX_FILE_BYTES) return refuse("File must not be larger than 1 MiB");
  const [first, second, third] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return refuse("File must be UTF-8, got UTF-16: save it as UTF-8");
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return refuse("File must not start with a byte order mark: save it as UTF-8 without BOM");
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return refuse("File must be UTF-8: this byte is not", text, text.indexOf("\ufffd"));
  }
}

function refuse(message: string, text = "", offset = 0): DecodedFile {
  return { ok: false, message, text, offset };
}
