/** How much of an answer is waited for. */
export interface FetchJsonOptions {
  /** What is posted as a form; absent: a GET. */
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the answer's body. @default 256 KiB */
  readonly maxBytes?: number;
  /** For all of it, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number;
}

/**
 * Asks for a JSON document, within bounds of time and size; redirects are not followed.
 *
 * @throws {Error} that says why there is none, without what was sent
 */
export async function fetchJson(
  url: string,
  { form, headers, maxBytes = 256 * 1024, timeoutMs = 5_000 }: FetchJsonOptions = {},
): Promise<unknown> {
  let bytes: Uint8Array | undefined;
  try {
    const response = await fetch(url, {
      ...(form !== undefined && { method: "POST", body: form }),
      headers: { accept: "application/json", "user-agent": "countersign", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`it answered ${response.status}`);
    }
    bytes = await readAtMost(response, maxBytes);
  } catch (error) {
    throw new Error(`Cannot fetch ${url}: ${reasonOf(error, timeoutMs)}`, { cause: error });
  }
  if (bytes === undefined) throw new Error(`Cannot fetch ${url}: its answer is over ${maxBytes} bytes`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Error(`Cannot fetch ${url}: its answer is no JSON`);
  }
}

/** Undefined: there is more. */
async function readAtMost({ body }: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message || cause.name;
}
