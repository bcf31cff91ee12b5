/** For one whole exchange, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Of an answer's body, in bytes. */
const MAX_BYTES = 64 * 1024;

/** What a server answered. */
export interface TextAnswer {
  readonly status: number;
  /** Without parameters; "" when there is none. */
  readonly type: string;
  /** Empty when it is longer than 64 KiB. */
  readonly body: string;
}

/**
 * Posts a text, follows no redirect, and waits 10 seconds at most.
 *
 * @throws {Error} that says why there is no answer
 */
export async function postText(url: string, text: string): Promise<TextAnswer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "text/plain; charset=utf-8" },
      body: text,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
    return { status: response.status, type: type.trim(), body: await readBounded(response) };
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause });
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels the rest.
    if (bytes > MAX_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return code === undefined ? "the connection failed" : `the connection failed (${code})`;
}
