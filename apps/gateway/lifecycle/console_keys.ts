import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CONSOLE_VERIFIER_FILE, type GatewaySettings } from "@countersign/host";
import { parseVerifierKey, type VerifierKey } from "@countersign/trail";

/** The keys of consoles whose signed decisions count, as they are now. */
export type ConsoleKeys = () => Promise<readonly VerifierKey[]>;

/**
 * Those that are set, or else the one in the console's file: it is read each time, since the console may be started, or get
 * another key, after the gateway. While it cannot be read there is none.
 *
 * @throws {Error} that names `CONSOLE_VERIFIER_KEY` when what is set is no key
 */
export function openConsoleKeys({
  consoleVerifierKeys,
  consoleDataDir,
}: Pick<GatewaySettings, "consoleVerifierKeys" | "consoleDataDir">): ConsoleKeys {
  const named = consoleVerifierKeys.map(parseNamed);
  if (named.length > 0) return async () => named;
  const path = join(consoleDataDir, CONSOLE_VERIFIER_FILE);
  return async () => {
    try {
      return [parseVerifierKey((await readFile(path, "utf8")).trim())];
    } catch {
      return [];
    }
  };
}

function parseNamed(text: string): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (error) {
    throw new Error("Cannot use CONSOLE_VERIFIER_KEY: copy it from the console's console_verifier_key.txt", {
      cause: error,
    });
  }
}
