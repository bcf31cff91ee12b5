import { decodeTexts, isMostlyText, sniffType } from "@countersign/core/content";
import type { Commitment, IntentData } from "@countersign/trail";

/** A file that goes with an email that waits, as it is on record. */
export interface EmailFile {
  /** Undefined: it was erased. */
  readonly name: string | undefined;
  /** What it is said to be. */
  readonly declared: string;
  /** What its content is; undefined: nothing known. */
  readonly actual: string | undefined;
  /** Decoded. */
  readonly size: number;
  /** How it can be looked at without opening it in a program. */
  readonly view: "text" | "image" | "none";
  /** Undefined: it was erased. */
  readonly bytes: Buffer | undefined;
}

/** Images that every browser draws and that cannot act. */
const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** The files of an email, in its order. */
export function filesOf(
  { attachments }: Pick<IntentData, "attachments">,
  values: ReadonlyMap<Commitment, string>,
): readonly EmailFile[] {
  return attachments.map(({ name, content, content_type: declared, bytes: size }) => {
    const base64 = values.get(content);
    const bytes = base64 === undefined ? undefined : Buffer.from(base64, "base64");
    const actual = bytes && sniffType(bytes);
    return { name: values.get(name), declared, actual, size, view: viewOf(bytes, actual), bytes };
  });
}

function viewOf(bytes: Buffer | undefined, actual: string | undefined): EmailFile["view"] {
  if (bytes === undefined || bytes.length === 0) return "none";
  if (IMAGES.has(actual ?? "")) return "image";
  return isMostlyText(bytes) ? "text" : "none";
}

/** A file as an answer: text as text whatever it says, images that cannot act as such, everything else to be kept only. */
export function fileResponse({ name = "file", declared, actual, view, bytes }: EmailFile): Response {
  const body = view === "text" ? (decodeTexts(bytes ?? Buffer.alloc(0), declared)[0] ?? "") : bytes;
  const types = { text: "text/plain; charset=utf-8", image: actual ?? "", none: "application/octet-stream" };
  return inertResponse(body === undefined ? "" : new Uint8Array(Buffer.from(body)), {
    type: types[view],
    disposition: `${view === "none" ? "attachment" : "inline"}; filename*=UTF-8''${encodeName(name)}`,
  });
}

/** A file as an answer that is kept, and never shown by the browser. */
export function downloadResponse(file: EmailFile): Response {
  return fileResponse({ ...file, view: "none" });
}

/** Our own pages show it in frames that may do nothing. */
const INERT = "sandbox; default-src 'none'; frame-ancestors 'self'";

/** How an answer from outside is sent. */
export interface InertOptions {
  readonly type: string;
  readonly disposition: string;
  /** Content-Security-Policy. */
  readonly policy?: string;
}

/** An answer from outside that can do nothing in a browser: no script, no form, nothing fetched. */
export function inertResponse(
  body: string | Uint8Array<ArrayBuffer>,
  { type, disposition, policy = INERT }: InertOptions,
): Response {
  return new Response(body, {
    headers: {
      "Content-Type": type,
      "Content-Disposition": disposition,
      "Content-Security-Policy": policy,
      "X-Frame-Options": "SAMEORIGIN",
    },
  });
}

/** RFC 8187; what breaks lines or is half a character is left out. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed().replaceAll(/[\p{Cc}/\\]/gu, "_")).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
