import { EnvError, parseEnv } from "@countersign/host";
import { NoteError, parseVerifierKey, type Witness } from "@countersign/trail";

/**
 * The witnesses in `AUDIT_WITNESSES`.
 *
 * @throws {EnvError} when they are none
 */
export function configuredWitnesses(env: Readonly<Record<string, string | undefined>>): readonly Witness[] {
  return parseEnv(env, ["auditWitnesses"]).auditWitnesses.map(({ url, key }) => {
    try {
      return { url, key: parseVerifierKey(key) };
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      throw new EnvError([`AUDIT_WITNESSES must hold verifier keys: ${error.message}`]);
    }
  });
}
