import { hostname } from "node:os";
import { join } from "node:path";
import type { Environment } from "@countersign/host";
import { openSigningKey, parseEnv } from "@countersign/host";
import { useProxies } from "@countersign/multimail";
import { Checkpointer, type SigningKeys, type TrailStore } from "@countersign/trail";
import { configuredWitnesses } from "../configured_witnesses.ts";

/** Settings that a checkpoint is made by. */
const NAMES = ["dataDir", "auditSigningKey", "auditOrigin", "auditCheckpointTo"] as const;

/**
 * What signs the trail, by the gateway's own settings.
 *
 * @param openKeys other keys than those of the settings
 * @throws {EnvError} when a setting cannot be used
 */
export function openCheckpointer(
  trail: TrailStore,
  { env, openKeys }: { readonly env: Environment; readonly openKeys?: () => Promise<SigningKeys> },
): Checkpointer {
  const settings = parseEnv(env, NAMES);
  useProxies(env);
  return new Checkpointer({
    trail,
    openKeys: openKeys ?? (() => openSigningKey(settings)),
    origin: settings.auditOrigin,
    defaultOrigin: `countersign/${hostname()}`,
    folder: join(settings.dataDir, "checkpoints"),
    destinations: settings.auditCheckpointTo,
    witnesses: configuredWitnesses(env),
    clock: Date.now,
  });
}
