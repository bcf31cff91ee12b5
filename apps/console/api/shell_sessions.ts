import type { Context, MiddlewareHandler } from "hono";
import type { ConsoleWorld, PageEnv, SignedIn } from "../console_world.ts";
import { personOf } from "../sign_in/sessions.ts";
import type { Session } from "../store/console_store.ts";
import { hashOf, newSecret, tokenFor } from "../store/secret.ts";

/** Signs a person in at a shell: the secret by which it shows who asks. A browser's cookie is worth nothing there, nor this in a browser. */
export async function beginShellSession(session: Session, { store }: ConsoleWorld): Promise<string> {
  const secret = newSecret();
  await store.addSession(shellHash(secret), session);
  return secret;
}

/** Who asks from a shell; undefined: nobody who may. */
export async function signedInShell(c: Context, world: ConsoleWorld): Promise<SignedIn | undefined> {
  const [, secret] = /^Bearer ([\w-]{43})$/.exec(c.req.header("Authorization") ?? "") ?? [];
  if (secret === undefined) return undefined;
  return personOf({ sessionHash: shellHash(secret), formToken: tokenFor(secret, "form") }, world);
}

/** Lets only shells in that somebody signed in. */
export function requireShell(world: ConsoleWorld): MiddlewareHandler<PageEnv> {
  return async (c, next) => {
    const person = await signedInShell(c, world);
    if (person === undefined)
      return c.json({ error: "You are not signed in, or no more: run countersign console sign-in" }, 401);
    c.set("person", person);
    return next();
  };
}

function shellHash(secret: string): string {
  return hashOf(`shell ${secret}`);
}
