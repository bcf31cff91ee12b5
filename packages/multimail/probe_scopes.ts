import type { MultiMailClient } from "./multimail_client.ts";
import { MultiMailError } from "./multimail_error.ts";

/** A scope that a key which sends must not have: `admin` changes mailboxes, `oversight` approves what it sent itself. */
export type DangerousScope = "admin" | "oversight";

/**
 * Which dangerous scopes a key turns out to have: it is tried where only those may read, and nothing can happen. MultiMail
 * lists scopes to admin keys only.
 *
 * @throws {MultiMailError} when MultiMail does not say
 */
export async function probeScopes(
  client: Pick<MultiMailClient, "listApiKeys" | "listPending">,
): Promise<ReadonlySet<DangerousScope>> {
  const [admin, oversight] = await Promise.all([
    isAllowed(() => client.listApiKeys()),
    isAllowed(() => client.listPending()),
  ]);
  return new Set([...(admin ? ["admin" as const] : []), ...(oversight ? ["oversight" as const] : [])]);
}

async function isAllowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    // An answer that cannot be understood is an answer all the same.
    if (error.status !== undefined && error.status < 300) return true;
    if (error.code === "forbidden" || error.code === "not_found") return false;
    throw error;
  }
}
