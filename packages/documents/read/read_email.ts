import PostalMime from "postal-mime";
import type { Reading } from "./reading.ts";

const OPTIONS = {
  maxNestingDepth: 20,
  maxHeadersSize: 1_000_000,
  attachmentEncoding: "arraybuffer",
} as const;

/** The files that an attached email has attached; `undefined` if it cannot be taken apart. */
export async function emailFiles(
  bytes: Uint8Array,
): Promise<readonly { readonly name: string; readonly content: Uint8Array }[] | undefined> {
  try {
    const { attachments } = await PostalMime.parse(bytes, OPTIONS);
    return attachments.map(({ filename, content }) => ({ name: filename ?? "", content: bytesOf(content) }));
  } catch {
    return undefined;
  }
}

function bytesOf(content: ArrayBuffer | Uint8Array | string): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}

/** Reads an email that is attached: its headers, its texts and its own attachments. */
export async function readEmail(bytes: Uint8Array, reading: Reading): Promise<void> {
  const email = await PostalMime.parse(bytes, OPTIONS);
  reading.add(email.headers.map(({ key, value }) => `${key}: ${value}`).join("\n"));
  for (const text of [email.subject, email.text, email.html]) reading.add(text ?? "");
  for (const { filename, mimeType, content } of email.attachments) {
    reading.add(filename ?? "");
    const file = { name: filename ?? "", bytes: bytesOf(content), contentType: mimeType };
    await reading.into(file);
  }
}
