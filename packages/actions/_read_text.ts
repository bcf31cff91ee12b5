const MAX_BYTES = 8 * 1024 * 1024;

/** Reads a body of at most 8 MiB as UTF-8. Throws a `RangeError` when it is larger. */
export async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new RangeError("Cannot read answer: it is larger than 8 MiB");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
