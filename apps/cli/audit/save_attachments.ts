import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IntentData, TrailStore } from "@countersign/trail";

/** A file that was written. */
export interface SavedAttachment {
  readonly path: string;
  readonly bytes: number;
}

/** Whose attachments are saved, and from where. */
export interface SaveAttachmentsOptions {
  readonly intents: readonly IntentData[];
  readonly trail: Pick<TrailStore, "unseal">;
}

/** What a file's name keeps of an attachment's; the number before it keeps names apart. */
const NOT_KEPT = /[^\p{L}\p{N} ._-]/gu;
const MAX_NAME = 100;

const SHA256_BYTES = 32;

/**
 * Writes attachments into a folder, readable by their owner alone; what was erased, or not kept, is passed over. A file that is there
 * is not written over.
 *
 * @throws {Error} of the file system
 */
export async function saveAttachments(
  folder: string,
  { intents, trail }: SaveAttachmentsOptions,
): Promise<readonly SavedAttachment[]> {
  const saved: SavedAttachment[] = [];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = intents.flatMap(({ attachments, effect }) =>
    attachments.map((file) => ({ ...file, effect })),
  );
  for (const [index, { name, content, bytes: size, effect }] of files.entries()) {
    const values = await trail.unseal([name, content]);
    const base64 = values.get(content);
    if (base64 === undefined) continue;
    const bytes = Buffer.from(base64, "base64");
    // Of a denied email's files only the SHA-256 is kept.
    if (effect === "deny" && (bytes.length !== size || size === SHA256_BYTES)) continue;
    const path = join(folder, `${index + 1}_${fileName(values.get(name) ?? "erased")}`);
    await writeFile(path, bytes, { flag: "wx", mode: 0o600 });
    saved.push({ path, bytes: bytes.length });
  }
  return saved;
}

/** Names come from outside: no folder, nothing hidden, nothing that a terminal would obey. */
function fileName(text: string): string {
  return [...text.replace(NOT_KEPT, "_")].slice(0, MAX_NAME).join("");
}
