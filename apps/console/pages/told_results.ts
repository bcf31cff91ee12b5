import type { ConsoleWorld, SignedIn } from "../console_world.ts";
import type { Decided } from "../deciding/decide_email.ts";
import { hashOf, newSecret } from "../store/secret.ts";

/** They are told for so long, in milliseconds. */
const TOLD_MS = 10 * 60_000;

/** No secret is longer. */
const MAX_NAME = 100;

/** What became of a decision on an email. */
export interface ToldResult {
  readonly receipt: string;
  readonly decided: Decided;
  /** What the email is about, as it was known before. */
  readonly subject?: string;
}

type ToldWorld = Pick<ConsoleWorld, "store" | "clock">;

/**
 * Keeps what became of decisions until the page that a form leads to has told it, on whichever console: by a secret that only
 * the browser knows that sent the form, since an address that says "approved" could be sent by anybody.
 */
export async function keepTold(
  { sessionHash: session }: SignedIn,
  results: readonly ToldResult[],
  { store, clock }: ToldWorld,
): Promise<string> {
  const name = newSecret();
  const text = JSON.stringify(results);
  await store.addTold({ hash: hashOf(name), session, text, expiresAt: clock() + TOLD_MS });
  return name;
}

/** The results of that name, for that session only; none: they were forgotten, or are somebody else's. */
export async function toldTo(
  { sessionHash }: SignedIn,
  name: string | undefined,
  { store, clock }: ToldWorld,
): Promise<readonly ToldResult[]> {
  if (name === undefined || name.length > MAX_NAME) return [];
  const text = await store.toldBy(hashOf(name), sessionHash, clock());
  return text === undefined ? [] : JSON.parse(text);
}
