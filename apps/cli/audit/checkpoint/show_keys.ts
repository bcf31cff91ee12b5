import { hostname } from "node:os";
import { join } from "node:path";
import { openSigningKey, parseEnv } from "@countersign/host";
import { createNoteSigner, signingKeyHistory, trailOrigin } from "@countersign/trail";
import { withTrail } from "../with_trail.ts";

/** Prints the verifier key that signs from now on, and whether the trail has it on record. */
export async function showKeys({ json }: { readonly json: boolean }): Promise<void> {
  const settings = parseEnv(process.env, ["dataDir", "auditSigningKey", "auditOrigin"]);
  const shown = await withTrail(async (trail) => {
    const name = await trailOrigin(trail, {
      origin: settings.auditOrigin,
      folder: join(settings.dataDir, "checkpoints"),
      defaultOrigin: `countersign/${hostname()}`,
    });
    const { key } = createNoteSigner(name, (await openSigningKey(settings)).key);
    const history = await signingKeyHistory(trail);
    return { verifier: key.text, on_record: history.some(({ verifier }) => verifier === key.text) };
  });
  console.log(json ? JSON.stringify(shown) : shown.verifier);
  if (!shown.on_record) console.error("It has not signed this trail yet");
}
