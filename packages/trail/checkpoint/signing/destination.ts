import { postText } from "./_post_text.ts";
import { type SizedNote, writeCheckpoint } from "./write_checkpoint.ts";

/** Where checkpoints are put besides the trail and its own folder. */
export type Destination =
  /** A folder that is there already. */
  | { readonly kind: "file"; readonly path: string }
  /** Gets each note by POST. */
  | { readonly kind: "url"; readonly url: string };

/** A destination as it may be shown: without the query, in which there may be a token. */
export function destinationLabel(to: Destination): string {
  if (to.kind === "file") return `file:${to.path}`;
  const { origin, pathname } = new URL(to.url);
  return `${origin}${pathname}`;
}

/**
 * Puts a checkpoint where the operator wants it.
 *
 * @throws {Error} that says why it is not there
 */
export async function deliverCheckpoint(to: Destination, checkpoint: SizedNote): Promise<void> {
  if (to.kind === "file") {
    await writeCheckpoint(to.path, checkpoint);
    return;
  }
  const { status } = await postText(to.url, checkpoint.note);
  if (status < 200 || status > 299) throw new Error(`the answer was ${status}, want 200 to 299`);
}
