import { EnvError, parseEnv } from "@countersign/host";
import { NoteError, parseWitness, type Witness } from "@countersign/trail";

/**
 * The witnesses in `AUDIT_WITNESSES`.
 *
 * @throws {EnvError} when they are none
 */
export function configuredWitnesses(env: Readonly<Record<string, string | undefined>>): readonly Witness[] {
  try {
    return parseEnv(env, ["auditWitnesses"]).auditWitnesses.map(parseWitness);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new EnvError([`AUDIT_WITNESSES must hold verifier keys of witnesses: ${error.message}`]);
  }
}
