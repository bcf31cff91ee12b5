import { type Environment, openSigningKey, parseEnv, rotateSigningKey } from "@countersign/host";
import { type SigningKeys, signingKeyHistory } from "@countersign/trail";
import { withWritableTrail } from "../with_trail.ts";
import { openCheckpointer } from "./open_checkpointer.ts";
import { type SignedRun, signedRun, signNow } from "./sign_now.ts";

/**
 * Exchanges the signing key: the old one vouches for the new one, and both sign a checkpoint. `previousKey` (`file:/path`)
 * is the operator's old key, when `AUDIT_SIGNING_KEY` is the new one; without it a key is made for the one in the data folder.
 *
 * @throws {Error} when there is nothing to exchange, or the trail may not be signed
 */
export function rotateKey(env: Environment, previousKey: string | undefined): Promise<SignedRun> {
  const settings = parseEnv(env, ["dataDir", "auditSigningKey"]);
  return withWritableTrail(async (trail) => {
    const openKeys =
      previousKey === undefined
        ? () => rotateSigningKey(settings)
        : () => withPrevious(settings, previousKey);
    const before = (await signingKeyHistory(trail)).length;
    if (previousKey === undefined && before === 0) await signNow(trail, env);
    const run = signedRun(await openCheckpointer(trail, { env, openKeys }).run());
    const history = await signingKeyHistory(trail);
    if (history.length === before && previousKey !== undefined)
      throw new Error("Cannot exchange the signing key: the trail has this one on record already");
    if (history.length === before) console.error("An exchange that was begun before is at its end");
    else if (history.at(-1)?.vouch === null)
      console.error(
        "The new key signs, and nobody vouches for it: the old one is not the one that signed before",
      );
    if (previousKey !== undefined)
      console.error(`The new key signs now: destroy the old one (${previousKey})`);
    return run;
  });
}

async function withPrevious(
  settings: { readonly dataDir: string; readonly auditSigningKey?: string },
  previousKey: string,
): Promise<SigningKeys> {
  if (settings.auditSigningKey === undefined)
    throw new Error("Cannot exchange the signing key: set AUDIT_SIGNING_KEY to the new one");
  if (!previousKey.startsWith("file:/"))
    throw new Error('Cannot read the previous key: want "file:/path", so that no key is in a command line');
  const { key } = await openSigningKey(settings);
  const { key: previous } = await openSigningKey({ ...settings, auditSigningKey: previousKey });
  return { key, previous };
}
