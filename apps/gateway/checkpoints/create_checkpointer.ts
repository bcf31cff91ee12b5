import { hostname } from "node:os";
import { join } from "node:path";
import { EnvError, type GatewaySettings, openSigningKey } from "@countersign/host";
import { Checkpointer, NoteError, parseWitness, type TrailStore, type Witness } from "@countersign/trail";

/**
 * What signs a gateway's trail, by its settings. The signing key is opened, and made if there is none, so that a key that
 * cannot be used stops the start.
 *
 * @throws {Error} that says what to do about a key or a witness that cannot be used
 */
export async function createCheckpointer(
  trail: TrailStore,
  settings: GatewaySettings,
): Promise<Checkpointer> {
  await openSigningKey(settings);
  return new Checkpointer({
    trail,
    openKeys: () => openSigningKey(settings),
    origin: settings.auditOrigin,
    defaultOrigin: `countersign/${hostname()}`,
    folder: join(settings.dataDir, "checkpoints"),
    destinations: settings.auditCheckpointTo,
    witnesses: witnessesOf(settings),
    clock: Date.now,
  });
}

function witnessesOf({ auditWitnesses }: GatewaySettings): readonly Witness[] {
  try {
    return auditWitnesses.map(parseWitness);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new EnvError([`AUDIT_WITNESSES must hold verifier keys of witnesses: ${error.message}`]);
  }
}
