import { postText } from "./_post_text.ts";
import type { Destination } from "./destination.ts";
import { type SizedNote, writeCheckpoint } from "./write_checkpoint.ts";

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
