import { join } from "node:path";
import type { Settings } from "@countersign/host";
import { type ConsoleKey, openConsoleKey } from "./console_key.ts";
import type { ConsoleStore } from "./console_store.ts";

/** Name of the store's file in `CONSOLE_DATA_DIR`. */
const STORE_FILE = "console.sqlite";

/** Where the console keeps what is its own. */
export type ConsolePlace = Pick<Settings, "consoleDataDir" | "consoleDatabaseUrl">;

/** What the console keeps for itself, opened. */
export interface OpenedConsoleStore {
  readonly store: ConsoleStore;
  /** Opens the key with which decisions are signed, which is made if there is none. */
  openKey(): Promise<ConsoleKey>;
}

/**
 * Opens the console's store wherever the settings put it: a file in its folder, or a database that several consoles share.
 * Only the driver that it takes is loaded. The folder must exist.
 *
 * @throws {Error} when it cannot be opened
 */
export async function openConsoleStore({
  consoleDataDir,
  consoleDatabaseUrl,
}: ConsolePlace): Promise<OpenedConsoleStore> {
  if (consoleDatabaseUrl !== undefined) {
    const { openPostgresStore } = await import("./open_postgres_store.ts");
    const { store, agreeOnKey } = await openPostgresStore(consoleDatabaseUrl);
    return { store, openKey: () => openConsoleKey(consoleDataDir, agreeOnKey) };
  }
  const { openSqliteStore } = await import("./open_sqlite_store.ts");
  return {
    store: openSqliteStore(join(consoleDataDir, STORE_FILE)),
    openKey: () => openConsoleKey(consoleDataDir),
  };
}
